// Sums that do not depend on the order of their terms: numbers in fixed point, added up as whole numbers.
#pragma once

#include <cmath>
#include <cstdint>

#include "base/kernel.h"

namespace plait::ml {

// The largest power of two by which numbers up to `most` may be multiplied so that `count` of them add up to a whole
// number of 64 bits.
double fixed_scale(double most, double count);
inline std::int64_t fixed(double value, double scale) { return std::llrint(value * scale); }

// Partials that are arrays of int64 of one shape, added up: a combine for folds.
inline constinit KernelId<> add_whole_kernel{"ml_add_whole"};
void register_whole_sum_kernels();

}  // namespace plait::ml
