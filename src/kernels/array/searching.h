// Looking elements up in a sorted block: where they belong, and whether they stand there.
#pragma once

#include "base/kernel.h"
#include "plait/ndarray.h"

namespace plait {

struct SearchParams {
  bool after_equal = false;  // behind equal elements (side="right") instead of before them
  bool adds_axis = false;    // of extent one, in front of the result
  static constexpr auto fields = std::tuple{&SearchParams::after_equal, &SearchParams::adds_axis};
};

// Inputs: a block in order and a block of any shape, of one type. Yields the number of elements of the first that come
// before each of the second (int64).
inline constinit KernelId<SearchParams> search_sorted_kernel{"search_sorted"};
// The same inputs, the first distinct too. Yields whether each element of the second stands in the first; NaN never
// does.
inline constinit KernelId<SearchParams> is_in_kernel{"is_in"};
void register_searching_kernels();

}  // namespace plait
