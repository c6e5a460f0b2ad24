// Counts: of whole numbers (bincount), and of elements between edges (histogram).
#pragma once

#include <vector>

#include "base/kernel.h"
#include "plait/ndarray.h"

namespace plait {

struct BincountParams {
  std::int64_t num_counts = 0;  // of the result; 0: as many as the largest number needs
  bool has_weights = false;
  static constexpr auto fields = std::tuple{&BincountParams::num_counts, &BincountParams::has_weights};
};

// One axis of a histogram. The edges have the type of the elements; even ones are float64.
struct HistogramAxis {
  Value edges;
  bool is_even = false;
  static constexpr auto fields = std::tuple{&HistogramAxis::edges, &HistogramAxis::is_even};
};
struct HistogramParams {
  std::vector<HistogramAxis> axes;
  bool has_weights = false;
  DType dtype = DType::int64;  // in which weights, which have it, are added up
  static constexpr auto fields =
      std::tuple{&HistogramParams::axes, &HistogramParams::has_weights, &HistogramParams::dtype};
};

// Inputs: a block of integers [, its weights in float64]. Throws Error(value) for a negative number.
inline constinit KernelId<BincountParams> bincount_kernel{"bincount"};
// Inputs: counts of blocks. Yields their sum; shorter ones have zeros at the end. Throws Error(value) if there are more
// than `num_counts`.
inline constinit KernelId<BincountParams> sum_counts_kernel{"sum_counts"};
// Inputs: a block an axis [, weights], of one size. Yields counts with an axis of extent one in front.
inline constinit KernelId<HistogramParams> histogram_kernel{"histogram"};
void register_counting_kernels();

}  // namespace plait
