#include "ml/row_tiles.h"

#include <algorithm>

#include "ml/row_loops.h"

namespace plait::ml {

NdArray as_doubles(const NdArray& block) { return block.astype(DType::float64).contiguous(); }

std::span<const std::byte> bytes_of_rows(const NdArray& block, std::int64_t first, std::int64_t count) {
  const std::int64_t row = num_columns(block) * static_cast<std::int64_t>(item_size(block.dtype()));
  return {block.bytes() + first * row, static_cast<std::size_t>(count * row)};
}

void load_columns(const NdArray& block, std::int64_t first, std::int64_t count, double* to, std::int64_t stride) {
  const std::int64_t columns = num_columns(block);
  if (block.dtype() != DType::float32)
    return row_loops().turn(to, stride, block.data<double>() + first * columns, count, columns);
  const float* from = block.data<float>() + first * columns;
  for (std::int64_t j = 0; j < columns; ++j)
    for (std::int64_t i = 0; i < count; ++i) to[j * stride + i] = from[i * columns + j];
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

void load_rows(const NdArray& block, std::int64_t first, std::int64_t count, double* to, std::int64_t stride,
               const double* centre) {
  const std::int64_t columns = num_columns(block);
  if (block.dtype() != DType::float32)
    return row_loops().subtract(to, stride, block.data<double>() + first * columns, columns, count, columns, centre);
  load_rows(block, first, count, to, stride);
  row_loops().subtract(to, stride, to, stride, count, columns, centre);
}

}  // namespace plait::ml
