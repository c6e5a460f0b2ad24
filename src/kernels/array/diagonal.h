// Diagonals of blocks, and blocks with a diagonal.
#pragma once

#include "base/kernel.h"
#include "plait/ndarray.h"

namespace plait {

// Elements (row, column), (row + 1, column + 1), ... of the last two axes, `count` of them.
struct DiagonalParams {
  std::int64_t row = 0;
  std::int64_t column = 0;
  std::int64_t count = 0;
  static constexpr auto fields = std::tuple{&DiagonalParams::row, &DiagonalParams::column, &DiagonalParams::count};
};
struct DiagonalBlockParams {
  DType dtype = DType::float64;
  Shape shape;
  static constexpr auto fields = std::tuple{&DiagonalBlockParams::dtype, &DiagonalBlockParams::shape};
};

// Input: a block. Yields the diagonal along the last axis, the others in front.
inline constinit KernelId<DiagonalParams> diagonal_kernel{"diagonal"};
// Input: nothing, or the elements of the main diagonal. Yields a block of zeros else.
inline constinit KernelId<DiagonalBlockParams> diagonal_block_kernel{"diagonal_block"};
void register_diagonal_kernels();

}  // namespace plait
