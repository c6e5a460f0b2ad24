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

  // Sets how the walk goes through source number i, in steppers[i].
  void plan(TileWalk& walk, const Shape& start) const;
  // An axis of the walk along which some block is contiguous while along the last axis it is not; or -1.
  int transposed_axis(const TileWalk& walk) const;

  // Whether the processor needs help to have some blocks' elements in time; then prefetch is called for the tile ahead.
  bool wants_prefetch(const TileWalk& walk);
  void prefetch(const TileWalk& ahead) const;

  // The elements of a source in the walk's tile: in the block's own memory where they are contiguous there, else in
  // `memory`, which has room for a tile. Random numbers go on in C order of the chunk.
  TileOperand load(const TileWalk& walk, std::uint16_t source, std::byte* memory);
  // Random numbers straight into their place.
  void draw(std::uint16_t source, std::byte* to, std::int64_t n);

 private:
  class Draws;

  const TileProgram& program_;
  std::vector<const NdArray*> arrays_;         // by source; null for others than blocks
  std::vector<std::uint16_t> prefetched_;
  std::vector<std::unique_ptr<Draws>> draws_;  // by source; null for others than draws
};

}  // namespace plait
