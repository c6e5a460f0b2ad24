#include "kernels/array/array_kernels.h"

#include "base/kernel.h"
#include "kernels/array/combine.h"
#include "kernels/array/matmul.h"
#include "kernels/array/tile_program.h"

namespace plait {

void register_array_kernels() {
  register_kernel(
      make_kernel<TileParams>("tiles", "Runs a fused region of array operations over one chunk.", run_tiles));
  register_kernel(make_kernel<CombineParams>(
      "combine_partials", "Makes one partial result of a reduction from several.", combine_partials));
  register_kernel(make_kernel<MatmulParams>("matmul", "Adds up products of blocks of two matrices.", matmul_blocks));
}

}  // namespace plait
