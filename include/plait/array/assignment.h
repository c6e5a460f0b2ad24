// What an array is after an assignment: y = assign(x, {slice(0, 10), 3}, 5) is NumPy's x[0:10, 3] = 5 on a copy.
#pragma once

#include <vector>

#include "plait/array/array.h"

namespace plait {

// The index: slices, positions, at most one list of positions or mask of an axis, or one mask of all axes. List and
// mask may be lazy; a lazy mask of several axes takes one value. The value is stretched to the place and converted to
// the type of the array.
PLAIT_API Array assign(const Array& array, const std::vector<AxisIndex>& index, const Operand& value);

}  // namespace plait
