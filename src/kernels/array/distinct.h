// The distinct elements of blocks in order, with where they stand first and how often; partial answers become one.
#pragma once

#include "base/kernel.h"
#include "plait/ndarray.h"

namespace plait {

// A partial answer is a Sequence: the values, then the positions and the counts as far as they are wanted.
struct DistinctParams {
  bool wants_positions = false;
  bool wants_counts = false;
  std::int64_t first_position = 0;  // of the block in the array
  static constexpr auto fields =
      std::tuple{&DistinctParams::wants_positions, &DistinctParams::wants_counts, &DistinctParams::first_position};
};

// Input: a block. Yields a partial answer, a Sequence. NaN is one value.
inline constinit KernelId<DistinctParams> distinct_kernel{"distinct"};
// Inputs: partial answers, in the order of their blocks. Yields one.
inline constinit KernelId<DistinctParams> merge_distinct_kernel{"merge_distinct"};
void register_distinct_kernels();

}  // namespace plait
