#include "kernels/array/span.h"

#include <fmt/format.h>

#include "plait/error.h"

namespace plait {

void match_extents(Shape& shape, const NdArray& block, const std::vector<int>& axes) {
  for (std::size_t axis = 0; axis < axes.size(); ++axis) {
    if (axes[axis] < 0) continue;
    const std::int64_t found = block.shape()[axes[axis]];
    if (shape[axis] == kUnknownExtent) shape[axis] = found;
    if (shape[axis] == found) continue;
    throw value_error(
        fmt::format("operands could not be broadcast together: along axis {} one block has {} elements and another {}; "
                    "arrays whose extents are not known before they are computed must fit block by block",
                    axis, shape[axis], found));
  }
}

std::vector<int> unknown_axes(const Shape& shape) {
  std::vector<int> axes(shape.size(), -1);
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (shape[axis] == kUnknownExtent) axes[axis] = static_cast<int>(axis);
  }
  return axes;
}

}  // namespace plait
