#include "kernels/array/cumulate.h"

#include <complex>
#include <vector>

#include "base/check.h"
#include "base/half.h"
#include "kernels/array/element_values.h"
#include "kernels/array/lines.h"

namespace plait {
namespace {

struct Plus {
  template <class T>
  static T identity() {
    return T(0);
  }
  template <class T>
  static T run(T a, T b) {
    if constexpr (std::is_same_v<T, bool>)
      return a || b;
    else if constexpr (std::is_integral_v<T>)
      return static_cast<T>(static_cast<element::Wrapping<T>>(a) + static_cast<element::Wrapping<T>>(b));
    else
      return a + b;
  }
};

struct Times {
  template <class T>
  static T identity() {
    return T(1);
  }
  template <class T>
  static T run(T a, T b) {
    if constexpr (std::is_same_v<T, bool>)
      return a && b;
    else if constexpr (std::is_integral_v<T>)
      return static_cast<T>(static_cast<element::Wrapping<T>>(a) * static_cast<element::Wrapping<T>>(b));
    else if constexpr (element::is_complex_type<T>)  // NumPy's product: no second look at infinities
      return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
    else
      return a * b;
  }
};

// float16 is added in float32 and rounded at every step, as NumPy does.
template <class F>
Half run(F, Half a, Half b) {
  return to_half(F::template run<float>(to_float(a), to_float(b)));
}
template <class F, class T>
T run(F, T a, T b) {
  return F::template run<T>(a, b);
}
template <class F, class T>
T identity() {
  if constexpr (std::is_same_v<T, Half>)
    return to_half(F::template identity<float>());
  else
    return F::template identity<T>();
}

// Calls f(F{}, TypeTag<T>{}) for the operation F and the type T of elements.
template <class Then>
void visit(CumulateOp op, DType dtype, Then&& then) {
  visit_dtype(dtype, [&](auto tag) {
    if (op == CumulateOp::sum)
      then(Plus{}, tag);
    else
      then(Times{}, tag);
  });
}

// The running values of all lines of one (outer) step go on in `totals`; each is written, or only kept.
template <class F, class T, bool writes>
void accumulate(const T* from, T* to, T* totals, const Lines& lines, const TaskContext& context) {
  if (lines.inner == 1) {
    T total = totals[0];
    for (std::int64_t first = 0; first < lines.extent; first += kElementsBetweenChecks) {
      context.check_cancelled();
      const std::int64_t end = std::min(lines.extent, first + kElementsBetweenChecks);
      for (std::int64_t i = first; i < end; ++i) {
        total = run(F{}, total, from[i]);
        if constexpr (writes) to[i] = total;
      }
    }
    totals[0] = total;
    return;
  }
  for (std::int64_t i = 0; i < lines.extent; ++i) {
    context.check_cancelled();
    const T* row = from + i * lines.inner;
    for (std::int64_t j = 0; j < lines.inner; ++j) {
      totals[j] = run(F{}, totals[j], row[j]);
      if constexpr (writes) to[i * lines.inner + j] = totals[j];
    }
  }
}

// What comes before, one value a line; the identity where nothing does.
NdArray starts(const NdArray& first, Inputs inputs, const CumulateParams& params) {
  if (params.has_offset) {
    const NdArray& offsets = inputs.back().as<NdArray>();
    return offsets.sliced(params.axis, params.offset_position, 1).copy();
  }
  Shape shape = first.shape();
  shape[params.axis] = 1;
  NdArray start = NdArray::empty(first.dtype(), shape);
  visit(params.op, first.dtype(), [&]<class F, class Tag>(F, Tag) {
    using T = typename Tag::type;
    std::fill_n(start.mutable_data<T>(), start.size(), identity<F, T>());
  });
  return start;
}

Value cumulate(Inputs inputs, const CumulateParams& params, const TaskContext& context) {
  const NdArray block = inputs[0].as<NdArray>().contiguous();
  NdArray running = starts(block, inputs, params);
  const Lines lines = lines_along(block.shape(), params.axis);
  return filled_output(context, block.dtype(), block.shape(), [&](NdArray& out) {
    visit(params.op, block.dtype(), [&]<class F, class Tag>(F, Tag) {
      using T = typename Tag::type;
      const std::int64_t step = lines.extent * lines.inner;
      for (std::int64_t o = 0; o < lines.outer; ++o) {
        accumulate<F, T, true>(block.data<T>() + o * step, out.mutable_data<T>() + o * step,
                               running.mutable_data<T>() + o * lines.inner, lines, context);
      }
    });
  });
}

void add_total(const NdArray& block, NdArray& running, const CumulateParams& params, const TaskContext& context) {
  const NdArray from = block.contiguous();
  const Lines lines = lines_along(from.shape(), params.axis);
  visit(params.op, from.dtype(), [&]<class F, class Tag>(F, Tag) {
    using T = typename Tag::type;
    const std::int64_t step = lines.extent * lines.inner;
    for (std::int64_t o = 0; o < lines.outer; ++o) {
      accumulate<F, T, false>(from.data<T>() + o * step, nullptr, running.mutable_data<T>() + o * lines.inner, lines,
                              context);
    }
  });
}

Value cumulate_total(Inputs inputs, const CumulateParams& params, const TaskContext& context) {
  NdArray running = starts(inputs[0].as<NdArray>(), inputs, params);
  for (const Value& input : inputs) add_total(input.as<NdArray>(), running, params, context);
  return Value::of(std::move(running));
}

Value cumulate_offsets(Inputs inputs, const CumulateParams& params, const TaskContext& context) {
  const Inputs totals = params.has_offset ? inputs.first(inputs.size() - 1) : inputs;
  NdArray running = starts(totals[0].as<NdArray>(), inputs, params);
  Shape shape = running.shape();
  shape[params.axis] = static_cast<std::int64_t>(totals.size());
  NdArray out = context.output(running.dtype(), shape);
  for (std::size_t i = 0; i < totals.size(); ++i) {
    out.sliced(params.axis, static_cast<std::int64_t>(i), 1).assign(running);
    add_total(totals[i].as<NdArray>(), running, params, context);
  }
  return Value::of(std::move(out));
}

}  // namespace

void register_cumulate_kernels() {
  define(cumulate_kernel, "Running totals of a block along an axis.", cumulate);
  define(cumulate_total_kernel, "What blocks add up to along an axis.", cumulate_total);
  define(cumulate_offsets_kernel, "What comes before each of some blocks along an axis.", cumulate_offsets);
}

}  // namespace plait
