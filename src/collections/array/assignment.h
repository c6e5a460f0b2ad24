// x[index] = value: what an array is afterwards, for all indexes that get_item takes with one list at most.
#pragma once

#include <vector>

#include "collections/array/elementwise.h"
#include "collections/array/slicing.h"

namespace plait {

// The value is stretched to the place and converted to the array's dtype. Throws Error(index) as get_item does,
// Error(value) where the value does not fit or is NaN or infinite and the array holds integers, Error(overflow) for a
// number that the dtype cannot hold, Error(type) for complex numbers in an array of others.
ExprPtr assign(ExprPtr array, const std::vector<IndexItem>& items, const ElementArgument& value);

}  // namespace plait
