#include "collections/array/slicing.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/check.h"
#include "collections/array/creation.h"
#include "collections/array/elementwise.h"
#include "collections/array/layout.h"
#include "collections/array/rechunk.h"
#include "kernels/array/gather.h"
#include "kernels/array/views.h"

namespace plait {
namespace {

bool is_whole(const Span& span, std::int64_t extent) { return span == Span{0, extent, 1}; }

// The elements `inner` takes of those that `outer` has taken.
Span composed(const Span& outer, const Span& inner) {
  return {outer.start + inner.start * outer.step, inner.count, outer.step * inner.step};
}

Chunks sliced_chunks(const Chunks& chunks, const Spans& spans) {
  Chunks sliced;
  for (std::size_t axis = 0; axis < chunks.size(); ++axis) {
    if (spans[axis].count == kUnknownExtent) {
      sliced.push_back(chunks[axis]);
      continue;
    }
    auto& blocks = sliced.emplace_back();
    for (const BlockPart& part : parts_of(spans[axis], chunks[axis])) blocks.push_back(part.within.count);
  }
  return sliced;
}

template <class T>
const T* as_op(const ExprPtr& expr) {
  return dynamic_cast<const T*>(expr.get());
}

ExprPtr sliced_range(const Range& range, const Span& span, Chunks chunks) {
  const auto first = static_cast<double>(span.start);
  const auto step = static_cast<double>(span.step);
  return make_expr<Range>(range.label, range.dtype, range.start + first * range.step, range.step * step,
                          range.integer_start + span.start * range.integer_step, range.integer_step * span.step,
                          std::optional<double>(), std::move(chunks));
}

// Every operand sliced where it is not stretched.
ExprPtr sliced_elementwise(const Elementwise& node, const Spans& spans, const Shape& shape) {
  std::vector<ExprPtr> arrays;
  for (const ExprPtr& operand : node.arrays) {
    const Shape& extents = array_meta(operand).shape();
    const std::size_t lead = shape.size() - extents.size();
    Spans own;
    for (std::size_t axis = 0; axis < extents.size(); ++axis) {
      const bool is_stretched = extents[axis] == 1 && shape[axis + lead] != 1;
      own.push_back(is_stretched ? Span{0, 1, 1} : spans[axis + lead]);
    }
    arrays.push_back(slice(operand, std::move(own)));
  }
  return node.with_operands(arrays);
}

}  // namespace

std::vector<BlockPart> parts_of(const Span& span, const std::vector<std::int64_t>& blocks) {
  std::vector<BlockPart> parts;
  if (span.count == kUnknownExtent) {
    for (std::size_t block = 0; block < blocks.size(); ++block)
      parts.push_back({static_cast<std::int64_t>(block), {0, kUnknownExtent, 1}});
    return parts;
  }
  std::int64_t begin = 0;
  for (std::size_t block = 0; block < blocks.size(); ++block) {
    const std::int64_t end = begin + blocks[block];
    // Elements number first..last - 1 of the span stand in this block.
    const auto number_at = [&](std::int64_t position) {
      const std::int64_t distance = span.step > 0 ? position - span.start : span.start - position + 1;
      const std::int64_t stride = std::abs(span.step);
      return std::clamp<std::int64_t>(distance <= 0 ? 0 : (distance + stride - 1) / stride, 0, span.count);
    };
    const std::int64_t first = span.step > 0 ? number_at(begin) : number_at(end);
    const std::int64_t last = span.step > 0 ? number_at(end) : number_at(begin);
    if (first < last) {
      parts.push_back(
          {static_cast<std::int64_t>(block), {span.start + first * span.step - begin, last - first, span.step}});
    }
    begin = end;
  }
  if (span.step < 0) std::reverse(parts.begin(), parts.end());
  if (parts.empty()) parts.push_back({0, {0, 0, 1}});
  return parts;
}

MetaPtr Slice::infer_meta() const {
  const ArrayMeta& from = array_meta(array);
  PLAIT_CHECK(spans.size() == from.shape().size());
  return make_array_meta(from.dtype(), sliced_chunks(from.chunks(), spans));
}

std::string Slice::describe() const {
  std::string text;
  for (const Span& span : spans) {
    text +=
        fmt::format("{}{}:{}:{}", text.empty() ? "" : ", ", span.start, span.start + span.count * span.step, span.step);
  }
  return "[" + text + "]";
}

// A slice moves towards the sources, so that less is computed.
ExprPtr Slice::simplify() const {
  const ArrayMeta& from = array_meta(array);
  const Chunks& chunks = static_cast<const ArrayMeta&>(meta()).chunks();
  if (!from.is_known()) return nullptr;
  bool takes_all = true;
  for (std::size_t axis = 0; axis < spans.size(); ++axis)
    takes_all = takes_all && is_whole(spans[axis], from.shape()[axis]);
  // Blocks without elements are not in a slice.
  if (takes_all) return rechunk(array, chunks);

  if (const auto* inner = as_op<Slice>(array)) {
    if (!array_meta(inner->array).is_known()) return nullptr;
    Spans both;
    for (std::size_t axis = 0; axis < spans.size(); ++axis) both.push_back(composed(inner->spans[axis], spans[axis]));
    ExprPtr once = make_expr<Slice>(inner->array, both);
    // Empty blocks are dropped by one slice and not by two: only the same chunks mean the same.
    return array_meta(once).chunks() == chunks ? once : nullptr;
  }
  if (const auto* inner = as_op<Transpose>(array)) {
    Spans own(spans.size());
    for (std::size_t axis = 0; axis < spans.size(); ++axis) own[inner->axes[axis]] = spans[axis];
    return make_expr<Transpose>(make_expr<Slice>(inner->array, own), inner->axes);
  }
  if (const auto* inner = as_op<Rechunk>(array)) return rechunk(make_expr<Slice>(inner->array, spans), chunks);
  if (const auto* constant = as_op<Fill>(array)) return make_expr<Fill>(constant->label, constant->value, chunks);
  if (const auto* range = as_op<Range>(array); range && !range->last && is_integer(range->dtype)) {
    return sliced_range(*range, spans[0], chunks);
  }
  if (const auto* memory = as_op<FromArray>(array)) {
    return from_array(view_of(memory->array(), spans), chunks, tokenize("slice", std::pair(memory->content, spans)));
  }
  // A slice of most of the array costs little as it is, and behind the operation it would double the work for other
  // users.
  const std::int64_t num_taken = num_elements(static_cast<const ArrayMeta&>(meta()).shape());
  if (const auto* node = as_op<Elementwise>(array); node && num_taken * 2 <= num_elements(from.shape())) {
    ExprPtr sliced = sliced_elementwise(*node, spans, from.shape());
    return array_meta(sliced).chunks() == chunks ? sliced : rechunk(sliced, chunks);
  }
  return nullptr;
}

BlockTask Slice::block_task(std::int64_t block) const {
  const ArrayMeta& from = array_meta(array);
  const auto& known = static_cast<const ArrayMeta&>(meta());
  const auto index = unravel(block, known.grid());
  std::vector<std::int64_t> source;
  SliceViewParams params;
  for (std::size_t axis = 0; axis < spans.size(); ++axis) {
    const BlockPart part = parts_of(spans[axis], from.chunks()[axis])[index[axis]];
    source.push_back(part.block);
    params.spans.push_back(part.within);
  }
  return {.call = slice_kernel(std::move(params)),
          .inputs = {{0, ravel(source, from.grid())}},
          .output_bytes = known.block_bytes(block)};
}

MetaPtr Take::infer_meta() const {
  const ArrayMeta& from = array_meta(array);
  Chunks chunks = from.chunks();
  // Blocks of about the size that they have had.
  const auto count = static_cast<std::int64_t>(positions.size());
  const std::int64_t block =
      std::max<std::int64_t>(1, from.shape()[axis] / static_cast<std::int64_t>(chunks[axis].size()));
  chunks[axis].clear();
  for (std::int64_t at = 0; at < count; at += block) chunks[axis].push_back(std::min(block, count - at));
  if (count == 0) chunks[axis] = {0};
  return make_array_meta(from.dtype(), std::move(chunks));
}

std::string Take::describe() const { return fmt::format("axis={}, {} positions", axis, positions.size()); }

BlockTask Take::block_task(std::int64_t block) const {
  const ArrayMeta& from = array_meta(array);
  const auto& known = static_cast<const ArrayMeta&>(meta());
  const auto from_grid = from.grid();
  auto index = unravel(block, known.grid());
  const std::int64_t first = known.block_start(block)[axis];
  TakeParams params{.dtype = from.dtype(), .shape = known.block_shape(block), .axis = axis};

  std::vector<std::int64_t> ends;
  std::int64_t end = 0;
  for (std::int64_t extent : from.chunks()[axis]) ends.push_back(end += extent);
  std::map<std::int64_t, TakePart> parts;
  for (std::int64_t i = 0; i < params.shape[axis]; ++i) {
    const std::int64_t position = positions[first + i];
    const auto source = std::upper_bound(ends.begin(), ends.end(), position) - ends.begin();
    TakePart& part = parts[source];
    part.from.push_back(position - (source == 0 ? 0 : ends[source - 1]));
    part.to.push_back(i);
  }
  BlockTask task{.output_bytes = known.block_bytes(block)};
  for (auto& [source, part] : parts) {
    index[axis] = source;
    part.input = static_cast<std::uint32_t>(task.inputs.size());
    task.inputs.push_back({0, ravel(index, from_grid)});
    params.parts.push_back(std::move(part));
  }
  task.call = take_kernel(std::move(params));
  return task;
}

MetaPtr MaskedElements::infer_meta() const {
  const ArrayMeta& from = array_meta(array);
  return make_array_meta(from.dtype(),
                         {std::vector<std::int64_t>(static_cast<std::size_t>(from.num_blocks()), kUnknownExtent)});
}

BlockTask MaskedElements::block_task(std::int64_t block) const {
  return {.call = select_kernel(), .inputs = {{0, block}, {1, block}}};
}

MetaPtr SelectAlong::infer_meta() const {
  const ArrayMeta& from = array_meta(array);
  Chunks chunks = from.chunks();
  chunks[axis].assign(chunks[axis].size(), kUnknownExtent);
  return make_array_meta(from.dtype(), std::move(chunks));
}

std::string SelectAlong::describe() const { return fmt::format("axis={}, under a lazy mask", axis); }

BlockTask SelectAlong::block_task(std::int64_t block) const {
  const std::int64_t row = unravel(block, meta().grid())[axis];
  return {.call = select_along_kernel({axis}), .inputs = {{0, block}, {1, row}}};
}

MetaPtr LookUp::infer_meta() const {
  const ArrayMeta& from = array_meta(array);
  const Chunks& places = array_meta(positions).chunks();
  Chunks chunks(from.chunks().begin(), from.chunks().begin() + axis);
  chunks.insert(chunks.end(), places.begin(), places.end());
  chunks.insert(chunks.end(), from.chunks().begin() + axis + 1, from.chunks().end());
  return make_array_meta(from.dtype(), std::move(chunks));
}

BlockTask LookUp::block_task(std::int64_t block) const {
  const auto& known = static_cast<const ArrayMeta&>(meta());
  const auto index = unravel(block, known.grid());
  const auto num_places = static_cast<std::ptrdiff_t>(array_meta(positions).ndim());
  const auto first = index.begin() + axis;
  const std::vector<std::int64_t> place(first, first + num_places);
  std::vector<std::int64_t> source(index.begin(), first);
  source.push_back(0);
  source.insert(source.end(), first + num_places, index.end());
  return {.call = look_up_kernel({axis}),
          .inputs = {{0, ravel(source, array->meta().grid())}, {1, ravel(place, positions->meta().grid())}},
          .output_bytes = known.block_bytes(block)};
}

ExprPtr look_up(ExprPtr array, ExprPtr positions, int axis) {
  const ArrayMeta& from = array_meta(array);
  const ArrayMeta& at = array_meta(positions);
  if (!is_integer(at.dtype()) || from.ndim() == 0 || (from.ndim() > 1 && at.ndim() != 1)) {
    throw index_error(
        fmt::format("lazy positions of dtype {} with {} axes in an array with {}; expected integers along one axis",
                    name(at.dtype()), at.ndim(), from.ndim()));
  }
  Chunks chunks = from.chunks();
  if (chunks[axis].size() > 1) chunks[axis] = {from.shape()[axis]};
  array = rechunk(std::move(array), std::move(chunks));
  return make_expr<LookUp>(std::move(array), std::move(positions), axis);
}

ExprPtr slice(ExprPtr array, Spans spans) { return make_expr<Slice>(std::move(array), std::move(spans)); }

ExprPtr take(ExprPtr array, int axis, std::vector<std::int64_t> positions) {
  return make_expr<Take>(std::move(array), axis, std::move(positions));
}

ExprPtr select(ExprPtr array, ExprPtr mask) {
  const ArrayMeta& from = array_meta(array);
  const ArrayMeta& wanted = array_meta(mask);
  if (!is_bool(wanted.dtype())) {
    throw index_error(fmt::format("a lazy {} array cannot index an array; compute it first, or give a boolean mask",
                                  name(wanted.dtype())));
  }
  if (wanted.shape() != from.shape()) {
    throw index_error(
        fmt::format("the mask has shape {}, but the array has {}", to_string(wanted.shape()), to_string(from.shape())));
  }
  if (from.ndim() != 1) {
    array = reshape(std::move(array), {-1});
    mask = reshape(std::move(mask), {-1});
  }
  if (array_meta(mask).chunks() != array_meta(array).chunks())
    mask = rechunk(std::move(mask), array_meta(array).chunks());
  return make_expr<MaskedElements>(std::move(array), std::move(mask));
}

ExprPtr select_along(ExprPtr array, int axis, ExprPtr mask) {
  const ArrayMeta& from = array_meta(array);
  const ArrayMeta& wanted = array_meta(mask);
  PLAIT_CHECK(axis >= 0 && axis < from.ndim() && is_bool(wanted.dtype()) && wanted.ndim() == 1);
  if (wanted.shape()[0] != from.shape()[axis]) {
    throw index_error(fmt::format("the mask along axis {} has shape {}, but the array has shape {}", axis,
                                  to_string(wanted.shape()), to_string(from.shape())));
  }
  const auto& blocks = from.chunks()[axis];
  if (wanted.chunks()[0] != blocks) mask = rechunk(std::move(mask), Chunks{blocks});
  return make_expr<SelectAlong>(std::move(array), axis, std::move(mask));
}

}  // namespace plait
