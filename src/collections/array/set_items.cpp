#include "collections/array/set_items.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "collections/array/elementwise.h"
#include "collections/array/layout.h"
#include "collections/array/rechunk.h"
#include "collections/array/slicing.h"
#include "kernels/array/gather.h"
#include "kernels/array/views.h"

namespace plait {

BlockTask SetItems::block_task(std::int64_t block) const {
  const ArrayMeta& known = array_meta(array);
  const auto index = unravel(block, known.grid());
  BlockTask task{.inputs = {{0, block}}, .output_bytes = known.block_bytes(block)};
  std::vector<std::int64_t> source;
  PasteParams params;
  for (std::size_t axis = 0; axis < spans.size(); ++axis) {
    const std::vector<BlockPart> parts = parts_of(spans[axis], known.chunks()[axis]);
    const auto part = std::find_if(parts.begin(), parts.end(), [&](const auto& p) { return p.block == index[axis]; });
    if (part == parts.end()) {
      task.call = slice_kernel({});
      return task;
    }
    source.push_back(part - parts.begin());
    params.spans.push_back(part->within);
  }
  task.call = paste_kernel(std::move(params));
  task.inputs.push_back({1, ravel(source, value->meta().grid())});
  return task;
}

ExprPtr set_items(ExprPtr array, const Spans& spans, ExprPtr value) {
  const ArrayMeta& known = array_meta(array);
  PLAIT_CHECK(spans.size() == known.chunks().size());
  if (!known.is_known()) {
    throw value_error(
        "setting items: an extent of the array is not known before it is computed; call compute_chunk_sizes() first");
  }
  Shape shape;
  Chunks chunks;
  for (std::size_t axis = 0; axis < spans.size(); ++axis) {
    PLAIT_CHECK(spans[axis].count > 0 && spans[axis].step > 0);
    shape.push_back(spans[axis].count);
    auto& blocks = chunks.emplace_back();
    for (const BlockPart& part : parts_of(spans[axis], known.chunks()[axis])) blocks.push_back(part.within.count);
  }
  value = astype(broadcast_to(std::move(value), shape), known.dtype());
  return make_expr<SetItems>(std::move(array), rechunk(std::move(value), std::move(chunks)), spans);
}

}  // namespace plait
