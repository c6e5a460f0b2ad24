// Loops that no instruction set speeds up much: integer division, remainders, integer powers, neighbours of a number.
#include <complex>

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
