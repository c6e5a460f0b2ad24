// What needs elements in order: running totals, the largest elements, medians and quantiles.
//
//   auto top = plait::topk(x, 10);                       the ten largest along the last axis
//   auto typical = plait::median(x, 0);
//   auto [low, high] = plait::compute(plait::quantile(x, 0.05, 0), plait::quantile(x, 0.95, 0));
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plait/array/array.h"

namespace plait {

// How running totals are made. The methods are two shapes of one tree over the blocks' totals, "blelloch" with more
// tasks and a shorter way to the last block.
struct Accumulation {
  std::optional<DType> dtype = {};  // in which to add up, and of the result
  std::string method = "sequential";
};

// Running sums and products along an axis; of the flattened array without one. In those that begin with nan, NaN counts
// as nothing.
PLAIT_API Array cumsum(const Array& array, std::optional<int> axis = {}, const Accumulation& how = {},
                       Location where = Location::current());
PLAIT_API Array cumprod(const Array& array, std::optional<int> axis = {}, const Accumulation& how = {},
                        Location where = Location::current());
PLAIT_API Array nancumsum(const Array& array, std::optional<int> axis = {}, const Accumulation& how = {},
                          Location where = Location::current());
PLAIT_API Array nancumprod(const Array& array, std::optional<int> axis = {}, const Accumulation& how = {},
                           Location where = Location::current());

// The k largest elements along an axis, the largest first; for a negative k the smallest, the smallest first. NaN
// counts as the largest. `split_every`: blocks combined in one task.
PLAIT_API Array topk(const Array& array, std::int64_t k, int axis = -1, std::optional<std::int64_t> split_every = {},
                     Location where = Location::current());
// The positions of what topk gives; of equal elements, the first comes first.
PLAIT_API Array argtopk(const Array& array, std::int64_t k, int axis = -1, std::optional<std::int64_t> split_every = {},
                        Location where = Location::current());

// Exact medians along axes, by default all. Lines that are larger than a part of the memory budget are looked through
// in several passes, block by block.
PLAIT_API Array median(const Array& array, const ReducedAxes& axes = {}, bool keepdims = false,
                       Location where = Location::current());
PLAIT_API Array nanmedian(const Array& array, const ReducedAxes& axes = {}, bool keepdims = false,
                          Location where = Location::current());

// NumPy's methods: "linear", "lower", "higher", "nearest", "midpoint", "inverted_cdf", "hazen", "weibull", ...
struct Interpolation {
  std::string method = "linear";
  bool keepdims = false;
  // The type that q counts as, where it is no plain number or list of them. Of integers (0 and 1, the ends) the result
  // is elements of the array.
  std::optional<DType> q_dtype = {};
};
// Exact quantiles, between 0 and 1, or percentiles, between 0 and 100. Several of them come along a new first axis, in
// float64 where they are interpolated; a single one keeps the type of floating arrays.
PLAIT_API Array quantile(const Array& array, double q, const ReducedAxes& axes, const Interpolation& how = {},
                         Location where = Location::current());
PLAIT_API Array quantile(const Array& array, const std::vector<double>& q, const ReducedAxes& axes,
                         const Interpolation& how = {}, Location where = Location::current());
PLAIT_API Array nanquantile(const Array& array, double q, const ReducedAxes& axes, const Interpolation& how = {},
                            Location where = Location::current());
PLAIT_API Array nanquantile(const Array& array, const std::vector<double>& q, const ReducedAxes& axes,
                            const Interpolation& how = {}, Location where = Location::current());
// Of all elements.
PLAIT_API Array percentile(const Array& array, double q, const Interpolation& how = {},
                           Location where = Location::current());
PLAIT_API Array percentile(const Array& array, const std::vector<double>& q, const Interpolation& how = {},
                           Location where = Location::current());

}  // namespace plait
