// Loops that convert elements from one type to another.
#include <complex>

#include "kernels/array/loop_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/array/cast_loops.cpp"
#include "base/half.h"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/array/element_functions.h"
#include "kernels/array/loop_shapes.h"

HWY_BEFORE_NAMESPACE();
namespace plait::HWY_NAMESPACE {
namespace {

template <class To, class From>
[[gnu::always_inline]] inline To convert(From value) {
  using element::is_complex_type;
  if constexpr (std::is_same_v<From, Half>) {
    return convert<To>(to_float(value));
  } else if constexpr (std::is_same_v<To, Half>) {
    if constexpr (is_complex_type<From>)
      return to_half(static_cast<float>(value.real()));
    else
      return to_half(static_cast<float>(value));
  } else if constexpr (is_complex_type<From>) {
    if constexpr (is_complex_type<To>) {
      using Part = typename To::value_type;
      return To(static_cast<Part>(value.real()), static_cast<Part>(value.imag()));
    } else if constexpr (std::is_same_v<To, bool>) {
      return (value.real() != 0) | (value.imag() != 0);
    } else {
      return static_cast<To>(value.real());
    }
  } else if constexpr (is_complex_type<To>) {
    return To(static_cast<typename To::value_type>(value));
  } else if constexpr (std::is_same_v<To, bool>) {
    return value != From(0);
  } else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To> && sizeof(To) < 4) {
    // As the processor does it: through int32, whose low bits remain.
    return static_cast<To>(static_cast<std::int32_t>(value));
  } else {
    return static_cast<To>(value);
  }
}

template <class To, class From>
void cast_loop(void* out_, const TileOperand* operands, std::int64_t n) {
  auto* out = static_cast<To*>(out_);
  const auto* a = static_cast<const From*>(operands[0].data);
  const std::int64_t step = operand_step(operands[0]);
  for (; n > 0; n -= kConstantBlock, out += kConstantBlock, a += step) {
    const std::int64_t m = std::min(n, kConstantBlock);
    _Pragma("GCC ivdep") for (std::int64_t i = 0; i < m; ++i) out[i] = convert<To>(a[i]);
  }
}

}  // namespace

TileLoop cast_in_target(DType from, DType to) {
  return visit_dtype(from, [to]<class FromTag>(FromTag) {
    return visit_dtype(
        to, []<class ToTag>(ToTag) -> TileLoop { return cast_loop<typename ToTag::type, typename FromTag::type>; });
  });
}

}  // namespace plait::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace plait {

HWY_EXPORT(cast_in_target);
TileLoop find_cast(DType from, DType to) { return HWY_DYNAMIC_DISPATCH(cast_in_target)(from, to); }

TileLoop find_loop(ElementOp op, DType loop) {
  // These change nothing but the type, or nothing at all, for such elements.
  using enum ElementOp;
  const bool is_exact = is_bool(loop) || is_integer(loop);
  if (op == positive || ((op == conjugate || op == real) && !is_complex(loop)) ||
      (is_exact && (op == floor || op == ceil || op == trunc || op == nan_to_zero || op == nan_to_one))) {
    return find_cast(loop, loop);
  }
  for (auto find :
       {find_arithmetic_loop, find_comparison_loop, find_math_loop, find_division_loop, find_complex_loop}) {
    if (TileLoop found = find(op, loop)) return found;
  }
  return nullptr;
}

}  // namespace plait
#endif
