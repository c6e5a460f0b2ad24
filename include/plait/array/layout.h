// Functions that give elements other places, repeat them or join arrays. What NumPy has as methods, Array has too
// (transpose, reshape, squeeze ...).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "plait/array/array.h"

namespace plait {

// One after the other along an axis that they have; along a new axis.
PLAIT_API Array concatenate(const std::vector<Array>& arrays, int axis = 0, Location where = Location::current());
PLAIT_API Array stack(const std::vector<Array>& arrays, int axis = 0, Location where = Location::current());
// Along axis 1 (0 where they have one axis), 0 and 2; axes that are missing are added first.
PLAIT_API Array hstack(const std::vector<Array>& arrays, Location where = Location::current());
PLAIT_API Array vstack(const std::vector<Array>& arrays, Location where = Location::current());
PLAIT_API Array dstack(const std::vector<Array>& arrays, Location where = Location::current());

PLAIT_API Array atleast_1d(const Array& array, Location where = Location::current());
// New axes in front.
PLAIT_API Array atleast_2d(const Array& array, Location where = Location::current());
// Where NumPy puts them: (n) becomes (1, n, 1), (m, n) becomes (m, n, 1).
PLAIT_API Array atleast_3d(const Array& array, Location where = Location::current());
// All stretched to one shape.
PLAIT_API std::vector<Array> broadcast_arrays(const std::vector<Array>& arrays, Location where = Location::current());

// Axes `from` come to stand at `to`, the others in their order.
PLAIT_API Array moveaxis(const Array& array, const std::vector<int>& from, const std::vector<int>& to,
                         Location where = Location::current());
// `axis` comes to stand before the axis that is at `start` now.
PLAIT_API Array rollaxis(const Array& array, int axis, int start = 0, Location where = Location::current());

// The elements in reversed order along the axes.
PLAIT_API Array flip(const Array& array, const ReducedAxes& axes = {}, Location where = Location::current());
// Turned by 90 degrees `times` times, from the first of the two axes to the second.
PLAIT_API Array rot90(const Array& array, std::int64_t times = 1, int from = 0, int to = 1,
                      Location where = Location::current());
// Moved along axes, or along the flattened array; what leaves at one end comes back at the other. One shift serves all
// axes.
PLAIT_API Array roll(const Array& array, const std::vector<std::int64_t>& shifts, const ReducedAxes& axes = {},
                     Location where = Location::current());

// The elements at `positions` along an axis, or of the flattened array.
PLAIT_API Array take(const Array& array, const AxisIndex& positions, std::optional<int> axis = 0,
                     Location where = Location::current());
// Whole blocks, chosen as elements are, but an integer keeps its axis: x.blocks in Dask.
PLAIT_API Array take_blocks(const Array& array, const std::vector<AxisIndex>& index,
                            Location where = Location::current());
// Single elements by positions along some axes, which are broadcast against each other; the other axes stay whole and
// stand behind: x.vindex in Dask.
PLAIT_API Array vindex(const Array& array, const std::map<int, NdArray>& positions,
                       Location where = Location::current());
// Every element `times` times, one behind the other, along an axis or of the flattened array.
PLAIT_API Array repeat(const Array& array, std::int64_t times, std::optional<int> axis = {},
                       Location where = Location::current());
// Side by side with itself, `times` along each of the last axes.
PLAIT_API Array tile(const Array& array, const std::vector<std::int64_t>& times, Location where = Location::current());

struct Differences {
  std::int64_t order = 1;  // how often over
  int axis = -1;
  // What stands before and after the array along the axis; a 0-d array is stretched.
  std::optional<Array> prepend = {};
  std::optional<Array> append = {};
};
// Differences of neighbours along an axis.
PLAIT_API Array diff(const Array& array, const Differences& how = {}, Location where = Location::current());
// Differences of neighbours in C order, along one axis; `begin` and `end` stand before and after them.
PLAIT_API Array ediff1d(const Array& array, const std::optional<Array>& end = {},
                        const std::optional<Array>& begin = {}, Location where = Location::current());

// Zeros above, and below, diagonal `k` of the last two axes.
PLAIT_API Array tril(const Array& array, std::int64_t k = 0, Location where = Location::current());
PLAIT_API Array triu(const Array& array, std::int64_t k = 0, Location where = Location::current());

}  // namespace plait
