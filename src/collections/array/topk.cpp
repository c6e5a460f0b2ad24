#include "collections/array/topk.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "collections/array/arguments.h"
#include "collections/array/axes.h"
#include "collections/array/layout.h"

namespace plait {
namespace {

constexpr std::int64_t kBlocksCombined = 8;

ExprPtr largest(std::string_view what, ExprPtr array, TopkParams params, int axis,
                std::optional<std::int64_t> split_every) {
  const int ndim = array_meta(array).ndim();
  axis = normalize_axis(what, axis, ndim);
  params.k = std::max(params.k, -std::numeric_limits<std::int64_t>::max());  // so that it has an absolute value
  const std::int64_t group = split_every.value_or(kBlocksCombined);
  check_at_least(what, "split_every", group, 2);
  array = moveaxis(std::move(array), {axis}, {ndim - 1});
  const auto num_blocks = [&] { return static_cast<std::int64_t>(array_meta(array).chunks().back().size()); };

  params.is_last = num_blocks() == 1;
  array = make_expr<TopkBlocks>(std::move(array), params, std::int64_t{1});
  params.is_leaf = false;
  while (!params.is_last) {
    params.is_last = num_blocks() <= group;
    array = make_expr<TopkBlocks>(std::move(array), params, group);
  }
  return moveaxis(std::move(array), {ndim - 1}, {axis});
}

}  // namespace

std::string TopkBlocks::describe() const { return fmt::format("k={}", params.k); }

MetaPtr TopkBlocks::infer_meta() const {
  const ArrayMeta& from = array_meta(array);
  Chunks chunks = from.chunks();
  const std::vector<std::int64_t> own = std::move(chunks.back());
  chunks.back().clear();
  for (std::size_t first = 0; first < own.size(); first += static_cast<std::size_t>(group)) {
    std::int64_t extent = 0;
    for (std::size_t i = first; i < std::min(own.size(), first + static_cast<std::size_t>(group)); ++i)
      extent = own[i] == kUnknownExtent || extent == kUnknownExtent ? kUnknownExtent : extent + own[i];
    chunks.back().push_back(extent == kUnknownExtent ? extent : std::min(extent, std::abs(params.k)));
  }
  return make_array_meta(params.wants_positions && params.is_last ? DType::int64 : from.dtype(), std::move(chunks));
}

BlockTask TopkBlocks::block_task(std::int64_t block) const {
  const ArrayMeta& from = array_meta(array);
  const auto& known = static_cast<const ArrayMeta&>(meta());
  const auto from_grid = from.grid();
  auto index = unravel(block, known.grid());
  BlockTask task{.output_bytes = known.block_bytes(block)};
  const std::int64_t first = index.back() * group;
  for (std::int64_t at = first; at < std::min(first + group, from_grid.back()); ++at) {
    index.back() = at;
    task.inputs.push_back({0, ravel(index, from_grid)});
  }
  TopkParams own = params;
  if (own.is_leaf && own.wants_positions) own.first_position = from.block_start(task.inputs[0].block).back();
  task.call = topk_kernel(own);
  return task;
}

ExprPtr topk(ExprPtr array, std::int64_t k, int axis, std::optional<std::int64_t> split_every) {
  return largest("topk", std::move(array), {.k = k}, axis, split_every);
}

ExprPtr argtopk(ExprPtr array, std::int64_t k, int axis, std::optional<std::int64_t> split_every) {
  const ArrayMeta& from = array_meta(array);
  const auto& blocks = from.chunks()[normalize_axis("argtopk", axis, from.ndim())];
  if (std::find(blocks.begin(), blocks.end(), kUnknownExtent) != blocks.end()) {
    throw value_error(
        fmt::format("argtopk: the extents along axis {} are not known before they are computed; call "
                    "compute_chunk_sizes() first",
                    axis));
  }
  return largest("argtopk", std::move(array), {.k = k, .wants_positions = true}, axis, split_every);
}

}  // namespace plait
