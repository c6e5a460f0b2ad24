// Loops of arithmetic that every instruction set vectorises: sums, products, bounds, roots, rounding.
#include <complex>

#include "kernels/array/loop_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/array/arithmetic_loops.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/array/element_functions.h"
#include "kernels/array/loop_shapes.h"

HWY_BEFORE_NAMESPACE();
namespace plait::HWY_NAMESPACE {
namespace {

PLAIT_LOOP_SHAPES

TileLoop find(ElementOp op, DType dtype) {
  namespace e = element;
  using enum ElementOp;
  switch (op) {
    case add:
      return pick_binary<e::Add, bool, PLAIT_INTEGER_TYPES, PLAIT_FLOAT_TYPES, PLAIT_COMPLEX_TYPES>(dtype);
    case subtract:
      return pick_binary<e::Subtract, PLAIT_INTEGER_TYPES, PLAIT_FLOAT_TYPES, PLAIT_COMPLEX_TYPES>(dtype);
    case multiply:
      return pick_binary<e::Multiply, bool, PLAIT_INTEGER_TYPES, PLAIT_FLOAT_TYPES, PLAIT_COMPLEX_TYPES>(dtype);
    case multiply_add:
      return pick_ternary<e::MultiplyAdd, PLAIT_FLOAT_TYPES>(dtype);
    case true_divide:
      return pick_binary<e::Divide, PLAIT_FLOAT_TYPES>(dtype);
    case negative:
      return pick_unary<e::Negative, PLAIT_INTEGER_TYPES, PLAIT_FLOAT_TYPES, PLAIT_COMPLEX_TYPES>(dtype);
    case absolute:
      return pick_unary<e::Absolute, bool, PLAIT_INTEGER_TYPES, PLAIT_FLOAT_TYPES>(dtype);
    case fabs:
      return pick_unary<e::Absolute, PLAIT_FLOAT_TYPES>(dtype);
    case sign:
      return pick_unary<e::Sign, PLAIT_INTEGER_TYPES, PLAIT_FLOAT_TYPES>(dtype);
    case square:
      return pick_unary<e::Square, PLAIT_INTEGER_TYPES, PLAIT_FLOAT_TYPES, PLAIT_COMPLEX_TYPES>(dtype);
    case sqrt:
      return pick_unary<e::Sqrt, PLAIT_FLOAT_TYPES>(dtype);
    case reciprocal:
      return pick_unary<e::Reciprocal, PLAIT_INTEGER_TYPES, PLAIT_FLOAT_TYPES>(dtype);
    case maximum:
      return pick_binary<e::Maximum, bool, PLAIT_INTEGER_TYPES, PLAIT_FLOAT_TYPES>(dtype);
    case minimum:
      return pick_binary<e::Minimum, bool, PLAIT_INTEGER_TYPES, PLAIT_FLOAT_TYPES>(dtype);
    case fmax:
      return pick_binary<e::FMax, bool, PLAIT_INTEGER_TYPES, PLAIT_FLOAT_TYPES>(dtype);
    case fmin:
      return pick_binary<e::FMin, bool, PLAIT_INTEGER_TYPES, PLAIT_FLOAT_TYPES>(dtype);
    case clip:
      return pick_ternary<e::Clip, bool, PLAIT_INTEGER_TYPES, PLAIT_FLOAT_TYPES>(dtype);
    case deg2rad:
      return pick_unary<e::Deg2Rad, PLAIT_FLOAT_TYPES>(dtype);
    case rad2deg:
      return pick_unary<e::Rad2Deg, PLAIT_FLOAT_TYPES>(dtype);
    case floor:
      return pick_unary<e::Floor, PLAIT_FLOAT_TYPES>(dtype);
    case ceil:
      return pick_unary<e::Ceil, PLAIT_FLOAT_TYPES>(dtype);
    case trunc:
      return pick_unary<e::Trunc, PLAIT_FLOAT_TYPES>(dtype);
    case rint:
      return pick_unary<e::Rint, PLAIT_FLOAT_TYPES>(dtype);
    case copysign:
      return pick_binary<e::CopySign, PLAIT_FLOAT_TYPES>(dtype);
    case nan_to_zero:
      return pick_unary<e::NanToZero, PLAIT_FLOAT_TYPES, PLAIT_COMPLEX_TYPES>(dtype);
    case nan_to_one:
      return pick_unary<e::NanToOne, PLAIT_FLOAT_TYPES, PLAIT_COMPLEX_TYPES>(dtype);
    default:
      return nullptr;
  }
}

}  // namespace
TileLoop arithmetic_in_target(ElementOp op, DType dtype) { return find(op, dtype); }
}  // namespace plait::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace plait {
HWY_EXPORT(arithmetic_in_target);
TileLoop find_arithmetic_loop(ElementOp op, DType loop) { return HWY_DYNAMIC_DISPATCH(arithmetic_in_target)(op, loop); }
}  // namespace plait
#endif
