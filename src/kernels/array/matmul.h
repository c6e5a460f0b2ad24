// Products of matrices: one block of a result from rows of blocks of both operands.
#pragma once

#include "base/kernel.h"
#include "plait/ndarray.h"

namespace plait {

// Inputs are a0, b0, a1, b1, ...: the result is the sum of ai @ bi over their last two axes; axes before them
// broadcast.
struct MatmulParams {
  DType dtype = DType::float64;  // of the result; operands are converted to it
  // How many threads one product may use: more than one where the whole result is a single block.
  std::int32_t num_threads = 1;
  bool adds_axis = false;  // of extent one, in front of the result
  static constexpr auto fields = std::tuple{&MatmulParams::dtype, &MatmulParams::num_threads, &MatmulParams::adds_axis};
};

// The kernel "matmul". float32, float64 and complex ones run in BLAS, in pieces short enough to be cancelled between
// them.
Value matmul_blocks(Inputs inputs, const MatmulParams& params, const TaskContext& context);
inline constinit KernelId<MatmulParams> matmul_kernel{"matmul"};

// The type of a @ b: the promoted one.
inline DType matmul_dtype(DType a, DType b) { return promote(a, b); }

}  // namespace plait
