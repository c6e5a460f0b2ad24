// The values of a column in order, partition by partition, and the value of any rank among all of them: what medians
// and quantiles are made of. The lists are never put together.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "kernels/table/arrow_table.h"

namespace plait {

// Of every column, the keys of the values that are there, in order; then nulls for those that are not (order_keys.h).
// The names of the result say the columns' types: what is integer in one partition may be float in another.
Table sorted_keys(const Table& table);
// The values of keys in a type of numbers or times.
std::shared_ptr<arrow::Array> values_of_keys(const std::vector<std::uint64_t>& keys,
                                             const std::shared_ptr<arrow::DataType>& type);

// A column of several tables of sorted_keys as one list.
class SortedLists {
 public:
  SortedLists(const std::vector<Table>& partials, std::size_t column);

  // That holds the values of all.
  const std::shared_ptr<arrow::DataType>& type() const { return type_; }

  // Values that are there.
  std::int64_t size() const { return size_; }
  bool has_missing() const { return size_ < rows_; }
  // The key with that many keys before it.
  std::uint64_t at(std::int64_t rank) const;

 private:
  std::int64_t count_below(std::uint64_t bound) const;

  std::shared_ptr<arrow::DataType> type_;
  std::vector<std::shared_ptr<arrow::Array>> arrays_;
  std::vector<std::pair<const std::uint64_t*, const std::uint64_t*>> lists_;
  std::int64_t size_ = 0;
  std::int64_t rows_ = 0;
};

}  // namespace plait
