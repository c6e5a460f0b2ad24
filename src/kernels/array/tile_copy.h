// Copies between memory with strides and the elements of a tile, which stand one after the other in C order.
#pragma once

#include <cstddef>

#include "kernels/array/tile_walk.h"

namespace plait {

// Reads the elements that `from` steps through (its unit: bytes) into `to`. Where another axis than the last is the
// contiguous one, in small square blocks.
void gather_tile(const TileWalk& walk, const Stepper& from, const std::byte* base, std::byte* to, std::size_t item);
// The other way round. `streams` writes whole cache lines past the caches: for results that nobody reads soon.
void scatter_tile(const TileWalk& walk, const Stepper& to, std::byte* base, const std::byte* from, std::size_t item,
                  bool streams);
// Brings memory near: into the second-level cache, since the few requests that the first one can have under way are
// left to the loads.
void prefetch_run(const std::byte* first, std::int64_t num_bytes);
void prefetch_tile(const TileWalk& walk, const Stepper& from, const std::byte* base, std::size_t item);
// n times the same element.
void repeat_element(const std::byte* element, std::size_t item, std::byte* to, std::int64_t n);
// Contiguous bytes. `streams` writes whole cache lines past the caches: for results that nobody reads soon.
void copy_bytes(std::byte* to, const std::byte* from, std::size_t num_bytes, bool streams);
// After writing past the caches: makes what was written visible to other threads.
void finish_streaming();

}  // namespace plait
