// KeyTable: rows of one or more key columns as dense group ids 1, 2, 3, ... in order of first appearance. Id 0: a row
// without a group (a missing key that is not kept; in find(), a key that is not known). Grows batch by batch.
//
// Each column becomes codes (key_column.h), and rows of codes become ids (code_fold.h), so that keys of any types are
// compared exactly. One thread adds; many may find. A cancelled task ends on the way.
#pragma once

#include <arrow/type_fwd.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "kernels/table/code_fold.h"
#include "kernels/table/key_column.h"

namespace plait {

class KeyTable {
 public:
  KeyTable(const std::vector<std::shared_ptr<arrow::DataType>>& types, bool keep_missing);

  // So many rows are to come, most of them with keys of their own.
  void expect(std::int64_t num_rows);
  // All columns have `count` rows and the types given at the start.
  void add(const std::vector<std::shared_ptr<arrow::Array>>& columns, std::int64_t count, std::uint32_t* ids);
  void find(const std::vector<std::shared_ptr<arrow::Array>>& columns, std::int64_t count, std::uint32_t* ids) const;
  std::uint32_t num_groups() const;
  // The key columns of the groups: row g - 1 belongs to group g.
  std::vector<std::shared_ptr<arrow::Array>> keys() const;

 private:
  using Columns = std::vector<std::shared_ptr<arrow::Array>>;
  bool is_folded() const { return columns_.size() > 1; }
  void add_block(const Columns& columns, std::int64_t count, std::uint32_t* ids);
  void find_block(const Columns& columns, std::int64_t count, std::uint32_t* ids) const;

  std::vector<std::unique_ptr<KeyColumn>> columns_;
  // A single column whose codes are not dense: code -> id, and back.
  bool is_remapped_ = false;
  PooledVector<std::uint32_t> id_of_code_;
  PooledVector<std::uint32_t> code_of_id_;
  CodeFold fold_;  // of several columns
};

}  // namespace plait
