// The largest or smallest elements along the last axis, by a tree of partial answers.
#pragma once

#include "base/kernel.h"
#include "plait/dtype.h"

namespace plait {

// The `k` largest; for a negative `k` the smallest. NaN is larger than everything.
//
// A partial answer is an array of at most |k| elements a line in no order, or, where positions are wanted, a Sequence
// of such an array and of their positions.
struct TopkParams {
  std::int64_t k = 1;
  bool wants_positions = false;
  bool is_leaf = true;              // the input is a block and not partial answers
  bool is_last = false;             // the result is wanted: in order, and positions alone
  std::int64_t first_position = 0;  // of the block along the axis
  static constexpr auto fields = std::tuple{&TopkParams::k, &TopkParams::wants_positions, &TopkParams::is_leaf,
                                            &TopkParams::is_last, &TopkParams::first_position};
};

inline constinit KernelId<TopkParams> topk_kernel{"topk"};
void register_topk_kernels();

}  // namespace plait
