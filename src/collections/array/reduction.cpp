#include "collections/array/reduction.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "base/contains.h"
#include "base/settings.h"
#include "collections/array/arguments.h"
#include "collections/array/axes.h"
#include "collections/array/elementwise.h"
#include "collections/array/fuse.h"
#include "collections/array/limits.h"
#include "kernels/array/combine.h"

namespace plait {
namespace {

using enum ReduceOp;

// What Dask calls the three levels of a reduction's tree.
struct Labels {
  std::string leaf, partial, last;
};
Labels labels_of(ReduceOp op) {
  const std::string own(name(op));
  switch (op) {
    case mean:
    case nanmean:
      return {"mean_chunk", "mean_combine-partial", "mean_agg-aggregate"};
    case var:
    case std:
      return {"var", "var-partial", "var-aggregate"};
    case nanvar:
    case nanstd:
      return {"moment_chunk", "moment_combine-partial", "moment_agg-aggregate"};
    case min:
    case max:
      return {"chunk_" + own, "chunk_" + own + "-partial", own + "-aggregate"};
    case nansum:
      return {own, "sum-partial", "sum-aggregate"};
    case nanprod:
      return {own, "prod-partial", "prod-aggregate"};
    case nanmin:
    case nanmax:
      return {own + "_skip", "_" + own + "_skip-partial", "_" + own + "_skip-aggregate"};
    case argmin:
    case argmax:
      return {"arg-reduce", "arg_combine-partial", "arg_agg-aggregate"};
    case nanargmin:
    case nanargmax:
      return {"arg-reduce", "arg_combine-partial", "nanarg_agg-aggregate"};
    default:
      return {own, own + "-partial", own + "-aggregate"};
  }
}

// Chunks when the blocks along `axes` have become one (finished), or one element each.
Chunks reduced_chunks(const Chunks& chunks, const std::vector<int>& axes, bool keepdims) {
  Chunks kept;
  for (int axis = 0; axis < static_cast<int>(chunks.size()); ++axis) {
    if (!contains(axes, axis))
      kept.push_back(chunks[axis]);
    else if (keepdims)
      kept.push_back({1});
  }
  return kept;
}

// Blocks combined in one task along each axis, by Dask's rule.
std::map<int, std::int64_t> split_of(ReduceOp op, const ReduceOptions& options, const std::vector<int>& axes,
                                     int ndim) {
  std::map<int, std::int64_t> split;
  if (!options.split_every_axis.empty()) {
    std::map<int, std::int64_t> split_axes;
    for (const auto& [axis, count] : options.split_every_axis) {
      check_at_least(name(op), "split_every", count, 1);
      split_axes[normalize_axis(name(op), axis, ndim)] = count;
    }
    for (int axis : axes) {
      const auto given = split_axes.find(axis);
      split[axis] = std::clamp<std::int64_t>(given == split_axes.end() ? 2 : given->second, 2, kMostBlocks);
    }
    return split;
  }
  const std::int64_t wanted = options.split_every.value_or(config::get_int(config::setting::split_every));
  check_at_least(name(op), "split_every", wanted, 1);
  const std::int64_t all = std::min(wanted, kMostBlocks);
  const double each = std::pow(static_cast<double>(all), 1.0 / std::max<double>(1, static_cast<double>(axes.size())));
  for (int axis : axes) split[axis] = std::max<std::int64_t>(static_cast<std::int64_t>(each + 1e-9), 2);
  return split;
}

bool has_no_identity(ReduceOp op) {
  return op == min || op == max || op == nanmin || op == nanmax || is_arg_reduction(op);
}

bool may_be_nan(DType dtype) { return is_floating(dtype) || is_complex(dtype); }

void check_not_empty(ReduceOp op, const ArrayMeta& meta, const std::vector<int>& axes) {
  if (!has_no_identity(op)) return;
  const bool is_empty = std::ranges::any_of(axes, [&](int axis) { return meta.shape()[axis] == 0; });
  if (!is_empty) return;
  if (is_arg_reduction(op)) throw value_error(fmt::format("attempt to get {} of an empty sequence", name(op)));
  throw value_error(fmt::format("{}: zero-size array to reduction operation {} which has no identity; its shape is {}",
                                name(op), op == min || op == nanmin ? "minimum" : "maximum", to_string(meta.shape())));
}

bool is_nan_statistic(ReduceOp op) { return op == nanmean || op == nanvar || op == nanstd; }

// Sums and their like of a single element take its axis, too; means and variances do not, unless they look for NaN.
bool takes_axis_of_element(ReduceOp op, DType dtype) {
  if (is_nan_statistic(op)) return may_be_nan(dtype);
  return op != mean && op != var && op != std;
}

std::vector<int> axes_of(ReduceOp op, const ArrayMeta& meta, const ReduceOptions& options) {
  std::vector<int> axes;
  if (!options.axes) {
    for (int axis = 0; axis < meta.ndim(); ++axis) axes.push_back(axis);
    return axes;
  }
  const bool is_element = meta.ndim() == 0 && names_only_element(*options.axes);
  if (is_element && takes_axis_of_element(op, meta.dtype())) return {};
  axes = normalize_axes(name(op), *options.axes, meta.ndim());
  std::sort(axes.begin(), axes.end());
  return axes;
}

}  // namespace

std::string Reduce::describe() const { return fmt::format("axes=[{}], keepdims={}", fmt::join(axes, ", "), keepdims); }

MetaPtr Reduce::infer_meta() const {
  return make_array_meta(result, reduced_chunks(array_meta(array).chunks(), axes, keepdims));
}

ExprPtr Reduce::lower() const {
  const ArrayMeta& from = array_meta(array);
  const Labels labels = labels_of(reduce_op);
  CombineParams last{
      .op = reduce_op, .is_last = true, .dtype = result, .axes = axes, .keepdims = keepdims, .ddof = ddof};
  const bool is_one_block =
      std::all_of(axes.begin(), axes.end(), [&](int axis) { return from.chunks()[axis].size() == 1; });

  RegionBuilder region(from.chunks());
  std::uint16_t value = region.add_array(array);
  // NaN is left out before numbers become whole ones.
  const DType type = may_be_nan(element) ? element : from.dtype();
  if (may_be_nan(type)) {
    value = region.add_cast(value, type);
    if (reduce_op == nansum) value = region.add_step(ElementOp::nan_to_zero, type, type, {value});
    if (reduce_op == nanprod) value = region.add_step(ElementOp::nan_to_one, type, type, {value});
  }
  value = region.add_cast(value, element);
  TileReduction reduction{.op = reduce_op, .axes = axes};
  if (is_arg_reduction(reduce_op)) reduction.array_shape = from.shape();
  if (is_one_block) reduction.finish = last;
  ExprPtr tree = region.finish(is_one_block ? labels.last : labels.leaf, value, std::move(reduction));
  if (is_one_block) return tree;

  const auto blocks_along = [&](int axis) { return static_cast<std::int64_t>(array_meta(tree).chunks()[axis].size()); };
  const auto fits_one_task = [&] {
    return std::all_of(axes.begin(), axes.end(), [&](int axis) { return blocks_along(axis) <= split_every.at(axis); });
  };
  CombineParams inner = last;
  inner.is_last = false;
  while (!fits_one_task()) tree = make_expr<CombineBlocks>(tree, inner, split_every, labels.partial);
  return make_expr<CombineBlocks>(tree, last, split_every, labels.last);
}

MetaPtr CombineBlocks::infer_meta() const {
  const ArrayMeta& from = array_meta(partials);
  if (params.is_last) return make_array_meta(params.dtype, reduced_chunks(from.chunks(), params.axes, params.keepdims));
  Chunks chunks = from.chunks();
  for (const auto& [axis, size] : group) {
    const auto num_blocks = static_cast<std::int64_t>(chunks[axis].size());
    chunks[axis].assign(static_cast<std::size_t>((num_blocks + size - 1) / size), 1);
  }
  return make_array_meta(from.dtype(), std::move(chunks));
}

BlockTask CombineBlocks::block_task(std::int64_t block) const {
  const std::vector<std::int64_t> from_grid = partials->meta().grid();
  // The grid of groups has all axes, whether the result keeps them or not.
  std::vector<std::int64_t> groups = from_grid;
  for (const auto& [axis, size] : group) groups[axis] = (from_grid[axis] + size - 1) / size;
  const std::vector<std::int64_t> at = unravel(block, groups);

  std::vector<std::int64_t> first = at;
  std::vector<std::int64_t> count(at.size(), 1);
  std::int64_t num_inputs = 1;
  for (const auto& [axis, size] : group) {
    first[axis] = at[axis] * size;
    count[axis] = std::min(size, from_grid[axis] - first[axis]);
    num_inputs *= count[axis];
  }
  BlockTask task{.call = combine_kernel(params)};
  for (std::int64_t i = 0; i < num_inputs; ++i) {
    std::vector<std::int64_t> index = unravel(i, count);
    for (std::size_t axis = 0; axis < index.size(); ++axis) index[axis] += first[axis];
    task.inputs.push_back({0, ravel(index, from_grid)});
  }
  task.output_bytes = static_cast<const ArrayMeta&>(meta()).block_bytes(block);
  return task;
}

ExprPtr reduce(ReduceOp op, ExprPtr array, const ReduceOptions& options) {
  const ArrayMeta& meta = array_meta(array);
  const std::vector<int> axes = axes_of(op, meta, options);
  if (is_arg_reduction(op)) {
    if (options.axes && options.axes->size() != 1) {
      throw type_error(
          fmt::format("{}: axis must be one axis or none, but {} were given", name(op), options.axes->size()));
    }
    if (!meta.is_known()) {
      throw value_error(
          fmt::format("{}: the array has chunks of unknown extent; call compute_chunk_sizes() first", name(op)));
    }
  }
  if (meta.is_known()) check_not_empty(op, meta, axes);
  if (is_nan_statistic(op) && options.dtype && may_be_nan(meta.dtype()) && !may_be_nan(*options.dtype)) {
    throw type_error(fmt::format("{}: dtype is {}, expected a floating or complex type, as the array is {}", name(op),
                                 name(*options.dtype), name(meta.dtype())));
  }
  // The elements are counted in the wanted type, as in NumPy: the mean of 1.5 and 2.5 in integers is 1.
  const bool is_mean = op == ReduceOp::mean || op == ReduceOp::nanmean;
  if (is_mean && options.dtype && is_integer(*options.dtype) && !is_integer(meta.dtype()) && !is_bool(meta.dtype()))
    return reduce(op, astype(array, *options.dtype), options);
  return make_expr<Reduce>(op, array, axes, options.keepdims, options.ddof,
                           reduce_element_dtype(op, meta.dtype(), options.dtype),
                           reduced_dtype(op, meta.dtype(), options.dtype), split_of(op, options, axes, meta.ndim()));
}

}  // namespace plait
