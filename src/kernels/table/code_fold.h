// CodeFold: rows of codes, one code a column, as dense ids 1, 2, 3, ... in order of first appearance. Id 0: a row with
// a code 0, which stands for no key, or in find() a row that is not known.
//
// The codes of a row are packed into one word of 64 bits, which a hash table takes to the id. Columns whose codes do
// not fit are packed with the id of those before them into a word of a next stage. A column gets a few bits more than
// its codes need; when they outgrow them, all rows are packed anew. One thread adds; many may find.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/table/dense_map.h"

namespace plait {

class CodeFold {
 public:
  using Codes = std::span<const std::uint32_t* const>;  // of each column, those of `count` rows

  explicit CodeFold(std::size_t num_columns) : num_codes_(num_columns, 0) {}

  // Codes of column c are at most num_codes[c].
  void add(Codes codes, std::span<const std::uint32_t> num_codes, std::int64_t count, std::uint32_t* ids);
  void find(Codes codes, std::int64_t count, std::uint32_t* ids) const;

  std::uint32_t size() const { return stages_.empty() ? 0 : stages_.back().ids.size(); }
  // The codes of one column, by id - 1.
  PooledVector<std::uint32_t> codes_of_column(std::size_t column) const;

 private:
  // The bits of a word that hold a column's code.
  struct Field {
    std::size_t column;
    int shift;
    int bits;
  };
  // Words hold the stage before's id, if there is one, in their lowest 32 bits; then the fields.
  struct Stage {
    std::vector<Field> fields;
    DenseMap ids;
  };

  bool has_room_for(std::span<const std::uint32_t> num_codes) const;
  // Stages with room for more codes than there are, holding the rows of the old ones.
  void lay_out(std::span<const std::uint32_t> num_codes);
  void add_rows(Codes codes, std::int64_t count, std::uint32_t* ids);
  template <class IdOf>
  static void fold(const Stage& stage, bool is_first, Codes codes, std::int64_t start, std::int64_t count,
                   std::uint32_t* ids, const IdOf& id_of);

  std::vector<std::uint32_t> num_codes_;  // that the fields have room for
  std::vector<Stage> stages_;
};

}  // namespace plait
