// Axes as users give them, negative ones counted from the end, and as the operations take them.
#pragma once

#include <string_view>
#include <vector>

#include "plait/error.h"

namespace plait {

using Axes = std::vector<int>;

// An axis that the array does not have: an error of kind index, which Python sees as NumPy's AxisError.
class PLAIT_API AxisError : public Error {
 public:
  explicit AxisError(const std::string& message) : Error(ErrorKind::index, message) {}
};

// The axis as a number in 0..ndim-1. Throws AxisError that names `what`, the axis and the number of axes.
int normalize_axis(std::string_view what, int axis, int ndim);
// Whether this is the one axis that NumPy allows where there is none: 0 or -1, for an array of a single element.
bool names_only_element(const Axes& axes);
// Each axis normalised, in the order given. Throws Error(value) when one is given twice.
Axes normalize_axes(std::string_view what, const Axes& axes, int ndim);

}  // namespace plait
