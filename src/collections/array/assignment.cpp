#include "collections/array/assignment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/check.h"
#include "collections/array/creation.h"
#include "collections/array/layout.h"
#include "collections/array/numbered_places.h"
#include "collections/array/rechunk.h"
#include "collections/array/set_items.h"

namespace plait {
namespace {

const FromArray* in_memory(const ExprPtr& array) { return dynamic_cast<const FromArray*>(array.get()); }

Error not_finite(double found, DType dtype) {
  return value_error(fmt::format("cannot convert float {} to {}", std::isnan(found) ? "NaN" : "infinity", name(dtype)));
}

void check_number_fits(const ElementArgument& given, DType dtype) {
  const ScalarValue& number = given.scalar;
  if (given.is_beyond_64_bits && is_integer(dtype))
    throw overflow_error(fmt::format("Python integer {} out of bounds for {}", to_string(number), name(dtype)));
  if (const auto* real = std::get_if<double>(&number); real && is_integer(dtype) && !std::isfinite(*real))
    throw not_finite(*real, dtype);
  if (!fits(number, dtype))
    throw overflow_error(fmt::format("Python integer {} out of bounds for {}", to_string(number), name(dtype)));
}

void check_memory_fits(const NdArray& values, DType dtype) {
  if (!is_integer(dtype) || !is_floating(values.dtype())) return;
  const NdArray numbers = values.astype(DType::float64).contiguous();
  for (std::int64_t i = 0; i < numbers.size(); ++i) {
    if (!std::isfinite(numbers.data<double>()[i])) throw not_finite(numbers.data<double>()[i], dtype);
  }
}

// The value as an array of the dtype.
ExprPtr converted(const ElementArgument& value, DType dtype) {
  const bool is_complex_value = value.array ? is_complex(array_meta(value.array).dtype())
                                            : is_complex(value.dtype.value_or(dtype_of_scalar(value.scalar)));
  if (is_complex_value && !is_complex(dtype)) {
    throw type_error(
        fmt::format("complex elements cannot be set in an array of dtype {}; take their real parts", name(dtype)));
  }
  if (value.array) {
    if (const auto* memory = in_memory(value.array)) check_memory_fits(memory->array(), dtype);
    return astype(value.array, dtype);
  }
  if (!value.dtype || is_floating(*value.dtype)) check_number_fits(value, dtype);
  const DType own = value.dtype.value_or(dtype);
  NdArray scalar = NdArray::empty(own, {});
  store_scalar(value.scalar, own, scalar.mutable_bytes());
  return from_array(scalar.astype(dtype), Chunks{});
}

std::int64_t size_of(const ExprPtr& array) {
  const ArrayMeta& meta = array_meta(array);
  return meta.is_known() ? num_elements(meta.shape()) : kUnknownExtent;
}

ExprPtr under_mask(const ExprPtr& array, const ExprPtr& mask, const ExprPtr& value) {
  const ArrayMeta& meta = array_meta(array);
  const Shape& shape = array_meta(mask).shape();
  if (shape != meta.shape()) {
    throw index_error(
        fmt::format("the mask has shape {}, but the array has {}", to_string(shape), to_string(meta.shape())));
  }
  if (size_of(value) == 1) return where(mask, reshape(value, {}), array);
  const auto* memory = in_memory(mask);
  if (!memory || array_meta(value).ndim() != 1) {
    throw not_implemented(fmt::format(
        "x[mask] = value is there for one value, but the value has shape {}; use where(mask, values, x) with "
        "values in the shape of x",
        to_string(array_meta(value).shape())));
  }
  // As many values as true elements, in C order.
  const NdArray wanted = memory->array().contiguous();
  NdArray number = NdArray::empty(DType::int64, wanted.shape());
  std::int64_t count = 0;
  for (std::int64_t i = 0; i < wanted.size(); ++i) {
    number.mutable_data<std::int64_t>()[i] = count;
    count += wanted.data<bool>()[i];
  }
  if (size_of(value) != count) {
    throw value_error(
        fmt::format("x[mask] = value: there are {} values for {} true elements of the mask", size_of(value), count));
  }
  if (count == 0) return array;
  for (std::int64_t i = 0; i < number.size(); ++i)
    number.mutable_data<std::int64_t>()[i] = std::min(number.data<std::int64_t>()[i], count - 1);
  return where(mask, look_up(value, from_array(number, meta.chunks())), array);
}

// The value with an axis for each of the array's, stretched no further than it is; axes that a position chose do not
// count in its shape. What goes into an unknown extent is checked when it runs.
ExprPtr fitted(ExprPtr value, const Shape& place, const Axes& dropped) {
  Shape kept;
  for (int axis = 0; axis < static_cast<int>(place.size()); ++axis) {
    if (std::find(dropped.begin(), dropped.end(), axis) == dropped.end()) kept.push_back(place[axis]);
  }
  const Shape given = array_meta(value).shape();
  while (array_meta(value).shape().size() > kept.size() && array_meta(value).shape()[0] == 1)
    value = squeeze(std::move(value), Axes{0});
  const Shape& shape = array_meta(value).shape();
  const std::size_t lead = kept.size() - std::min(kept.size(), shape.size());
  bool fits = shape.size() <= kept.size();
  for (std::size_t axis = 0; fits && axis < shape.size(); ++axis)
    fits = shape[axis] == 1 || shape[axis] == kept[axis + lead] || kept[axis + lead] == kUnknownExtent;
  if (!fits) {
    throw value_error(fmt::format("could not broadcast the value of shape {} into the place of shape {}",
                                  to_string(given), to_string(kept)));
  }
  Axes added;
  for (std::size_t axis = 0; axis < lead; ++axis) added.push_back(static_cast<int>(axis));
  if (!added.empty()) value = expand_dims(std::move(value), added);
  return dropped.empty() ? value : expand_dims(std::move(value), dropped);
}

int num_kept(const Shape& place, const ResolvedIndex& index) {
  return static_cast<int>(place.size() - index.dropped.size());
}

// The value's first axis, which goes with the list of an index, at the place of that axis.
ExprPtr list_axis_back(ExprPtr value, int ndim, int axis) {
  const int missing = ndim - array_meta(value).ndim();
  if (missing < 0) return value;
  Axes added(static_cast<std::size_t>(missing));
  std::iota(added.begin(), added.end(), 0);
  if (!added.empty()) value = expand_dims(std::move(value), added);
  return moveaxis(std::move(value), {0}, {axis});
}

// The value without its axes that stand for those that `None` adds to the place, where it has so many.
ExprPtr without_new_axes(ExprPtr value, int num_kept, const Axes& added) {
  const int missing = num_kept + static_cast<int>(added.size()) - array_meta(value).ndim();
  Axes dropped;
  for (int axis : added) {
    if (axis < missing) continue;
    if (array_meta(value).shape()[axis - missing] != 1) {
      throw value_error(
          fmt::format("could not broadcast the value of shape {} into a place with an axis of one element",
                      to_string(array_meta(value).shape())));
    }
    dropped.push_back(axis - missing);
  }
  return dropped.empty() ? value : squeeze(std::move(value), dropped);
}

// Spans with a negative step are turned around, and the value with them.
ExprPtr at_spans(ExprPtr array, Spans spans, ExprPtr value) {
  Spans turned;
  for (std::size_t axis = 0; axis < spans.size(); ++axis) {
    Span& span = spans[axis];
    const std::int64_t extent = array_meta(value).shape()[axis];
    if (span.step < 0) {
      span = {span.start + (span.count - 1) * span.step, span.count, -span.step};
      turned.push_back({extent - 1, extent, -1});
    } else {
      turned.push_back({0, extent, 1});
    }
  }
  return set_items(std::move(array), spans, slice(std::move(value), std::move(turned)));
}

// A line along one axis that stretches over the others.
ExprPtr stretched(ExprPtr line, int axis, int ndim) {
  Axes added;
  for (int other = 0; other < ndim; ++other) {
    if (other != axis) added.push_back(other);
  }
  return added.empty() ? line : expand_dims(std::move(line), added);
}

// What lies between the spans of the other axes is taken out, changed under a mask, and set again.
ExprPtr at_positions(const ExprPtr& array, const Spans& spans, int axis, const std::vector<std::int64_t>& positions,
                     ExprPtr value) {
  const std::int64_t extent = array_meta(array).shape()[axis];
  NdArray mask = NdArray::zeros(DType::bool_, {extent});
  std::vector<std::int64_t> number(static_cast<std::size_t>(extent), 0);
  for (std::size_t i = 0; i < positions.size(); ++i) {
    mask.mutable_data<bool>()[positions[i]] = true;
    number[static_cast<std::size_t>(positions[i])] = static_cast<std::int64_t>(i);  // the last one wins
  }
  if (array_meta(value).shape()[axis] != 1) value = take(std::move(value), axis, std::move(number));
  const ExprPtr old = slice(array, spans);
  const auto& blocks = array_meta(array).chunks()[axis];
  return at_spans(array, spans, where(stretched(from_array(mask, {blocks}), axis, array_meta(old).ndim()), value, old));
}

// The same at lazy positions, or under a lazy mask with one axis.
ExprPtr at_lazy_positions(const ExprPtr& array, const Spans& spans, int axis, ExprPtr chosen, ExprPtr value) {
  const ExprPtr old = slice(array, spans);
  const auto& blocks = array_meta(array).chunks()[axis];
  const std::int64_t extent = array_meta(array).shape()[axis];
  const std::int64_t num_values = array_meta(value).shape()[axis];
  if (is_bool(array_meta(chosen).dtype()))
    chosen = select_along(arange(std::int64_t{0}, std::int64_t{1}, DType::int64, {blocks}), 0, std::move(chosen));
  const ExprPtr number = rechunk(
      numbered_places(std::move(chosen), extent, axis, num_values == 1 ? kUnknownExtent : num_values), {blocks});
  const ExprPtr mask = stretched(elementwise(ElementOp::greater_equal, {number, ScalarValue(std::int64_t{0})}), axis,
                                 array_meta(array).ndim());
  if (num_values == 0) return at_spans(array, spans, where(mask, ScalarValue(false), old));  // nowhere, or an error
  if (num_values > 1)
    value = look_up(std::move(value), elementwise(ElementOp::maximum, {number, ScalarValue(std::int64_t{0})}), axis);
  return at_spans(array, spans, where(mask, value, old));
}

// How many positions there are; only computing tells what a mask chooses.
std::int64_t num_chosen(const ExprPtr& chosen) {
  const ArrayMeta& meta = array_meta(chosen);
  return is_bool(meta.dtype()) ? kUnknownExtent : meta.shape()[0];
}

}  // namespace

ExprPtr assign(ExprPtr array, const std::vector<IndexItem>& items, const ElementArgument& given) {
  const ArrayMeta& meta = array_meta(array);
  const ExprPtr value = converted(given, meta.dtype());
  if (const auto* alone = items.size() == 1 ? std::get_if<LazyItem>(&items[0]) : nullptr) {
    const ArrayMeta& mask = array_meta(alone->chosen);
    const bool is_line = meta.ndim() == 1 && !in_memory(alone->chosen) && size_of(value) != 1;
    if (is_bool(mask.dtype()) && mask.ndim() == meta.ndim() && !is_line) return under_mask(array, alone->chosen, value);
  }
  if (!meta.is_known()) {
    throw value_error(
        "setting items: an extent of the array is not known before it is computed; call compute_chunk_sizes() first");
  }
  const ResolvedIndex index = resolve_index(items, meta);
  Shape place;
  for (const Span& span : index.spans) place.push_back(span.count);
  for (const auto& [axis, positions] : index.takes) place[axis] = static_cast<std::int64_t>(positions.size());
  for (const auto& [axis, chosen] : index.lazy) place[axis] = num_chosen(chosen);
  if (!index.added.empty() && index.axis_to_front)
    throw not_implemented("setting items at None beside a list apart from a position is not there yet; give no None");
  const ExprPtr plain = without_new_axes(value, num_kept(place, index), index.added);
  const ExprPtr ordered =
      index.axis_to_front ? list_axis_back(plain, num_kept(place, index), *index.axis_to_front) : plain;
  const ExprPtr fitting = fitted(ordered, place, index.dropped);
  if (std::find(place.begin(), place.end(), 0) != place.end()) return array;
  if (!index.lazy.empty()) {
    const auto& [axis, chosen] = index.lazy[0];
    return at_lazy_positions(array, index.spans, axis, chosen, fitting);
  }
  if (index.takes.empty()) return at_spans(std::move(array), index.spans, fitting);
  const auto& [axis, positions] = index.takes[0];
  return at_positions(array, index.spans, axis, positions, fitting);
}

}  // namespace plait
