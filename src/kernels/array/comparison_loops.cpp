// Loops of comparison, logic, bits, tests and choice.
#include <complex>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/array/comparison_loops.cpp"
#define HWY_DISABLED_TARGETS (HWY_AVX3_DL | HWY_AVX3 | HWY_SSE4 | HWY_SSSE3)
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/array/element_functions.h"
#include "kernels/array/loop_shapes.h"

HWY_BEFORE_NAMESPACE();
namespace plait::HWY_NAMESPACE {
namespace {

PLAIT_LOOP_SHAPES

#define PLAIT_ALL_TYPES bool, PLAIT_INTEGER_TYPES, PLAIT_FLOAT_TYPES, PLAIT_COMPLEX_TYPES

template <class F, class... Ts>
TileLoop pick_where(DType dtype) {
  TileLoop loop = nullptr;
  ((dtype == dtype_of<Ts> ? void(loop = ternary_loop<F, Ts, bool>) : void()), ...);
  return loop;
}

TileLoop find(ElementOp op, DType dtype) {
  namespace e = element;
  using enum ElementOp;
  switch (op) {
    case equal:
      return pick_binary<e::Equal, PLAIT_ALL_TYPES>(dtype);
    case not_equal:
      return pick_binary<e::NotEqual, PLAIT_ALL_TYPES>(dtype);
    case less:
      return pick_binary<e::Less, PLAIT_ALL_TYPES>(dtype);
    case less_equal:
      return pick_binary<e::LessEqual, PLAIT_ALL_TYPES>(dtype);
    case greater:
      return pick_binary<e::Greater, PLAIT_ALL_TYPES>(dtype);
    case greater_equal:
      return pick_binary<e::GreaterEqual, PLAIT_ALL_TYPES>(dtype);
    case logical_and:
      return pick_binary<e::LogicalAnd, PLAIT_ALL_TYPES>(dtype);
    case logical_or:
      return pick_binary<e::LogicalOr, PLAIT_ALL_TYPES>(dtype);
    case logical_xor:
      return pick_binary<e::LogicalXor, PLAIT_ALL_TYPES>(dtype);
    case logical_not:
      return pick_unary<e::LogicalNot, PLAIT_ALL_TYPES>(dtype);
    case bitwise_and:
      return pick_binary<e::BitAnd, bool, PLAIT_INTEGER_TYPES>(dtype);
    case bitwise_or:
      return pick_binary<e::BitOr, bool, PLAIT_INTEGER_TYPES>(dtype);
    case bitwise_xor:
      return pick_binary<e::BitXor, bool, PLAIT_INTEGER_TYPES>(dtype);
    case invert:
      return pick_unary<e::Invert, bool, PLAIT_INTEGER_TYPES>(dtype);
    case left_shift:
      return pick_binary<e::LeftShift, PLAIT_INTEGER_TYPES>(dtype);
    case right_shift:
      return pick_binary<e::RightShift, PLAIT_INTEGER_TYPES>(dtype);
    case isnan:
      return pick_unary<e::IsNan, PLAIT_ALL_TYPES>(dtype);
    case isinf:
      return pick_unary<e::IsInf, PLAIT_ALL_TYPES>(dtype);
    case isfinite:
      return pick_unary<e::IsFinite, PLAIT_ALL_TYPES>(dtype);
    case signbit:
      return pick_unary<e::SignBit, PLAIT_FLOAT_TYPES>(dtype);
    case where:
      return pick_where<e::Where, PLAIT_ALL_TYPES>(dtype);
    case imag:
      return pick_unary<e::Zero, bool, PLAIT_INTEGER_TYPES, PLAIT_FLOAT_TYPES>(dtype);
    default:
      return nullptr;
  }
}

}  // namespace
TileLoop comparison_in_target(ElementOp op, DType dtype) { return find(op, dtype); }
}  // namespace plait::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace plait {
HWY_EXPORT(comparison_in_target);
TileLoop find_comparison_loop(ElementOp op, DType loop) { return HWY_DYNAMIC_DISPATCH(comparison_in_target)(op, loop); }
}  // namespace plait
#endif
