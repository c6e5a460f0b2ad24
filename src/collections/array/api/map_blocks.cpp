#include "plait/array/map_blocks.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>

#include "collections/array/api/arguments.h"
#include "collections/array/axes.h"
#include "collections/array/map_function.h"
#include "collections/array/rechunk.h"
#include "collections/start.h"

namespace plait {
namespace {

using Blocks = std::vector<std::int64_t>;

// The chunks of the result, and for each axis of the arrays the axis of the result that counts its blocks.
std::pair<Chunks, std::vector<int>> result_blocks(const Chunks& common, const BlockMapping& how) {
  const auto ndim = static_cast<int>(common.size());
  const Axes dropped = normalize_axes("map_blocks: drop_axis", how.drop_axis, ndim);
  const int result_ndim = ndim - static_cast<int>(dropped.size()) + static_cast<int>(how.new_axis.size());
  const Axes added = normalize_axes("map_blocks: new_axis", how.new_axis, result_ndim);
  Chunks chunks;
  std::vector<int> axes(common.size(), -1);
  int source = 0;
  for (int axis = 0; axis < result_ndim; ++axis) {
    if (std::ranges::find(added, axis) != added.end()) {
      chunks.push_back({1});
      continue;
    }
    while (std::ranges::find(dropped, source) != dropped.end()) ++source;
    axes[source] = axis;
    chunks.push_back(common[source++]);
  }
  return {chunks, axes};
}

bool is_known(const Blocks& blocks) { return std::ranges::find(blocks, kUnknownExtent) == blocks.end(); }
std::int64_t extent_of(const Blocks& blocks) { return std::reduce(blocks.begin(), blocks.end()); }

// The chunks of the result of arrays whose extents do not go together, but whose numbers of blocks do, such as those of
// blocks that were grown by what lies around them: block by block. Nothing where extents do, or are not known.
std::optional<Chunks> matched_by_number(const std::vector<Chunks>& all) {
  Chunks matched(std::ranges::max(all, {}, &Chunks::size).size(), {1});
  bool differ = false;
  for (const Chunks& chunks : all) {
    for (std::size_t i = 0; i < chunks.size(); ++i) {
      const Blocks& own = chunks[i];
      Blocks& known = matched[matched.size() - chunks.size() + i];
      if (!is_known(own) || (own.size() != known.size() && own.size() != 1 && known.size() != 1)) return {};
      const std::int64_t extent = extent_of(own);
      const std::int64_t before = extent_of(known);
      differ |= extent != before && extent != 1 && before != 1;
      if (own.size() > known.size() || before == 1) known = own;
    }
  }
  return differ ? std::optional(matched) : std::nullopt;
}

// What the user said of the chunks, for as many blocks as there are.
Blocks given_blocks(const AxisExtents& given, const Blocks& own) {
  if (!given.lists_blocks()) return Blocks(own.size(), given.extents().at(0));
  if (given.extents().size() != own.size()) {
    throw value_error(fmt::format("map_blocks: {} chunks are given along an axis with {} blocks",
                                  given.extents().size(), own.size()));
  }
  return given.extents();
}

Chunks given_chunks(const std::vector<AxisExtents>& given, const Chunks& own, bool has_arrays) {
  for (const AxisExtents& extents : given) {
    if (!extents.text().empty() || extents.keeps())
      throw value_error("map_blocks: chunks must be extents: one for all blocks of an axis, or one for each block");
  }
  Chunks chunks;
  if (!has_arrays) {
    for (const AxisExtents& extents : given) chunks.push_back(extents.extents());
    return chunks;
  }
  if (given.size() != own.size()) {
    throw value_error(
        fmt::format("map_blocks: chunks are given for {} axes, but the result has {}", given.size(), own.size()));
  }
  for (std::size_t axis = 0; axis < own.size(); ++axis) chunks.push_back(given_blocks(given[axis], own[axis]));
  return chunks;
}

}  // namespace

BlockFunction BlockFunction::registered(const std::string& name, Run run) {
  BlockFunction function(name, std::move(run));
  Function::registered(name, block_runner(function.run_));
  function.is_registered_ = true;
  return function;
}

LinedUpBlocks line_up_blocks(const std::vector<Array>& arrays, const BlockMapping& how) {
  if (arrays.empty() && !how.chunks)
    throw value_error("map_blocks: there is no lazy array among the arguments; give one, or chunks= of the result");
  std::vector<Chunks> all;
  for (const Array& array : arrays) all.push_back(array.chunks());
  const std::optional<Chunks> by_number = all.empty() ? std::nullopt : matched_by_number(all);
  const Chunks common = by_number ? *by_number : common_chunks("map_blocks", all);
  auto [chunks, axes] = result_blocks(common, how);
  LinedUpBlocks lined_up;
  lined_up.chunks = how.chunks ? given_chunks(*how.chunks, chunks, !arrays.empty()) : std::move(chunks);
  for (const Array& array : arrays) {
    lined_up.arrays.emplace_back(by_number ? array.expr() : align_to(array.expr(), common));
    lined_up.axes.emplace_back(axes.end() - array.ndim(), axes.end());
  }
  return lined_up;
}

Array map_lined_up(const BlockFunction& function, const LinedUpBlocks& blocks, DType dtype) {
  Function called = function.is_registered() ? Function::named(function.name())
                                             : Function(function.name(), block_runner(function.run()));
  return Array(map_function(std::move(called), exprs_of(blocks.arrays), dtype, blocks.chunks, blocks.axes));
}

Array map_blocks(const BlockFunction& function, const std::vector<Array>& arrays, const BlockMapping& how,
                 Location where) {
  start();
  const SourceScope scope = source_scope(where);
  const DType dtype = how.dtype.value_or(arrays.empty() ? DType::float64 : arrays[0].dtype());
  return map_lined_up(function, line_up_blocks(arrays, how), dtype);
}

Array detail::map_blocks(const Value& function, const LinedUpBlocks& blocks, DType dtype, const std::string& name,
                         bool join, const std::string& reason, Location where) {
  const SourceScope scope = source_scope(where);
  return Array(make_expr<MapBlocks>(exprs_of(blocks.arrays), Shared<Value>(function), name, dtype, blocks.chunks,
                                    blocks.axes, join, reason));
}

}  // namespace plait
