#include "collections/array/rechunk_plan.h"

#include <algorithm>
#include <numeric>

#include "base/settings.h"
#include "runtime/machine.h"

namespace plait {
namespace {

using Blocks = std::vector<std::int64_t>;

double largest(const Blocks& blocks) { return static_cast<double>(*std::max_element(blocks.begin(), blocks.end())); }

// Elements along one axis of all old blocks that one new block touches, at most.
double touched(const Blocks& from, const Blocks& to) {
  if (from == to) return largest(from);
  std::int64_t most = 0;
  std::size_t first = 0;
  std::int64_t first_start = 0;
  std::int64_t start = 0;
  for (std::int64_t extent : to) {
    while (first + 1 < from.size() && first_start + from[first] <= start) first_start += from[first++];
    std::int64_t end = first_start;
    for (std::size_t i = first; i < from.size() && end < start + extent; ++i) end += from[i];
    most = std::max(most, end - first_start);
    start += extent;
  }
  return static_cast<double>(most);
}

double touched_bytes(const Chunks& from, const Chunks& to, double item_bytes) {
  double bytes = item_bytes;
  for (std::size_t axis = 0; axis < from.size(); ++axis) bytes *= touched(from[axis], to[axis]);
  return bytes;
}

double block_bytes(const Chunks& chunks, double item_bytes) {
  double bytes = item_bytes;
  for (const Blocks& blocks : chunks) bytes *= largest(blocks);
  return bytes;
}

// Neighbours together, `count` at a time.
Blocks grouped(const Blocks& blocks, std::size_t count) {
  Blocks groups;
  for (std::size_t i = 0; i < blocks.size(); i += count) {
    const auto end = blocks.begin() + static_cast<std::ptrdiff_t>(std::min(i + count, blocks.size()));
    groups.push_back(std::accumulate(blocks.begin() + static_cast<std::ptrdiff_t>(i), end, std::int64_t{0}));
  }
  return groups;
}

// The largest grouping of the blocks along those axes for which `fits` still holds.
template <class Fits>
Chunks grouped_while(const Chunks& fine, const std::vector<bool>& axes, Chunks start, Fits fits) {
  Chunks best = start;
  for (std::size_t count = 2;; count *= 2) {
    Chunks next = start;
    bool grows = false;
    for (std::size_t axis = 0; axis < fine.size(); ++axis) {
      if (!axes[axis]) continue;
      next[axis] = grouped(fine[axis], count);
      grows = grows || next[axis] != best[axis];
    }
    if (!grows || !fits(next)) return best;
    best = std::move(next);
  }
}

}  // namespace

std::vector<Overlap> overlaps_of(const Blocks& from, const Blocks& to, std::int64_t target) {
  if (from == to) return {{target, 0, from[target], 0}};
  const std::int64_t start = std::accumulate(to.begin(), to.begin() + target, std::int64_t{0});
  const std::int64_t end = start + to[target];
  std::vector<Overlap> overlaps;
  std::int64_t begin = 0;
  for (std::size_t source = 0; source < from.size() && begin < end; ++source) {
    const std::int64_t low = std::max(begin, start);
    const std::int64_t high = std::min(begin + from[source], end);
    if (low < high) overlaps.push_back({static_cast<std::int64_t>(source), low - begin, high - low, low - start});
    begin += from[source];
  }
  if (overlaps.empty()) overlaps.push_back({0, 0, 0, 0});  // a block without elements
  return overlaps;
}

std::uint64_t rechunk_task_bytes() {
  const auto budget = static_cast<std::int64_t>(memory_budget_bytes());
  return static_cast<std::uint64_t>(config::get_bytes(config::setting::rechunk_task_size, budget));
}

std::vector<Chunks> intermediate_chunks(const ArrayMeta& from, const Chunks& to, std::uint64_t max_task_bytes) {
  if (!from.is_known()) return {};
  const auto item_bytes = static_cast<double>(item_size(from.dtype()));
  const auto limit = static_cast<double>(max_task_bytes);
  if (touched_bytes(from.chunks(), to, item_bytes) + block_bytes(to, item_bytes) <= limit) return {};

  // Along axes where blocks grow, tiles keep the old boundaries; along the others they have the new ones already.
  std::vector<bool> grows;
  std::vector<bool> shrinks;
  Chunks tiles;
  for (std::size_t axis = 0; axis < to.size(); ++axis) {
    grows.push_back(largest(to[axis]) > largest(from.chunks()[axis]));
    shrinks.push_back(!grows.back());
    tiles.push_back(grows.back() ? from.chunks()[axis] : to[axis]);
  }
  tiles = grouped_while(from.chunks(), grows, std::move(tiles), [&](const Chunks& larger) {
    return touched_bytes(from.chunks(), larger, item_bytes) + block_bytes(larger, item_bytes) <= limit;
  });
  tiles = grouped_while(to, shrinks, std::move(tiles), [&](const Chunks& larger) {
    return touched_bytes(larger, to, item_bytes) + block_bytes(to, item_bytes) <= limit &&
           touched_bytes(from.chunks(), larger, item_bytes) + block_bytes(larger, item_bytes) <= limit;
  });
  if (tiles == from.chunks() || tiles == to) return {};
  return {tiles};
}

}  // namespace plait
