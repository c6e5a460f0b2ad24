// Diagonals: lines out of matrices, and matrices from lines.
#pragma once

#include <optional>

#include "plait/array/array.h"

namespace plait {

// The elements (i, i + offset) of two axes, along a new last axis.
PLAIT_API Array diagonal(const Array& array, std::int64_t offset = 0, int axis1 = 0, int axis2 = 1,
                         Location where = Location::current());
// Their sum; `dtype`: in which to add up.
PLAIT_API Array trace(const Array& array, std::int64_t offset = 0, int axis1 = 0, int axis2 = 1,
                      std::optional<DType> dtype = {}, Location where = Location::current());
// Of an array with one axis, a square with it on diagonal `k`; of a matrix, its diagonal `k`.
PLAIT_API Array diag(const Array& array, std::int64_t k = 0, Location where = Location::current());

}  // namespace plait
