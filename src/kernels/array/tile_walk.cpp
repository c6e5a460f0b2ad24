#include "kernels/array/tile_walk.h"

#include <algorithm>

#include "base/check.h"

namespace plait {

void TileWalk::reset(const Shape& shape) {
  if (shape.size() > kMaxTileAxes) {
    throw not_implemented("an array of " + std::to_string(shape.size()) + " axes; at most 64 are supported");
  }
  ndim = static_cast<int>(shape.size());
  std::copy(shape.begin(), shape.end(), extents);
  steppers.clear();
}

void TileWalk::merge_axes() {
  // Axes are rewritten in place, innermost first, at the end of the arrays; then all is moved to the front.
  int kept = 0;
  const int old_ndim = ndim;
  int order[kMaxTileAxes];
  for (int axis = 0; axis < old_ndim; ++axis) {
    if (extents[axis] != 1) order[kept++] = axis;
  }
  int merged = 0;
  for (int k = 0; k < kept; ++k) {
    const int axis = order[k];
    const bool joins = merged > 0 && std::all_of(steppers.begin(), steppers.end(), [&](const Stepper& stepper) {
                         return stepper.strides[merged - 1] == stepper.strides[axis] * extents[axis];
                       });
    const int to = joins ? merged - 1 : merged++;
    const std::int64_t extent = joins ? extents[to] * extents[axis] : extents[axis];
    for (Stepper& stepper : steppers) stepper.strides[to] = stepper.strides[axis];
    extents[to] = extent;
  }
  ndim = merged;
  if (ndim == 0) {
    ndim = 1;
    extents[0] = 1;
    for (Stepper& stepper : steppers) stepper.strides[0] = 0;
  }
}

void TileWalk::choose_tiles(std::int64_t max_elements, int wide_axis) {
  const int last = ndim - 1;
  std::fill(tile_extents, tile_extents + ndim, 1);
  if (wide_axis >= 0) {
    constexpr std::int64_t kRow = 256;
    tile_extents[last] = std::min(extents[last], kRow);
    tile_extents[wide_axis] = std::min(extents[wide_axis], max_elements / tile_extents[last]);
    return;
  }
  // Long rows are tiles of their own: what is contiguous along a row need not be copied together.
  constexpr std::int64_t kLongRow = 512;
  std::int64_t room = extents[last] >= kLongRow ? std::min(extents[last], max_elements) : max_elements;
  for (int axis = last; axis >= 0; --axis) {
    tile_extents[axis] = std::min(extents[axis], room);
    if (tile_extents[axis] < extents[axis]) return;
    room /= tile_extents[axis];
    if (room <= 1) return;
  }
}

void TileWalk::start() {
  std::fill(origin, origin + ndim, 0);
  enter();
}

bool TileWalk::next() {
  for (int axis = ndim - 1; axis >= 0; --axis) {
    const std::int64_t step = tile[axis];
    origin[axis] += step;
    if (origin[axis] < extents[axis]) {
      for (Stepper& stepper : steppers) stepper.at += step * stepper.strides[axis];
      enter();
      return true;
    }
    const std::int64_t back = origin[axis] - step;
    for (Stepper& stepper : steppers) stepper.at -= back * stepper.strides[axis];
    origin[axis] = 0;
  }
  return false;
}

void TileWalk::enter() {
  num_elements = 1;
  for (int axis = 0; axis < ndim; ++axis) {
    tile[axis] = std::min(tile_extents[axis], extents[axis] - origin[axis]);
    num_elements *= tile[axis];
  }
}

bool TileWalk::is_contiguous(const Stepper& stepper, std::int64_t item) const {
  for (int axis = ndim - 1; axis >= 0; --axis) {
    if (tile[axis] == 1) continue;
    if (stepper.strides[axis] != item) return false;
    item *= tile[axis];
  }
  return true;
}

bool TileWalk::is_still(const Stepper& stepper) const {
  for (int axis = 0; axis < ndim; ++axis) {
    if (tile[axis] != 1 && stepper.strides[axis] != 0) return false;
  }
  return true;
}

}  // namespace plait
