#include "collections/array/axes.h"

#include <fmt/format.h>

#include <algorithm>

namespace plait {

int normalize_axis(std::string_view what, int axis, int ndim) {
  if (axis >= -ndim && axis < ndim) return axis < 0 ? axis + ndim : axis;
  if (ndim == 0)
    throw AxisError(fmt::format("{}: axis {} is out of range: the array has no axes (shape ())", what, axis));
  throw AxisError(fmt::format("{}: axis {} is out of range: the array has {} {}, so give a number from {} to {}", what,
                              axis, ndim, ndim == 1 ? "axis" : "axes", -ndim, ndim - 1));
}

bool names_only_element(const Axes& axes) { return axes.size() == 1 && (axes[0] == 0 || axes[0] == -1); }

Axes normalize_axes(std::string_view what, const Axes& axes, int ndim) {
  Axes normal;
  for (int axis : axes) {
    const int found = normalize_axis(what, axis, ndim);
    if (std::find(normal.begin(), normal.end(), found) != normal.end()) {
      throw value_error(fmt::format("{}: axis {} is given twice", what, axis));
    }
    normal.push_back(found);
  }
  return normal;
}

}  // namespace plait
