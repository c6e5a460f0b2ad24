#include "kernels/array/array_kernels.h"

#include "base/kernel.h"
#include "kernels/array/combine.h"
#include "kernels/array/matmul.h"
#include "kernels/array/sequence_part.h"
#include "kernels/array/tile_program.h"

namespace plait {

void register_array_kernels() {
  define(tiles_kernel, "Runs a fused region of array operations over one chunk.", run_tiles);
  define(combine_kernel, "Makes one partial result of a reduction from several.", combine_partials);
  define(matmul_kernel, "Adds up products of blocks of two matrices.", matmul_blocks);
  define(sequence_part_kernel, "One of several results.",
         [](Inputs inputs, const SequencePartParams& params, const TaskContext&) {
           return inputs[0].as<Sequence>().items.at(static_cast<std::size_t>(params.part));
         });
}

}  // namespace plait
