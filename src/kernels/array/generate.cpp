#include "kernels/array/generate.h"

#include <algorithm>
#include <cstring>

#include "base/half.h"

namespace plait {
namespace {

// Steps of this many bytes fit the first-level cache and answer a cancellation quickly.
constexpr std::int64_t kStepElements = 1 << 16;

template <class T>
T converted(double value) {
  if constexpr (std::is_same_v<T, Half>)
    return to_half(static_cast<float>(value));
  else
    return static_cast<T>(value);
}
template <class T>
T converted(std::int64_t value) {
  if constexpr (std::is_same_v<T, Half>)
    return to_half(static_cast<float>(value));
  else if constexpr (std::is_same_v<T, std::complex<float>> || std::is_same_v<T, std::complex<double>>)
    return T(static_cast<typename T::value_type>(value));
  else
    return static_cast<T>(value);
}

template <class T>
NdArray filled(const NdArray& value, const Shape& shape, const TaskContext& context) {
  NdArray out = NdArray::empty(value.dtype(), shape);
  const T one = value.item<T>();
  T* to = out.mutable_data<T>();
  const std::int64_t size = out.size();
  for (std::int64_t at = 0; at < size; at += kStepElements) {
    context.check_cancelled();
    std::fill_n(to + at, std::min(kStepElements, size - at), one);
  }
  return out;
}

Value fill_block(Inputs, const FillParams& params, const TaskContext& context) {
  const auto& value = params.value.as<NdArray>();
  if (context.destination()) {
    NdArray place = context.output(value.dtype(), params.shape);
    place.assign(value.broadcast_to(params.shape));
    return Value::of(std::move(place));
  }
  return visit_dtype(value.dtype(), [&](auto type) {
    return Value::of(filled<typename decltype(type)::type>(value, params.shape, context));
  });
}

// In doubles, or in 64-bit integers for integer types, so that neither loses digits that the other keeps.
template <class T>
void fill_range(T* to, const RangeParams& params) {
  if constexpr (std::is_integral_v<T>) {
    // Unsigned arithmetic wraps as NumPy's does.
    const auto start = static_cast<std::uint64_t>(params.integer_start);
    const auto step = static_cast<std::uint64_t>(params.integer_step);
    for (std::int64_t i = 0; i < params.count; ++i) {
      to[i] = converted<T>(static_cast<std::int64_t>(start + static_cast<std::uint64_t>(params.first + i) * step));
    }
  } else {
    for (std::int64_t i = 0; i < params.count; ++i) {
      to[i] = converted<T>(params.start + static_cast<double>(params.first + i) * params.step);
    }
  }
}

Value range_block(Inputs, const RangeParams& params, const TaskContext& context) {
  NdArray out = NdArray::empty(params.dtype, {params.count});
  visit_dtype(params.dtype, [&](auto type) {
    using T = typename decltype(type)::type;
    T* to = out.mutable_data<T>();
    fill_range(to, params);
    if (params.last && params.count > 0) to[params.count - 1] = converted<T>(*params.last);
  });
  if (!context.destination()) return Value::of(std::move(out));
  NdArray place = context.output(params.dtype, {params.count});
  place.assign(out);
  return Value::of(std::move(place));
}

Value eye_block(Inputs, const EyeParams& params, const TaskContext& context) {
  NdArray out = context.output(params.dtype, params.shape);
  visit_dtype(params.dtype, [&](auto type) {
    using T = typename decltype(type)::type;
    out.assign(NdArray::scalar<T>(T{}).broadcast_to(params.shape));
    const T one = converted<T>(std::int64_t{1});
    for (std::int64_t row = std::max<std::int64_t>(0, -params.diagonal); row < params.shape[0]; ++row) {
      const std::int64_t column = row + params.diagonal;
      if (column >= params.shape[1]) break;
      std::memcpy(out.mutable_bytes() + row * out.strides()[0] + column * out.strides()[1], &one, sizeof(T));
    }
  });
  return Value::of(std::move(out));
}

}  // namespace

void register_generate_kernels() {
  define(fill_kernel, "A block in which every element is the same.", fill_block);
  define(range_kernel, "A block of evenly spaced numbers.", range_block);
  define(eye_kernel, "A block of a diagonal of ones.", eye_block);
}

}  // namespace plait
