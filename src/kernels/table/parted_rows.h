// Columns in the order of the parts that their rows go to: what splitting a table copies. Include only in .cpp files.
//
// Each column is read once from its beginning to its end and written to one place for each part, as its chunks come.
// The places stay in the near caches. Taking rows by their numbers would need the numbers, and would read every cache
// line of the column again for most parts.
#pragma once

#include <arrow/type_fwd.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "base/buffer.h"

namespace plait {

class PartedRows {
 public:
  // Parts are 0 to n - 1.
  PartedRows(const PooledVector<std::uint32_t>& part_of_row, std::int64_t n);

  // Part p has the places starts()[p] to starts()[p + 1]; its rows keep their order.
  const std::vector<std::int64_t>& starts() const { return starts_; }
  std::shared_ptr<arrow::Array> ordered(const std::shared_ptr<arrow::ChunkedArray>& column) const;

 private:
  template <class T>
  std::shared_ptr<arrow::Array> ordered_items(const arrow::ChunkedArray& column) const;
  template <class Offset>
  std::shared_ptr<arrow::Array> ordered_texts(const arrow::ChunkedArray& column) const;
  // Of columns of any type.
  std::shared_ptr<arrow::Array> taken(const std::shared_ptr<arrow::ChunkedArray>& column) const;
  // f(text, bytes of it, place) for every row; a missing text has none.
  template <class Offset, class F>
  void for_each_text(const arrow::ChunkedArray& column, const F& f) const;
  std::shared_ptr<arrow::Buffer> validity(const arrow::ChunkedArray& column) const;

  const PooledVector<std::uint32_t>& part_of_row_;
  std::vector<std::int64_t> starts_;
};

}  // namespace plait
