// The shapes of loops over elements: they turn a function of one element into a TileLoop. To be instantiated inside the
// code of one instruction set: everything is inlined there.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "kernels/array/tile_loops.h"

namespace plait {

inline std::int64_t operand_step(const TileOperand& operand) { return operand.is_constant ? 0 : kConstantBlock; }

}  // namespace plait

// Included once per instruction set through foreach_target: the loops themselves are macros' bodies, so that their code
// is compiled under the set's own flags.
#define PLAIT_LOOP_SHAPES                                                                              \
  template <class F, class In>                                                                         \
  void unary_loop(void* out_, const TileOperand* operands, std::int64_t n) {                           \
    using Out = decltype(F::run(In{}));                                                                \
    auto* out = static_cast<Out*>(out_);                                                               \
    const auto* a = static_cast<const In*>(operands[0].data);                                          \
    const std::int64_t step_a = operand_step(operands[0]);                                             \
    for (; n > 0; n -= kConstantBlock, out += kConstantBlock, a += step_a) {                           \
      const std::int64_t m = std::min(n, kConstantBlock);                                              \
      _Pragma("GCC ivdep") for (std::int64_t i = 0; i < m; ++i) out[i] = F::run(a[i]);                 \
    }                                                                                                  \
  }                                                                                                    \
  template <class F, class In>                                                                         \
  void binary_loop(void* out_, const TileOperand* operands, std::int64_t n) {                          \
    using Out = decltype(F::run(In{}, In{}));                                                          \
    auto* out = static_cast<Out*>(out_);                                                               \
    const auto* a = static_cast<const In*>(operands[0].data);                                          \
    const auto* b = static_cast<const In*>(operands[1].data);                                          \
    const std::int64_t step_a = operand_step(operands[0]);                                             \
    const std::int64_t step_b = operand_step(operands[1]);                                             \
    for (; n > 0; n -= kConstantBlock, out += kConstantBlock, a += step_a, b += step_b) {              \
      const std::int64_t m = std::min(n, kConstantBlock);                                              \
      _Pragma("GCC ivdep") for (std::int64_t i = 0; i < m; ++i) out[i] = F::run(a[i], b[i]);           \
    }                                                                                                  \
  }                                                                                                    \
  template <class F, class In, class First = In>                                                       \
  void ternary_loop(void* out_, const TileOperand* operands, std::int64_t n) {                         \
    using Out = decltype(F::run(First{}, In{}, In{}));                                                 \
    auto* out = static_cast<Out*>(out_);                                                               \
    const auto* a = static_cast<const First*>(operands[0].data);                                       \
    const auto* b = static_cast<const In*>(operands[1].data);                                          \
    const auto* c = static_cast<const In*>(operands[2].data);                                          \
    const std::int64_t step_a = operand_step(operands[0]);                                             \
    const std::int64_t step_b = operand_step(operands[1]);                                             \
    const std::int64_t step_c = operand_step(operands[2]);                                             \
    for (; n > 0; n -= kConstantBlock, out += kConstantBlock, a += step_a, b += step_b, c += step_c) { \
      const std::int64_t m = std::min(n, kConstantBlock);                                              \
      _Pragma("GCC ivdep") for (std::int64_t i = 0; i < m; ++i) out[i] = F::run(a[i], b[i], c[i]);     \
    }                                                                                                  \
  }                                                                                                    \
  /* The loop for `dtype` among those of Ts, or null. */                                               \
  template <class F, class... Ts>                                                                      \
  TileLoop pick_unary(DType dtype) {                                                                   \
    TileLoop loop = nullptr;                                                                           \
    ((dtype == dtype_of<Ts> ? void(loop = unary_loop<F, Ts>) : void()), ...);                          \
    return loop;                                                                                       \
  }                                                                                                    \
  template <class F, class... Ts>                                                                      \
  TileLoop pick_binary(DType dtype) {                                                                  \
    TileLoop loop = nullptr;                                                                           \
    ((dtype == dtype_of<Ts> ? void(loop = binary_loop<F, Ts>) : void()), ...);                         \
    return loop;                                                                                       \
  }                                                                                                    \
  template <class F, class... Ts>                                                                      \
  TileLoop pick_ternary(DType dtype) {                                                                 \
    TileLoop loop = nullptr;                                                                           \
    ((dtype == dtype_of<Ts> ? void(loop = ternary_loop<F, Ts>) : void()), ...);                        \
    return loop;                                                                                       \
  }

// Lists of element types for the pick functions.
#define PLAIT_SIGNED_TYPES std::int8_t, std::int16_t, std::int32_t, std::int64_t
#define PLAIT_UNSIGNED_TYPES std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t
#define PLAIT_INTEGER_TYPES PLAIT_SIGNED_TYPES, PLAIT_UNSIGNED_TYPES
#define PLAIT_FLOAT_TYPES float, double
#define PLAIT_COMPLEX_TYPES std::complex<float>, std::complex<double>
