#include "collections/array/quantile.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "collections/array/arguments.h"
#include "collections/array/elementwise.h"
#include "collections/array/layout.h"
#include "collections/array/limits.h"
#include "collections/array/quantile_by_ranks.h"
#include "collections/array/rechunk.h"
#include "collections/array/rechunk_plan.h"

namespace plait {
namespace {

// The array with the given axes as one last axis.
ExprPtr with_axes_last(ExprPtr array, const Axes& axes) {
  const Shape extents = array_meta(array).shape();
  Axes order;
  Shape shape;
  for (int axis = 0; axis < static_cast<int>(extents.size()); ++axis) {
    if (std::find(axes.begin(), axes.end(), axis) != axes.end()) continue;
    order.push_back(axis);
    shape.push_back(extents[axis]);
  }
  order.insert(order.end(), axes.begin(), axes.end());
  array = transpose(std::move(array), order);
  if (axes.size() != 1) {
    // Not -1: with an axis of no elements it would have no meaning.
    std::int64_t merged = 1;
    for (int axis : axes) merged *= extents[axis];
    shape.push_back(merged);
    array = reshape(std::move(array), shape);
  }
  return array;
}

ExprPtr over_axes(std::string_view what, ExprPtr array, const Axes& given, bool keepdims, LineQuantileParams params) {
  Axes axes = normalize_axes(what, given, array_meta(array).ndim());
  ExprPtr result = make_expr<Quantile>(with_axes_last(std::move(array), axes), std::string(what), std::move(params));
  if (!keepdims) return result;
  const auto& node = static_cast<const Quantile&>(*result);
  for (int& axis : axes) axis += node.params.has_q_axis ? 1 : 0;
  return expand_dims(std::move(result), axes);
}

// Of each of these a task holds several: those that it counts and those that it adds up.
constexpr std::int64_t kCountsAtOnce = 8;

// Blocks of at most so many lines along the last axis, which keeps its own.
Chunks with_few_lines(Chunks chunks, std::int64_t most) {
  std::int64_t lines = 1;
  for (auto blocks = chunks.begin(); blocks + 1 != chunks.end(); ++blocks)
    lines = bounded_product(lines, std::ranges::max(*blocks));
  for (auto axis = chunks.begin(); axis + 1 != chunks.end() && lines > most; ++axis) {
    const std::int64_t extent = std::ranges::max(*axis);
    const std::int64_t others = lines / std::max<std::int64_t>(1, extent);
    const std::int64_t wanted = std::max<std::int64_t>(1, most / std::max<std::int64_t>(1, others));
    std::vector<std::int64_t> cut;
    for (std::int64_t block : *axis) {
      for (; block > wanted; block -= wanted) cut.push_back(wanted);
      cut.push_back(block);
    }
    *axis = std::move(cut);
    lines = bounded_product(others, std::min(extent, wanted));
  }
  return chunks;
}

DType real_or_float(DType dtype) { return is_floating(dtype) || is_complex(dtype) ? dtype : DType::float64; }

}  // namespace

std::string Quantile::describe() const {
  return params.method == QuantileMethod::median ? "" : fmt::format("q=[{}]", fmt::join(params.q, ", "));
}

MetaPtr Quantile::infer_meta() const {
  const Chunks& from = array_meta(array).chunks();
  Chunks chunks(from.begin(), from.end() - 1);
  if (params.has_q_axis) chunks.insert(chunks.begin(), {static_cast<std::int64_t>(params.q.size())});
  return make_array_meta(params.dtype, std::move(chunks));
}

ExprPtr Quantile::lower() const {
  const ArrayMeta& from = array_meta(array);
  const auto limit = static_cast<std::int64_t>(rechunk_task_bytes());
  if (!from.is_known() || from.chunks().back().size() == 1) return nullptr;
  const std::int64_t line = bounded_product(from.shape().back(), static_cast<std::int64_t>(item_size(from.dtype())));
  const bool is_by_ranks = line > limit && !is_complex(from.dtype());
  const std::int64_t most_lines =
      std::max<std::int64_t>(1, is_by_ranks ? limit / count_bytes(from.dtype(), params) / kCountsAtOnce
                                            : limit / std::max<std::int64_t>(1, line));
  Chunks chunks = with_few_lines(from.chunks(), most_lines);
  if (!is_by_ranks && chunks == from.chunks()) return nullptr;
  const ExprPtr few = rechunk(array, std::move(chunks));
  ExprPtr result = is_by_ranks ? quantile_by_ranks(label, few, params) : make_expr<Quantile>(few, label, params);
  return rechunk(std::move(result), static_cast<const ArrayMeta&>(meta()).chunks());
}

BlockTask Quantile::block_task(std::int64_t block) const {
  const auto from_grid = array->meta().grid();
  auto index = unravel(block, meta().grid());
  if (params.has_q_axis) index.erase(index.begin());
  index.push_back(0);
  BlockTask task{.call = quantile_kernel(params),
                 .output_bytes = static_cast<const ArrayMeta&>(meta()).block_bytes(block)};
  for (; index.back() < from_grid.back(); ++index.back()) task.inputs.push_back({0, ravel(index, from_grid)});
  return task;
}

ExprPtr median(std::string_view what, ExprPtr array, const Axes& axes, bool keepdims, bool skips_nan) {
  const DType dtype = real_or_float(array_meta(array).dtype());
  return over_axes(what, std::move(array), axes, keepdims,
                   {.method = QuantileMethod::median, .q = {0.5}, .skips_nan = skips_nan, .dtype = dtype});
}

ExprPtr quantile(std::string_view what, ExprPtr array, const std::vector<double>& q, bool is_list,
                 const QuantileOptions& options) {
  const ArrayMeta& from = array_meta(array);
  if (is_complex(from.dtype()))
    throw type_error(fmt::format("{}: the array is {}, expected real numbers", what, name(from.dtype())));
  for (double one : q) check_number(what, "q", one, one >= 0 && one <= 1, "a number between 0 and 1");
  QuantileMethod method = parse_quantile_method(what, options.method);
  // Only the ends are whole numbers, and at the ends every method gives the element there.
  if (options.q_dtype && !is_floating(*options.q_dtype)) method = QuantileMethod::lower;
  if (is_bool(from.dtype()) && !gives_elements(method)) {
    throw type_error(fmt::format("{}: method '{}' interpolates, but the array is bool; use astype, or 'nearest'", what,
                                 options.method));
  }
  const Axes axes = normalize_axes(what, options.axes, from.ndim());
  for (int axis : axes) {
    if (from.shape()[axis] == 0)
      throw index_error(
          fmt::format("{}: axis {} of the array of shape {} has no elements", what, axis, to_string(from.shape())));
  }
  DType dtype = from.dtype();
  if (!gives_elements(method)) dtype = options.q_dtype ? promote(dtype, *options.q_dtype) : real_or_float(dtype);
  // Results in a narrower type are interpolated in it.
  if (dtype != DType::float64) array = astype(std::move(array), dtype);
  return over_axes(what, std::move(array), options.axes, options.keepdims,
                   {.method = method, .q = q, .has_q_axis = is_list, .skips_nan = options.skips_nan, .dtype = dtype});
}

}  // namespace plait
