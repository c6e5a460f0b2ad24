#include "ml/row_tiles.h"

#include <algorithm>

namespace plait::ml {

NdArray as_doubles(const NdArray& block) { return block.astype(DType::float64).contiguous(); }

namespace {

// What stands at (row, column) goes to `to[row * by_row + column * by_column]`.
template <class T>
void load(const T* from, std::int64_t count, std::int64_t columns, double* to, std::int64_t by_row,
          std::int64_t by_column) {
  for (std::int64_t j = 0; j < columns; ++j) {
    double* column = to + j * by_column;
    for (std::int64_t i = 0; i < count; ++i) column[i * by_row] = static_cast<double>(from[i * columns + j]);
  }
}

}  // namespace

void load_columns(const NdArray& block, std::int64_t first, std::int64_t count, double* to, std::int64_t stride) {
  const std::int64_t columns = num_columns(block);
  if (block.dtype() == DType::float32)
    load(block.data<float>() + first * columns, count, columns, to, 1, stride);
  else
    load(block.data<double>() + first * columns, count, columns, to, 1, stride);
}

void load_rows(const NdArray& block, std::int64_t first, std::int64_t count, double* to, std::int64_t stride) {
  const std::int64_t columns = num_columns(block);
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t at = (first + i) * columns;
    if (block.dtype() == DType::float32)
      std::copy_n(block.data<float>() + at, columns, to + i * stride);
    else
      std::copy_n(block.data<double>() + at, columns, to + i * stride);
  }
}

}  // namespace plait::ml
