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

inline constinit KernelId<ChunkParams> chunk_kernel{"chunk"};  // yields its parameter
inline constinit KernelId<TransposeParams> transpose_kernel{"transpose"};
inline constinit KernelId<BlockShapeParams> reshape_block_kernel{"reshape_block"};
inline constinit KernelId<BlockShapeParams> broadcast_block_kernel{"broadcast_block"};
// A slice of less than half of its block is copied, so that it does not keep the block in memory.
inline constinit KernelId<SliceViewParams> slice_kernel{"slice"};
void register_view_kernels();

}  // namespace plait
