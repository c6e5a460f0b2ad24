// Which elements meet a condition, and choices among arrays.
#pragma once

#include <optional>
#include <vector>

#include "plait/array/array.h"

namespace plait {

// The positions of the elements that are not zero, in C order: one array an axis, or one row each. Their number is not
// known beforehand.
PLAIT_API std::vector<Array> nonzero(const Array& array, Location where = Location::current());
PLAIT_API Array argwhere(const Array& array, Location where = Location::current());
PLAIT_API Array flatnonzero(const Array& array, Location where = Location::current());
// The elements where the condition, of the array's size, is not zero, in C order.
PLAIT_API Array extract(const Array& condition, const Array& array, Location where = Location::current());
// Elements of the first choice whose condition is true; `otherwise` where none is.
PLAIT_API Array select(const std::vector<Array>& conditions, const std::vector<Operand>& choices,
                       const Operand& otherwise = 0);

}  // namespace plait
