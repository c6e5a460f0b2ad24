#include "plait/array/blockwise.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "collections/array/api/arguments.h"
#include "collections/array/map_function.h"
#include "collections/array/rechunk.h"
#include "collections/start.h"

namespace plait {
namespace {

using Blocks = std::vector<std::int64_t>;
using BlocksByAxis = std::map<std::string, Blocks>;

const Blocks kOne = {1};

// Name of an axis -> its blocks in each array that has it.
std::map<std::string, std::vector<Blocks>> blocks_by_name(const std::vector<NamedArray>& arrays) {
  std::map<std::string, std::vector<Blocks>> found;
  for (const auto& [array, axes] : arrays) {
    if (axes.names().size() != array.chunks().size()) {
      throw value_error(fmt::format("blockwise: {} names are given for the axes of an array with {}",
                                    axes.names().size(), array.ndim()));
    }
    for (std::size_t i = 0; i < axes.names().size(); ++i) found[axes.names()[i]].push_back(array.chunks()[i]);
  }
  return found;
}

Blocks common_blocks(const std::string& axis, const std::vector<Blocks>& every, bool align) {
  // The array with the most blocks; of one element in one block only if all are.
  if (!align) {
    const auto rank = [](const Blocks& blocks) { return std::pair(blocks.size(), blocks != kOne); };
    return std::ranges::max(every, {}, rank);
  }
  std::vector<Chunks> all;
  for (const Blocks& blocks : every) all.push_back({blocks});
  return common_chunks(fmt::format("blockwise: axis '{}'", axis), all)[0];
}

BlocksByAxis blocks_of_axes(const std::vector<NamedArray>& arrays, const BlockwiseOptions& how) {
  BlocksByAxis blocks;
  for (const auto& [axis, every] : blocks_by_name(arrays)) blocks[axis] = common_blocks(axis, every, how.align_arrays);
  for (const auto& [axis, extents] : how.new_axes) blocks[axis] = extents.extents();
  return blocks;
}

Blocks adjusted(Blocks blocks, const ExtentChange& change) {
  if (const auto* function = std::get_if<1>(&change)) {
    std::ranges::transform(blocks, blocks.begin(), *function);
    return blocks;
  }
  const auto& extents = std::get<AxisExtents>(change);
  if (!extents.lists_blocks()) return Blocks(blocks.size(), extents.extents().at(0));
  if (extents.extents().size() == blocks.size()) return extents.extents();
  throw value_error(fmt::format("blockwise: adjust_chunks gives {} extents along an axis with {} blocks",
                                extents.extents().size(), blocks.size()));
}

// Blocks that are matched by their numbers, whatever their extents.
Array checked(const NamedArray& named, const BlocksByAxis& blocks) {
  for (std::size_t i = 0; i < named.axes.names().size(); ++i) {
    const std::size_t own = named.array.chunks()[i].size();
    const std::size_t wanted = blocks.at(named.axes.names()[i]).size();
    if (own == wanted || own == 1) continue;
    throw value_error(fmt::format(
        "blockwise: the arrays have {} and {} blocks along axis '{}'; rechunk one, or set align_arrays=True", wanted,
        own, named.axes.names()[i]));
  }
  return named.array;
}

// An axis of one element is not cut: it serves all blocks.
Array aligned(const NamedArray& named, const BlocksByAxis& blocks) {
  Chunks chunks = named.array.chunks();
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    const Blocks& wanted = blocks.at(named.axes.names()[i]);
    chunks[i] = named.array.shape()[i] == 1 && chunks[i] != wanted ? kOne : wanted;
  }
  return Array(rechunk(named.array.expr(), std::move(chunks)));
}

}  // namespace

LinedUpBlocks line_up_blockwise(const AxisNames& result, const std::vector<NamedArray>& arrays,
                                const BlockwiseOptions& how) {
  const BlocksByAxis blocks = blocks_of_axes(arrays, how);
  LinedUpBlocks lined_up;
  for (const std::string& axis : result.names()) {
    const auto found = blocks.find(axis);
    if (found == blocks.end()) {
      throw value_error(
          fmt::format("blockwise: axis '{}' of the result is in no array; give its extent in new_axes", axis));
    }
    const auto change = how.adjust_chunks.find(axis);
    lined_up.chunks.push_back(change == how.adjust_chunks.end() ? found->second
                                                                : adjusted(found->second, change->second));
  }
  for (const NamedArray& named : arrays) {
    std::vector<int> counted;
    for (const std::string& axis : named.axes.names()) {
      const auto at = std::ranges::find(result.names(), axis);
      counted.push_back(at == result.names().end() ? -1 : static_cast<int>(at - result.names().begin()));
    }
    lined_up.arrays.push_back(how.align_arrays ? aligned(named, blocks) : checked(named, blocks));
    lined_up.axes.push_back(std::move(counted));
  }
  return lined_up;
}

Array blockwise(const BlockFunction& function, const AxisNames& result, const std::vector<NamedArray>& arrays,
                const BlockwiseOptions& how, Location where) {
  start();
  const SourceScope scope = source_scope(where);
  const DType dtype = how.dtype.value_or(arrays.empty() ? DType::float64 : arrays[0].array.dtype());
  return map_lined_up(function, line_up_blockwise(result, arrays, how), dtype);
}

}  // namespace plait
