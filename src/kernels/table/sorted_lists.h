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

// The keys of the values that are there, in order; then nulls for those that are not (order_keys.h).
NamedColumn sorted_keys(const NamedColumn& column);
// The values of keys in a type of numbers or times.
std::shared_ptr<arrow::Array> values_of_keys(const std::vector<std::uint64_t>& keys,
                                             const std::shared_ptr<arrow::DataType>& type);

// Several columns of sorted_keys as one list.
class SortedLists {
 public:
  SortedLists(const std::vector<Table>& partials, const std::string& name);

  // Values that are there.
  std::int64_t size() const { return size_; }
  bool has_missing() const { return size_ < rows_; }
  // The key with that many keys before it.
  std::uint64_t at(std::int64_t rank) const;

 private:
  std::int64_t count_below(std::uint64_t bound) const;

  std::vector<std::shared_ptr<arrow::Array>> arrays_;
  std::vector<std::pair<const std::uint64_t*, const std::uint64_t*>> lists_;
  std::int64_t size_ = 0;
  std::int64_t rows_ = 0;
};

}  // namespace plait
