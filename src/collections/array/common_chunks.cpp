// The chunks in which arrays of different chunks meet.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "collections/array/rechunk.h"

namespace plait {
namespace {

using Blocks = std::vector<std::int64_t>;

bool is_unknown(const Blocks& blocks) {
  return std::find(blocks.begin(), blocks.end(), kUnknownExtent) != blocks.end();
}

// Every boundary of both.
Blocks cut_at_both(const Blocks& a, const Blocks& b) {
  if (a == b) return a;
  std::set<std::int64_t> ends;
  for (const Blocks* blocks : {&a, &b}) {
    std::int64_t end = 0;
    for (std::int64_t block : *blocks) ends.insert(end += block);
  }
  Blocks cut;
  std::int64_t begin = 0;
  for (std::int64_t end : ends) {
    if (end > begin) cut.push_back(end - begin);
    begin = end;
  }
  return cut.empty() ? Blocks{0} : cut;
}

std::string shapes_text(const std::vector<Chunks>& all) {
  std::vector<std::string> shapes;
  for (const Chunks& chunks : all) shapes.push_back(to_string(ArrayMeta(DType::bool_, chunks).shape()));
  return fmt::format("{}", fmt::join(shapes, " and "));
}

// Of extent one, whether or not there are blocks without elements beside the one: such an axis is stretched.
bool is_one(const Blocks& blocks) { return !is_unknown(blocks) && std::reduce(blocks.begin(), blocks.end()) == 1; }

}  // namespace

Chunks common_chunks(std::string_view what, const std::vector<Chunks>& all) {
  std::size_t ndim = 0;
  for (const Chunks& chunks : all) ndim = std::max(ndim, chunks.size());
  Chunks common(ndim);
  for (const Chunks& chunks : all) {
    const std::size_t lead = ndim - chunks.size();
    for (std::size_t axis = 0; axis < chunks.size(); ++axis) {
      Blocks& so_far = common[axis + lead];
      const Blocks& blocks = chunks[axis];
      if (so_far.empty()) {
        so_far = blocks;
      } else if (is_one(blocks)) {
        if (is_one(so_far) && so_far != blocks) so_far = {1};
      } else if (is_one(so_far)) {
        so_far = blocks;
      } else if (is_unknown(so_far) || is_unknown(blocks)) {
        if (so_far.size() == blocks.size()) {
          // Equal numbers of blocks are taken to match; the kernels check.
          for (std::size_t i = 0; i < blocks.size(); ++i)
            so_far[i] = so_far[i] == kUnknownExtent ? blocks[i] : so_far[i];
          continue;
        }
        throw value_error(fmt::format(
            "{}: the arrays have {} and {} blocks along axis {}, and extents that are not known before they "
            "are computed; call compute_chunk_sizes() first",
            what, so_far.size(), blocks.size(), axis + lead));
      } else {
        const auto extent = [](const Blocks& of) { return ArrayMeta(DType::bool_, {of}).shape()[0]; };
        if (extent(so_far) != extent(blocks)) {
          throw value_error(
              fmt::format("{}: operands could not be broadcast together with shapes {}: from the right, each axis must "
                          "have the same extent or 1",
                          what, shapes_text(all)));
        }
        so_far = cut_at_both(so_far, blocks);
      }
    }
  }
  return common;
}

ExprPtr align_to(ExprPtr array, const Chunks& chunks) {
  const Chunks& own = array_meta(array).chunks();
  const std::size_t lead = chunks.size() - own.size();
  Chunks aligned;
  for (std::size_t axis = 0; axis < own.size(); ++axis) {
    const bool is_stretched = is_one(own[axis]) && !is_one(chunks[axis + lead]);
    aligned.push_back(is_stretched ? Blocks{1} : is_unknown(own[axis]) ? own[axis] : chunks[axis + lead]);
  }
  return rechunk(std::move(array), std::move(aligned));
}

}  // namespace plait
