#include "plait/array/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "collections/array/api/arguments.h"
#include "collections/array/arguments.h"
#include "collections/array/axes.h"
#include "collections/array/joining.h"
#include "collections/array/layout.h"
#include "collections/array/limits.h"
#include "collections/array/rechunk.h"
#include "plait/array/creation.h"
#include "plait/array/elementwise.h"

namespace plait {
namespace {

// More than any axis has.
constexpr std::int64_t kMostExtent = std::numeric_limits<std::int64_t>::max();

std::vector<Array> each(const std::vector<Array>& arrays, Array (*change)(const Array&, Location)) {
  std::vector<Array> changed;
  for (const Array& array : arrays) changed.push_back(change(array, Location::current()));
  return changed;
}

// An index that takes `part` of one axis.
std::vector<AxisIndex> along(int axis, const AxisIndex& part) {
  std::vector<AxisIndex> index(static_cast<std::size_t>(axis), all);
  index.push_back(part);
  return index;
}

// The array and the axis to work along; the flattened array without one.
std::pair<Array, int> flat_without(const char* what, const Array& array, std::optional<int> axis) {
  if (!axis || (array.ndim() == 0 && names_only_element({*axis}))) return {array.ravel(), 0};
  return {array, normalize_axis(what, *axis, array.ndim())};
}

bool can_cast_within_kind(DType from, DType to) {
  const auto rank = [](DType dtype) {
    return is_bool(dtype) ? 0 : is_unsigned_integer(dtype) ? 1 : is_integer(dtype) ? 2 : is_floating(dtype) ? 3 : 4;
  };
  return rank(from) <= rank(to);
}

Array difference(const Array& later, const Array& earlier) {
  return is_bool(later.dtype()) ? later != earlier : later - earlier;
}

Array rolled_along(const Array& array, std::int64_t shift, int axis) {
  const std::int64_t extent = array.shape()[axis];
  const std::int64_t by = extent > 0 ? ((shift % extent) + extent) % extent : extent == 0 ? 0 : shift;
  if (by == 0) return array;
  return concatenate({array.get(along(axis, slice(-by, {}))), array.get(along(axis, slice({}, -by)))}, axis);
}

// Positions as elements of the flattened axes: one more axis, counted from the end where they are negative.
void add_axis(std::vector<std::int64_t>& flat, const NdArray& positions, int axis, std::int64_t extent) {
  const std::int64_t* at = positions.data<std::int64_t>();
  for (std::size_t i = 0; i < flat.size(); ++i) {
    const std::int64_t position = at[i] < 0 ? at[i] + extent : at[i];
    if (position < 0 || position >= extent)
      throw index_error(fmt::format("index {} is out of bounds for axis {} with size {}", at[i], axis, extent));
    flat[i] = flat[i] * extent + position;
  }
}

// The shape of positions that are broadcast against each other.
Shape points_shape(const std::map<int, NdArray>& positions) {
  std::vector<Chunks> all;
  for (const auto& [axis, at] : positions) {
    if (!is_integer(at.dtype())) {
      throw index_error(
          fmt::format("vindex: positions along axis {} have dtype {}, expected whole numbers", axis, name(at.dtype())));
    }
    auto& extents = all.emplace_back();
    for (std::int64_t extent : at.shape()) extents.push_back({extent});
  }
  return ArrayMeta(DType::int64, common_chunks("vindex", all)).shape();
}

// What `diff` puts before or after the array.
Array beside(const Array& extra, const Array& array, int axis) {
  if (extra.ndim() != 0) return extra;
  Shape shape = array.shape();
  shape[axis] = 1;
  return extra.broadcast_to(shape);
}

// A line stands for a square whose rows it is.
Array as_matrix(const Array& array) {
  return array.ndim() == 1 ? array.broadcast_to({array.shape()[0], array.shape()[0]}) : array;
}

// True at and below diagonal `k` of the last two axes, in the array's chunks.
Array lower_mask(const Array& array, std::int64_t k) {
  const auto chunks = array.chunks();
  if (chunks.size() < 2)
    throw value_error(fmt::format("tril, triu: the array has {} axes, expected one or more", chunks.size()));
  const Shape shape = array.shape();
  const std::size_t rows = chunks.size() - 2;
  return tri(shape[rows], ChunkArgument::per_axis({chunks[rows], chunks[rows + 1]}),
             {.columns = shape[rows + 1], .k = k, .dtype = DType::bool_});
}

}  // namespace

Array concatenate(const std::vector<Array>& arrays, int axis, Location where) {
  const SourceScope scope = source_scope(where);
  return Array(concatenate(exprs_of(arrays), axis));
}

Array stack(const std::vector<Array>& arrays, int axis, Location where) {
  const SourceScope scope = source_scope(where);
  return Array(stack(exprs_of(arrays), axis));
}

Array hstack(const std::vector<Array>& arrays, Location where) {
  const SourceScope scope = source_scope(where);
  const std::vector<Array> wide = each(arrays, atleast_1d);
  return concatenate(wide, !wide.empty() && wide[0].ndim() == 1 ? 0 : 1);
}

Array vstack(const std::vector<Array>& arrays, Location where) {
  const SourceScope scope = source_scope(where);
  return concatenate(each(arrays, atleast_2d), 0);
}

Array dstack(const std::vector<Array>& arrays, Location where) {
  const SourceScope scope = source_scope(where);
  return concatenate(each(arrays, atleast_3d), 2);
}

Array atleast_1d(const Array& array, Location where) { return array.ndim() == 0 ? array.expand_dims(0, where) : array; }

Array atleast_2d(const Array& array, Location where) {
  if (array.ndim() >= 2) return array;
  return array.ndim() == 1 ? array.expand_dims(0, where) : array.expand_dims({0, 1}, where);
}

Array atleast_3d(const Array& array, Location where) {
  if (array.ndim() >= 3) return array;
  if (array.ndim() == 2) return array.expand_dims(2, where);
  return array.ndim() == 1 ? array.expand_dims({0, 2}, where) : array.expand_dims({0, 1, 2}, where);
}

std::vector<Array> broadcast_arrays(const std::vector<Array>& arrays, Location where) {
  const SourceScope scope = source_scope(where);
  std::vector<Chunks> all;
  for (const Array& array : arrays) all.push_back(array.chunks());
  const Shape shape = ArrayMeta(DType::bool_, common_chunks("broadcast_arrays", all)).shape();
  std::vector<Array> stretched;
  for (const Array& array : arrays) stretched.push_back(array.broadcast_to(shape));
  return stretched;
}

Array moveaxis(const Array& array, const std::vector<int>& from, const std::vector<int>& to, Location where) {
  const SourceScope scope = source_scope(where);
  return Array(moveaxis(array.expr(), from, to));
}

Array rollaxis(const Array& array, int axis, int start, Location where) {
  axis = normalize_axis("rollaxis", axis, array.ndim());
  const int before = start == array.ndim() ? start : normalize_axis("rollaxis", start, array.ndim());
  return moveaxis(array, {axis}, {axis < before ? before - 1 : before}, where);
}

Array flip(const Array& array, const ReducedAxes& axes, Location where) {
  std::vector<AxisIndex> index(static_cast<std::size_t>(array.ndim()), all);
  const SliceArgument reversed = slice({}, {}, -1);
  if (!axes.axes()) std::ranges::fill(index, AxisIndex(reversed));
  for (int axis : axes.axes().value_or(Axes{})) index[normalize_axis("flip", axis, array.ndim())] = reversed;
  return array.get(index, where);
}

Array rot90(const Array& array, std::int64_t times, int from, int to, Location where) {
  const SourceScope scope = source_scope(where);
  const Axes axes = normalize_axes("rot90", {from, to}, array.ndim());
  switch (((times % 4) + 4) % 4) {
    case 0:
      return array;
    case 1:
      return flip(array, axes[1]).swapaxes(axes[0], axes[1]);
    case 2:
      return flip(array, {axes[0], axes[1]});
    default:
      return flip(array.swapaxes(axes[0], axes[1]), axes[1]);
  }
}

Array roll(const Array& array, const std::vector<std::int64_t>& shifts, const ReducedAxes& axes, Location where) {
  const SourceScope scope = source_scope(where);
  if (!axes.axes()) {
    const std::int64_t shift = std::accumulate(shifts.begin(), shifts.end(), std::int64_t{0});
    return roll(array.ravel(), {shift}, 0).reshape(array.shape());
  }
  if (shifts.size() != 1 && shifts.size() != axes.axes()->size()) {
    throw value_error(fmt::format("roll: {} shifts are given for {} axes; give one, or one for each", shifts.size(),
                                  axes.axes()->size()));
  }
  Array rolled = array;
  for (std::size_t i = 0; i < axes.axes()->size(); ++i) {
    const int axis = normalize_axis("roll", (*axes.axes())[i], array.ndim());
    rolled = rolled_along(rolled, shifts[shifts.size() == 1 ? 0 : i], axis);
  }
  return rolled;
}

Array take(const Array& array, const AxisIndex& positions, std::optional<int> axis, Location where) {
  const SourceScope scope = source_scope(where);
  const auto [from, along_axis] = flat_without("take", array, axis);
  return from.get(along(along_axis, positions));
}

Array vindex(const Array& array, const std::map<int, NdArray>& positions, Location where) {
  const SourceScope scope = source_scope(where);
  if (positions.empty()) throw index_error("vindex: there is no list of positions; use x[...] for slices alone");
  const Shape points = points_shape(positions);
  std::vector<std::int64_t> flat(static_cast<std::size_t>(num_elements(points)), 0);
  Axes order;
  std::int64_t listed = 1;
  for (const auto& [given, at] : positions) {
    order.push_back(normalize_axis("vindex", given, array.ndim()));
    const std::int64_t extent = array.shape()[order.back()];
    add_axis(flat, at.astype(DType::int64).broadcast_to(points).contiguous(), order.back(), extent);
    listed *= extent;
  }
  Shape rest;
  for (int axis = 0; axis < array.ndim(); ++axis) {
    if (std::ranges::find(order, axis) != order.end()) continue;
    order.push_back(axis);
    rest.push_back(array.shape()[axis]);
  }
  const auto in_front = [&](Shape front) {
    front.insert(front.end(), rest.begin(), rest.end());
    return front;
  };
  return array.transpose(order).reshape(in_front({listed})).get({std::move(flat)}).reshape(in_front(points));
}

Array repeat(const Array& array, std::int64_t times, std::optional<int> axis, Location where) {
  const SourceScope scope = source_scope(where);
  check_at_least("repeat", "repeats", times, 0);
  const auto [from, along_axis] = flat_without("repeat", array, axis);
  Shape shape = from.shape();
  Shape repeated = shape;
  if (shape[along_axis] >= 0) repeated[along_axis] = bounded_product(shape[along_axis], times);
  check_shape("repeat", repeated, array.dtype(), true);
  Shape wide = shape;
  wide.insert(wide.begin() + along_axis + 1, times);
  shape[along_axis] *= times;
  return from.expand_dims(along_axis + 1).broadcast_to(wide).reshape(shape);
}

Array tile(const Array& array, const std::vector<std::int64_t>& times, Location where) {
  const SourceScope scope = source_scope(where);
  Array tiled = array;
  while (tiled.ndim() < static_cast<int>(times.size())) tiled = tiled.expand_dims(0);
  const int lead = tiled.ndim() - static_cast<int>(times.size());
  for (int i = 0; i < static_cast<int>(times.size()); ++i) {
    check_at_least("tile", "reps", times[i], 0);
    check_number("tile", "reps", times[i], bounded_product(times[i], tiled.npartitions()) <= kMostBlocks,
                 fmt::format("a number that makes at most {} chunks", kMostBlocks));
    tiled = times[i] == 0 ? tiled.get(along(lead + i, slice(0, 0)))
                          : concatenate(std::vector<Array>(static_cast<std::size_t>(times[i]), tiled), lead + i);
  }
  return tiled;
}

Array diff(const Array& array, const Differences& how, Location where) {
  const SourceScope scope = source_scope(where);
  check_at_least("diff", "n", how.order, 0);
  if (how.order == 0) return array;
  if (array.ndim() == 0) throw value_error("diff: the array has no axes, expected one or more");
  const int axis = normalize_axis("diff", how.axis, array.ndim());
  std::vector<Array> parts;
  if (how.prepend) parts.push_back(beside(*how.prepend, array, axis));
  parts.push_back(array);
  if (how.append) parts.push_back(beside(*how.append, array, axis));
  Array result = parts.size() == 1 ? array : concatenate(parts, axis);
  // An axis without elements stays as it is.
  for (std::int64_t i = 0; i < how.order && result.shape()[axis] != 0; ++i)
    result = difference(result.get(along(axis, slice(1, {}))), result.get(along(axis, slice({}, -1))));
  return result;
}

Array ediff1d(const Array& array, const std::optional<Array>& end, const std::optional<Array>& begin, Location where) {
  const SourceScope scope = source_scope(where);
  const Array flat = array.ravel();
  std::vector<Array> parts;
  const auto add = [&](const char* name, const std::optional<Array>& part) {
    if (!part) return;
    if (!can_cast_within_kind(part->dtype(), array.dtype())) {
      throw type_error(fmt::format("ediff1d: {} is {}, expected what casts to {}", name, plait::name(part->dtype()),
                                   plait::name(array.dtype())));
    }
    parts.push_back(part->ravel().astype(array.dtype()));
  };
  add("to_begin", begin);
  parts.push_back(flat.get({slice(1, {})}) - flat.get({slice({}, -1)}));
  add("to_end", end);
  return parts.size() == 1 ? parts[0] : concatenate(parts);
}

Array tril(const Array& given, std::int64_t k, Location where) {
  const SourceScope scope = source_scope(where);
  const Array array = as_matrix(given);
  return plait::where(lower_mask(array, k), array, typed(array, 0));
}

Array triu(const Array& given, std::int64_t k, Location where) {
  const SourceScope scope = source_scope(where);
  const Array array = as_matrix(given);
  return plait::where(lower_mask(array, std::max(k, -kMostExtent) - 1), typed(array, 0), array);
}

}  // namespace plait
