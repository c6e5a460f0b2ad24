// How blocks of one chunking are made of blocks of another, and in how many steps within limited memory.
#pragma once

#include <vector>

#include "collections/array/array_meta.h"

namespace plait {

// Along one axis: `count` elements of block `source` from `start` on, that go to `target_start` of the new block.
struct Overlap {
  std::int64_t source = 0;
  std::int64_t start = 0;
  std::int64_t count = 0;
  std::int64_t target_start = 0;
};
// What new block number `target` along an axis is made of.
std::vector<Overlap> overlaps_of(const std::vector<std::int64_t>& from, const std::vector<std::int64_t>& to,
                                 std::int64_t target);

// Bytes that the inputs and the output of one task may have together: a part of the memory budget of the run that is
// planned, so that several tasks run at once.
std::uint64_t rechunk_task_bytes();

// The chunkings to go through, in order; none where every new block touches few enough old ones. Between row blocks and
// column blocks stand tiles: a tile's rows are made of a few row blocks, and a column block of a few tiles.
std::vector<Chunks> intermediate_chunks(const ArrayMeta& from, const Chunks& to, std::uint64_t max_task_bytes);

}  // namespace plait
