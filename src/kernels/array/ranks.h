// Elements of given ranks along the last axis, found digit by digit: an element's bits are put in an order that is its
// own, and counting how often each leading digit stands tells with which one the wanted element begins. So lines that
// are larger than memory have exact medians: every step looks at one block, and what goes from step to step are counts.
//
//   count_digits: block [, ranks so far] -> counts of the next digit, and of what is no number, one row a rank
//   narrow_ranks: the counts of all blocks [, ranks so far] -> ranks so far
//   read_ranks: ranks so far, all digits known -> quantiles
//
// Ranks so far are an int64 array: for each line and wanted rank the digits found, the rank among the elements that
// begin so, and how many numbers and how many elements the line has.
#pragma once

#include "base/kernel.h"
#include "kernels/array/quantile.h"

namespace plait {

inline constexpr std::int64_t kRankFields = 4;

// How many bits of an element are found in one step.
struct Digits {
  DType dtype = DType::float64;
  int bits = 16;

  int width() const { return static_cast<int>(item_size(dtype)) * 8; }
  int num_levels() const { return (width() + bits - 1) / bits; }
  std::int64_t num_values() const { return std::int64_t{1} << bits; }
  static constexpr auto fields = std::tuple{&Digits::dtype, &Digits::bits};
};
// Few ranks are found in few steps, many in little memory.
Digits digits_for(DType dtype, std::size_t num_ranks);

struct CountDigitsParams {
  Digits digits;
  int level = 0;  // counted from the leading digit
  static constexpr auto fields = std::tuple{&CountDigitsParams::digits, &CountDigitsParams::level};
};
struct RanksParams {
  Digits digits;
  LineQuantileParams quantile;
  static constexpr auto fields = std::tuple{&RanksParams::digits, &RanksParams::quantile};
};

inline constinit KernelId<CountDigitsParams> count_digits_kernel{"count_digits"};
inline constinit KernelId<RanksParams> narrow_ranks_kernel{"narrow_ranks"};
inline constinit KernelId<RanksParams> read_ranks_kernel{"read_ranks"};
void register_rank_kernels();

}  // namespace plait
