// Kernels that show a block differently without touching its elements: they yield a view where nothing need be written,
// and write to the prepared place in the final result where there is one.
#pragma once

#include "base/kernel.h"
#include "kernels/array/span.h"

namespace plait {

struct ChunkParams {
  Value memory;
  static constexpr auto fields = std::tuple{&ChunkParams::memory};
};
struct TransposeParams {
  std::vector<int> axes;
  static constexpr auto fields = std::tuple{&TransposeParams::axes};
};
struct BlockShapeParams {
  Shape shape;
  // Where an extent of the shape is unknown: the axis of the block that has it.
  std::vector<int> axes;
  static constexpr auto fields = std::tuple{&BlockShapeParams::shape, &BlockShapeParams::axes};
};
struct SliceViewParams {
  Spans spans;
  static constexpr auto fields = std::tuple{&SliceViewParams::spans};
};

const Kernel* chunk_kernel();  // yields its parameter
const Kernel* transpose_kernel();
const Kernel* reshape_block_kernel();
const Kernel* broadcast_block_kernel();
// A slice of less than half of its block is copied, so that it does not keep the block in memory.
const Kernel* slice_kernel();
void register_view_kernels();

}  // namespace plait
