#include "ml/row_tiles.h"

namespace plait::ml {

NdArray as_doubles(const NdArray& block) { return block.astype(DType::float64).contiguous(); }

void load_columns(const NdArray& block, std::int64_t first, std::int64_t count, double* to, std::int64_t stride) {
  const std::int64_t columns = num_columns(block);
  const double* from = block.data<double>() + first * columns;
  for (std::int64_t j = 0; j < columns; ++j) {
    double* column = to + j * stride;
    for (std::int64_t i = 0; i < count; ++i) column[i] = from[i * columns + j];
  }
}

}  // namespace plait::ml
