// Rows of which most numbers are zero, as scipy's CSR matrices have them: a block of an array, for those kernels of
// this module that say so.
#pragma once

#include <cstdint>
#include <span>

#include "base/value.h"
#include "plait/ndarray.h"

namespace plait::ml {

class SparseRows {
 public:
  // starts (int64): where each row begins among the numbers, and the end; columns (int32); numbers (float64).
  // Throws Error(value) where they are no such rows.
  SparseRows(NdArray starts, NdArray columns, NdArray numbers, std::int64_t num_columns);

  std::int64_t num_rows() const { return starts_.size() - 1; }
  std::int64_t num_columns() const { return num_columns_; }
  const NdArray& starts() const { return starts_; }
  const NdArray& columns() const { return columns_; }
  const NdArray& numbers() const { return numbers_; }

  struct Row {
    std::span<const std::int32_t> columns;
    std::span<const double> numbers;
    double dot(const double* with) const {
      double sum = 0;
      for (std::size_t i = 0; i < columns.size(); ++i) sum += numbers[i] * with[columns[i]];
      return sum;
    }
    void add_to(double* to, double times) const {
      for (std::size_t i = 0; i < columns.size(); ++i) to[columns[i]] += numbers[i] * times;
    }
  };
  Row row(std::int64_t number) const {
    const std::int64_t* start = starts_.data<std::int64_t>() + number;
    const auto size = static_cast<std::size_t>(start[1] - start[0]);
    return {{columns_.data<std::int32_t>() + start[0], size}, {numbers_.data<double>() + start[0], size}};
  }

 private:
  NdArray starts_, columns_, numbers_;
  std::int64_t num_columns_;
};

// The number of rows of a block, sparse or an array.
std::int64_t rows_of_block(const Value& block);

}  // namespace plait::ml

namespace plait {
template <>
const ValueType& value_type<ml::SparseRows>();
}  // namespace plait
