// TileWalk: goes through the elements of a chunk tile by tile, along as few axes as possible.
//
// Steppers are the things that have a place for every element: inputs, the output, slots of a reduction, positions.
// Axes along which all steppers go on evenly are merged, so that a contiguous chunk is one long row whatever its shape.
#pragma once

#include <cstdint>
#include <vector>

#include "plait/ndarray.h"

namespace plait {

inline constexpr int kMaxTileAxes = 32;

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
  // Merges axes and chooses tiles of at most `max_elements`. `square_axis` (of the planned walk, or -1) and the last
  // axis get near-square tiles; else tiles follow each other in C order.
  void merge_axes();
  void choose_tiles(std::int64_t max_elements, int square_axis);
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

// Calls f(first, count) for every row of the walk's tile: `first` is the number of the row's first element in the tile;
// the offsets of two steppers at the row's start are given too.
template <class F>
void for_each_row(const TileWalk& walk, const Stepper& a, const Stepper& b, F&& f) {
  const int last = walk.ndim - 1;
  const std::int64_t count = walk.tile[last];
  std::int64_t index[kMaxTileAxes] = {};
  std::int64_t at_a = a.at;
  std::int64_t at_b = b.at;
  for (std::int64_t first = 0; first < walk.num_elements; first += count) {
    f(first, count, at_a, at_b);
    for (int axis = last - 1; axis >= 0; --axis) {
      at_a += a.strides[axis];
      at_b += b.strides[axis];
      if (++index[axis] < walk.tile[axis]) break;
      at_a -= a.strides[axis] * walk.tile[axis];
      at_b -= b.strides[axis] * walk.tile[axis];
      index[axis] = 0;
    }
  }
}

}  // namespace plait
