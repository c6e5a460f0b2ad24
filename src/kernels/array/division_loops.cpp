// Loops that no instruction set speeds up much: integer division, remainders, integer powers, neighbours of a number.
#include <complex>

#include "kernels/array/element_functions.h"
#include "kernels/array/loop_shapes.h"

namespace plait {
namespace {

PLAIT_LOOP_SHAPES

}  // namespace

TileLoop find_division_loop(ElementOp op, DType dtype) {
  namespace e = element;
  using enum ElementOp;
  switch (op) {
    case floor_divide: return pick_binary<e::FloorDivide, PLAIT_INTEGER_TYPES, PLAIT_FLOAT_TYPES>(dtype);
    case remainder: return pick_binary<e::Remainder, PLAIT_INTEGER_TYPES, PLAIT_FLOAT_TYPES>(dtype);
    case fmod: return pick_binary<e::FMod, PLAIT_INTEGER_TYPES, PLAIT_FLOAT_TYPES>(dtype);
    case power: return pick_binary<e::IntegerPower, PLAIT_INTEGER_TYPES>(dtype);
    case nextafter: return pick_binary<e::NextAfter, PLAIT_FLOAT_TYPES>(dtype);
    case logaddexp: return pick_binary<e::LogAddExp, PLAIT_FLOAT_TYPES>(dtype);
    case logaddexp2: return pick_binary<e::LogAddExp2, PLAIT_FLOAT_TYPES>(dtype);
    case angle: return pick_unary<e::Angle, PLAIT_FLOAT_TYPES>(dtype);
    default: return nullptr;
  }
}

}  // namespace plait
