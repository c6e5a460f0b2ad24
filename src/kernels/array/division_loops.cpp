// Loops that no instruction set speeds up much: integer division, remainders, integer powers, neighbours of a number.
#include <cmath>
#include <complex>
#include <limits>

#include "base/half.h"
#include "kernels/array/element_functions.h"
#include "kernels/array/loop_shapes.h"

namespace plait {
namespace {

PLAIT_LOOP_SHAPES

bool is_nan(Half half) { return (half.bits & 0x7fff) > 0x7c00; }

// Neighbours in half precision: in float32 they would be neighbours of another kind.
struct HalfNextAfter {
  static Half run(Half a, Half b) {
    if (is_nan(a) || is_nan(b)) return {0x7e00};
    const float from = to_float(a);
    const float to = to_float(b);
    if (from == to) return b;
    if (from == 0) return {static_cast<std::uint16_t>((b.bits & 0x8000) | 1)};
    const bool grows = (to > from) == (from > 0);
    return {static_cast<std::uint16_t>(a.bits + (grows ? 1 : -1))};
  }
};

// The distance to the next number away from zero. NumPy's float16 counts it towards zero for negative powers of two,
// and without a sign.
struct Spacing {
  template <class T>
  static T run(T a) {
    const T beyond = std::copysign(std::numeric_limits<T>::infinity(), a == 0 ? T(1) : a);
    return std::nextafter(a, beyond) - a;
  }
};
struct HalfSpacing {
  static Half run(Half a) {
    const int exponent = a.bits & 0x7c00;
    if (exponent == 0x7c00) return {0x7e00};
    if (a.bits == 0x7bff) return {0x7c00};
    const bool is_below = (a.bits & 0x8000) != 0 && (a.bits & 0x03ff) == 0 && exponent != 0;
    const int place = (exponent >> 10) - (is_below ? 1 : 0);  // of the numbers whose distance it is
    if (place > 10) return {static_cast<std::uint16_t>((place - 10) << 10)};
    return {static_cast<std::uint16_t>(place > 1 ? 1 << (place - 1) : 1)};
  }
};

}  // namespace

TileLoop find_division_loop(ElementOp op, DType dtype) {
  namespace e = element;
  using enum ElementOp;
  switch (op) {
    case floor_divide:
      return pick_binary<e::FloorDivide, PLAIT_INTEGER_TYPES, PLAIT_FLOAT_TYPES>(dtype);
    case remainder:
      return pick_binary<e::Remainder, PLAIT_INTEGER_TYPES, PLAIT_FLOAT_TYPES>(dtype);
    case fmod:
      return pick_binary<e::FMod, PLAIT_INTEGER_TYPES, PLAIT_FLOAT_TYPES>(dtype);
    case power:
      return pick_binary<e::IntegerPower, PLAIT_INTEGER_TYPES>(dtype);
    case nextafter:
      if (dtype == DType::float16) return binary_loop<HalfNextAfter, Half>;
      return pick_binary<e::NextAfter, PLAIT_FLOAT_TYPES>(dtype);
    case spacing:
      if (dtype == DType::float16) return unary_loop<HalfSpacing, Half>;
      return pick_unary<Spacing, PLAIT_FLOAT_TYPES>(dtype);
    case logaddexp:
      return pick_binary<e::LogAddExp, PLAIT_FLOAT_TYPES>(dtype);
    case logaddexp2:
      return pick_binary<e::LogAddExp2, PLAIT_FLOAT_TYPES>(dtype);
    case angle:
      return pick_unary<e::Angle, PLAIT_FLOAT_TYPES>(dtype);
    default:
      return nullptr;
  }
}

}  // namespace plait
