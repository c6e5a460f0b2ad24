// What an array is after an assignment: y = assign(x, {slice(0, 10), 3}, 5) is NumPy's x[0:10, 3] = 5 on a copy.
#pragma once

#include <vector>

#include "plait/array/array.h"

namespace plait {

// The index: slices, positions, at most one list of positions or mask of an axis, or one mask of all axes (which may be
// lazy, and then takes one value). The value is stretched to the place and converted to the array's type.
PLAIT_API Array assign(const Array& array, const std::vector<AxisIndex>& index, const Operand& value);

}  // namespace plait
