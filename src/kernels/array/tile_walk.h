// TileWalk: goes through the elements of a chunk tile by tile, along as few axes as possible.
//
// Steppers are the things that have a place for every element: inputs, the output, slots of a reduction, positions.
// Axes along which all steppers go on evenly are merged, so that a contiguous chunk is one long row whatever its shape.
#pragma once

#include <cstdint>
#include <vector>

#include "plait/ndarray.h"

namespace plait {

inline constexpr int kMaxTileAxes = 64;  // as many as NumPy has

struct Stepper {
  std::int64_t strides[kMaxTileAxes] = {};  // by axis of the walk, in the stepper's own unit
  std::int64_t at = 0;                      // of the tile's first element
};

struct TileWalk {
  int ndim = 0;
  std::int64_t extents[kMaxTileAxes];       // of the chunk
  std::int64_t tile_extents[kMaxTileAxes];  // at most
  std::vector<Stepper> steppers;

  // The tile where the walk stands.
  std::int64_t origin[kMaxTileAxes];
  std::int64_t tile[kMaxTileAxes];  // its extents
  std::int64_t num_elements = 0;

  // Starts over on a chunk. Steppers are added next (their strides by axis of `shape`), then `plan`.
  void reset(const Shape& shape);
  // Merges axes and chooses tiles of at most `max_elements`, in C order. With a `wide_axis` (of the planned walk, or
  // -1) tiles are wide along it too: something is contiguous there.
  void merge_axes();
  void choose_tiles(std::int64_t max_elements, int wide_axis);
  // Goes to the first tile; the chunk has at least one element.
  void start();
  // Goes to the next tile; false after the last one.
  bool next();

  // Whether a stepper goes through this tile's elements one after the other, `item` apart; whether it stands still.
  bool is_contiguous(const Stepper& stepper, std::int64_t item) const;
  bool is_still(const Stepper& stepper) const;

 private:
  void enter();
};

// A row of the walk's tile: `count` elements along the last axis, of which the first is number `first` of the tile.
struct TileRow {
  std::int64_t first = 0;
  std::int64_t count = 0;
  std::int64_t index[kMaxTileAxes] = {};  // in the tile; 0 along the last axis

  std::int64_t offset(const TileWalk& walk, const Stepper& stepper) const {
    std::int64_t at = stepper.at;
    for (int axis = 0; axis < walk.ndim - 1; ++axis) at += index[axis] * stepper.strides[axis];
    return at;
  }
};

// Calls f(row) for every row of the walk's tile.
template <class F>
void for_each_row(const TileWalk& walk, F&& f) {
  const int last = walk.ndim - 1;
  TileRow row;
  row.count = walk.tile[last];
  for (; row.first < walk.num_elements; row.first += row.count) {
    f(row);
    for (int axis = last - 1; axis >= 0; --axis) {
      if (++row.index[axis] < walk.tile[axis]) break;
      row.index[axis] = 0;
    }
  }
}

}  // namespace plait
