#include "kernels/array/combine.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/check.h"
#include "kernels/array/reduce_loops.h"

namespace plait {
namespace {

using enum ReduceOp;

bool is_mean(ReduceOp op) { return op == mean || op == nanmean; }
bool is_moment(ReduceOp op) { return op == var || op == std || op == nanvar || op == nanstd; }

NdArray no_array() { return NdArray::wrap(DType::float64, {}, {}, nullptr, nullptr); }

struct Partial {
  NdArray a = no_array();
  NdArray b = no_array();
  NdArray c = no_array();
  std::int64_t count = 0;  // mean
};

Partial partial_of(ReduceOp op, const Value& value) {
  Partial partial;
  const auto* parts = value.get_if<Sequence>();
  if (!parts) {
    partial.a = value.as<NdArray>().contiguous();
    return partial;
  }
  const auto part = [&](std::size_t i) { return parts->items.at(i).as<NdArray>().contiguous(); };
  if (op == mean) {
    partial.count = part(0).item<std::int64_t>();
    partial.a = part(1);
  } else if (op == nanmean) {
    partial.c = part(0);
    partial.a = part(1);
  } else if (is_moment(op)) {
    partial.c = part(0);
    partial.a = part(1);
    partial.b = part(2);
  } else {
    partial.a = part(0);
    partial.b = part(1);
  }
  return partial;
}

ReduceSlots slots_of(Partial& partial) {
  return {partial.a.mutable_bytes(), partial.b.mutable_bytes(), partial.c.mutable_bytes()};
}

template <class T>
void divide(const NdArray& total, const std::int64_t* counts, std::int64_t count, NdArray& out) {
  const T* from = total.data<T>();
  T* to = out.mutable_data<T>();
  for (std::int64_t i = 0; i < total.size(); ++i) to[i] = from[i] / static_cast<double>(counts ? counts[i] : count);
}

NdArray mean_of(const Partial& partial) {
  NdArray out = NdArray::empty(partial.a.dtype(), partial.a.shape());
  const std::int64_t* counts = partial.c.bytes() ? partial.c.data<std::int64_t>() : nullptr;
  if (partial.a.dtype() == DType::complex128)
    divide<std::complex<double>>(partial.a, counts, partial.count, out);
  else
    divide<double>(partial.a, counts, partial.count, out);
  return out;
}

NdArray variance_of(const Partial& partial, double ddof, bool takes_root) {
  NdArray out = NdArray::empty(DType::float64, partial.b.shape());
  const auto* squares = partial.b.data<double>();
  const auto* counts = partial.c.data<double>();
  auto* to = out.mutable_data<double>();
  for (std::int64_t i = 0; i < out.size(); ++i) {
    // Fewer elements than ddof: NumPy divides by zero.
    const double degrees = std::max(counts[i] - ddof, 0.0);
    to[i] = squares[i] / degrees;
    if (takes_root) to[i] = std::sqrt(to[i]);
  }
  return out;
}

void check_found(ReduceOp op, const NdArray& positions) {
  const auto* at = positions.data<std::int64_t>();
  for (std::int64_t i = 0; i < positions.size(); ++i) {
    if (at[i] < 0) {
      throw value_error(op == nanargmin || op == nanargmax
                            ? "All-NaN slice encountered"
                            : "attempt to get " + std::string(name(op)) + " of an empty sequence");
    }
  }
}

bool has_no_identity(ReduceOp op) { return op == min || op == max || op == nanmin || op == nanmax; }

// The partial of a block without elements, where there is no identity to stand for it. Only arrays whose extents were
// not known beforehand, or with empty blocks, have such.
Value nothing() { return Value::of(Sequence{}); }
bool is_nothing(const Value& partial) {
  const auto* parts = partial.get_if<Sequence>();
  return parts && parts->items.empty();
}

Error empty_error(ReduceOp op) {
  return value_error(std::string(name(op)) + ": zero-size array to reduction operation " +
                     (op == min || op == nanmin ? "minimum" : "maximum") + " which has no identity");
}

NdArray finished(ReduceOp op, const Partial& partial, double ddof) {
  if (is_mean(op)) return mean_of(partial);
  if (is_moment(op)) return variance_of(partial, ddof, op == std || op == nanstd);
  if (is_arg_reduction(op)) {
    check_found(op, partial.b);
    return partial.b;
  }
  return partial.a;
}

// The reduced axes have extent one: they stay or go.
Shape result_shape(const Shape& shape, const CombineParams& params) {
  if (params.keepdims) return shape;
  Shape kept;
  for (int axis = 0; axis < static_cast<int>(shape.size()); ++axis) {
    if (std::find(params.axes.begin(), params.axes.end(), axis) == params.axes.end()) kept.push_back(shape[axis]);
  }
  return kept;
}

Value finish(Partial& partial, const CombineParams& params, const TaskContext& context) {
  const NdArray result =
      finished(params.op, partial, params.ddof).astype(params.dtype).reshaped(result_shape(partial.a.shape(), params));
  if (context.destination() == nullptr) return Value::of(result);
  NdArray out = context.output(params.dtype, result.shape());
  out.assign(result);
  return Value::of(std::move(out));
}

}  // namespace

Value make_partial(ReduceOp op, NdArray a, NdArray b, NdArray c, std::int64_t count) {
  if (has_no_identity(op) && count == 0 && a.size() > 0) return nothing();
  if (op == mean)
    return Value::of(Sequence{{Value::of(NdArray::scalar<std::int64_t>(count)), Value::of(std::move(a))}});
  if (op == nanmean) return Value::of(Sequence{{Value::of(std::move(c)), Value::of(std::move(a))}});
  if (is_moment(op))
    return Value::of(Sequence{{Value::of(std::move(c)), Value::of(std::move(a)), Value::of(std::move(b))}});
  if (is_arg_reduction(op)) return Value::of(Sequence{{Value::of(std::move(a)), Value::of(std::move(b))}});
  return Value::of(std::move(a));
}

Value combine_partials(Inputs partials, const CombineParams& params, const TaskContext& context) {
  const auto found = std::find_if_not(partials.begin(), partials.end(), is_nothing);
  if (found == partials.end()) {
    if (params.is_last) throw empty_error(params.op);
    return nothing();
  }
  Partial first = partial_of(params.op, *found);
  // A partial's own type serves as the elements': int64, uint64, float64 and complex128 are totals of themselves.
  const ReduceLoops loops = find_reduce_loops(params.op, first.a.dtype());
  const Shape shape = first.a.shape();
  const std::int64_t num_slots = num_elements(shape);
  Partial all;
  all.a = NdArray::empty(loops.a, shape);
  PLAIT_CHECK(all.a.dtype() == first.a.dtype());
  if (loops.num_arrays > 1) all.b = NdArray::empty(loops.b, shape);
  if (loops.num_arrays > 2) all.c = NdArray::empty(loops.c, shape);
  const ReduceSlots slots = slots_of(all);
  loops.start(slots, num_slots);
  for (const Value& value : partials) {
    context.check_cancelled();
    if (is_nothing(value)) continue;
    Partial part = partial_of(params.op, value);
    if (part.a.shape() != shape) {
      throw value_error("blocks that are reduced together must have one extent along the other axes, but they leave " +
                        to_string(shape) + " and " + to_string(part.a.shape()) + " elements");
    }
    loops.merge(slots, slots_of(part), num_slots);
    all.count += part.count;
  }
  loops.close(slots, num_slots);
  if (params.is_last) return finish(all, params, context);
  return make_partial(params.op, all.a, all.b, all.c, params.op == mean ? all.count : 1);
}

Value finish_partial(const Value& partial, const CombineParams& params, const TaskContext& context) {
  if (is_nothing(partial)) throw empty_error(params.op);
  Partial parts = partial_of(params.op, partial);
  return finish(parts, params, context);
}

}  // namespace plait
