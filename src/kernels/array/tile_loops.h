// The inner loops of tile programs: each computes one step on one tile. They are compiled for several instruction sets;
// the best that the processor has is found once, when a program is compiled.
#pragma once

#include <cstdint>

#include "kernels/array/element_op.h"
#include "plait/dtype.h"

namespace plait {

// A constant operand is this many equal elements, over and over: loops run in blocks of this length, so that no loop
// needs a second form for scalars, and the block stays in the first-level cache.
inline constexpr std::int64_t kConstantBlock = 256;

struct TileOperand {
  const void* data = nullptr;
  bool is_constant = false;
};

// `out` may be the memory of an operand whose elements have the same size.
using TileLoop = void (*)(void* out, const TileOperand* operands, std::int64_t n);

// The loop for an operation on operands of type `loop` (not float16: those are computed in float32). Null if there is
// none.
TileLoop find_loop(ElementOp op, DType loop);
// Conversion between any two types.
TileLoop find_cast(DType from, DType to);

// The families that find_loop looks through, one a source file.
TileLoop find_arithmetic_loop(ElementOp op, DType loop);
TileLoop find_comparison_loop(ElementOp op, DType loop);
TileLoop find_math_loop(ElementOp op, DType loop);
TileLoop find_division_loop(ElementOp op, DType loop);
TileLoop find_complex_loop(ElementOp op, DType loop);

}  // namespace plait
