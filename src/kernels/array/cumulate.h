// Running sums and products along an axis, for arrays of several blocks: what a block adds up to, what comes before
// each block, and the block's own running totals, which begin with that.
#pragma once

#include "base/kernel.h"
#include "plait/dtype.h"

namespace plait {

enum class CumulateOp : std::uint8_t { sum, prod };

// Elements have the type in which they are added up.
struct CumulateParams {
  CumulateOp op = CumulateOp::sum;
  int axis = 0;
  // Of "cumulate" and "cumulate_offsets": whether the last input holds what comes before, and at which position.
  bool has_offset = false;
  std::int64_t offset_position = 0;
  static constexpr auto fields = std::tuple{&CumulateParams::op, &CumulateParams::axis, &CumulateParams::has_offset,
                                            &CumulateParams::offset_position};
};

// Inputs: a block [, offsets]. Yields its running totals.
inline constinit KernelId<CumulateParams> cumulate_kernel{"cumulate"};
// Inputs: blocks that follow each other along the axis. Yields their total, of extent one.
inline constinit KernelId<CumulateParams> cumulate_total_kernel{"cumulate_total"};
// Inputs: totals of blocks that follow each other [, offsets]. Yields what comes before each of them.
inline constinit KernelId<CumulateParams> cumulate_offsets_kernel{"cumulate_offsets"};
void register_cumulate_kernels();

}  // namespace plait
