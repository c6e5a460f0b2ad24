// Reductions as functions. Array has NumPy's methods (sum, mean, argmax ...); here are all by name, those that leave
// NaN out, and what is made of them.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plait/array/array.h"

namespace plait {

// The reduction of that name: reduce("nansum", x, 0).
PLAIT_API Array reduce(const std::string& reduction, const Array& array, const ReducedAxes& axes = {},
                       const Reduction& how = {}, Location where = Location::current());
// The names of all of them.
PLAIT_API std::vector<std::string> reductions();

#define PLAIT_REDUCTION(function)                                                                    \
  inline Array function(const Array& array, const ReducedAxes& axes = {}, const Reduction& how = {}, \
                        Location where = Location::current()) {                                      \
    return reduce(#function, array, axes, how, where);                                               \
  }
PLAIT_REDUCTION(nansum)
PLAIT_REDUCTION(nanprod)
PLAIT_REDUCTION(nanmin)
PLAIT_REDUCTION(nanmax)
PLAIT_REDUCTION(nanmean)
PLAIT_REDUCTION(nanvar)
PLAIT_REDUCTION(nanstd)
PLAIT_REDUCTION(nanargmin)
PLAIT_REDUCTION(nanargmax)
#undef PLAIT_REDUCTION

// The number of elements that are not zero.
PLAIT_API Array count_nonzero(const Array& array, const ReducedAxes& axes = {}, Location where = Location::current());
// The maximum less the minimum.
PLAIT_API Array ptp(const Array& array, const ReducedAxes& axes = {}, Location where = Location::current());

// The weighted mean, and the sum of the weights. The weights have the array's shape, or one axis that goes with the one
// reduced axis; without them all elements count one.
PLAIT_API std::pair<Array, Array> weighted_average(const Array& array, const std::optional<Array>& weights = {},
                                                   const ReducedAxes& axes = {}, bool keepdims = false,
                                                   Location where = Location::current());
inline Array average(const Array& array, const std::optional<Array>& weights = {}, const ReducedAxes& axes = {},
                     bool keepdims = false, Location where = Location::current()) {
  return weighted_average(array, weights, axes, keepdims, where).first;
}

}  // namespace plait
