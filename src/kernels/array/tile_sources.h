// TileSources: fetches what a tile program takes from outside, one tile after the other: elements of input blocks,
// positions counted up, random numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "kernels/array/compiled_tiles.h"
#include "kernels/array/tile_walk.h"

namespace plait {

class TileSources {
 public:
  TileSources(const CompiledTiles& compiled, Inputs inputs, const TileParams& params);
  ~TileSources();

  // Replaces the chunk's unknown extents by those of the blocks, which must agree.
  void match_extents(Shape& shape) const;
  // Sets how the walk goes through source number i, in steppers[i].
  void plan(TileWalk& walk, const Shape& start) const;
  // An axis of the walk along which some block is contiguous while along the last axis it is not; or -1.
  int transposed_axis(const TileWalk& walk) const;

  // Finds the blocks whose elements the processor needs help to have in time: rows that are too short for it to guess
  // what comes next. They are fetched a tile ahead, or a few rows where the tile has several that are read in place.
  void plan_prefetch(const TileWalk& walk, bool by_rows);
  bool prefetches_tiles() const { return !prefetched_tiles_.empty(); }
  void prefetch_tile(const TileWalk& ahead) const;
  void prefetch_row(const TileWalk& walk, const TileRow& row) const;

  // Whether a source is a block whose rows are contiguous: they can be read where they are.
  bool has_rows(const TileWalk& walk, std::uint16_t source) const;
  const std::byte* row(const TileWalk& walk, const TileRow& row, std::uint16_t source) const;

  // The elements of a source in the walk's tile: in the block's own memory where they are contiguous there, else in
  // `memory`, which has room for a tile. Random numbers go on in C order of the chunk.
  TileOperand load(const TileWalk& walk, std::uint16_t source, std::byte* memory);
  // Random numbers straight into their place.
  void draw(std::uint16_t source, std::byte* to, std::int64_t n);

 private:
  class Draws;

  const TileProgram& program_;
  std::vector<const NdArray*> arrays_;  // by source; null for others than blocks
  std::vector<std::uint16_t> prefetched_tiles_;
  std::vector<std::uint16_t> prefetched_rows_;
  int row_axis_ = -1;                          // along which the rows of a tile follow each other
  std::vector<std::unique_ptr<Draws>> draws_;  // by source; null for others than draws
};

}  // namespace plait
