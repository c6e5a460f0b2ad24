// Loops of transcendental functions in float and double, on glibc's vector math library: at most 4 units in the last
// place off, and special values as in the scalar functions.
#include <cmath>
#include <cstring>

#include "kernels/array/loop_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/array/math_loops.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/array/tile_loops.h"

HWY_BEFORE_NAMESPACE();

// The library's names say instruction set and lanes: _ZGVeN8v_sin is sin for 8 doubles with AVX-512.
#undef PLAIT_VECTOR_BYTES
#undef PLAIT_DOUBLE_NAME
#undef PLAIT_FLOAT_NAME
#undef PLAIT_DOUBLE_NAME2
#undef PLAIT_FLOAT_NAME2
#if HWY_TARGET <= HWY_AVX3
#define PLAIT_VECTOR_BYTES 64
#define PLAIT_DOUBLE_NAME(name) _ZGVeN8v_##name
#define PLAIT_FLOAT_NAME(name) _ZGVeN16v_##name##f
#define PLAIT_DOUBLE_NAME2(name) _ZGVeN8vv_##name
#define PLAIT_FLOAT_NAME2(name) _ZGVeN16vv_##name##f
#elif HWY_TARGET <= HWY_AVX2
#define PLAIT_VECTOR_BYTES 32
#define PLAIT_DOUBLE_NAME(name) _ZGVdN4v_##name
#define PLAIT_FLOAT_NAME(name) _ZGVdN8v_##name##f
#define PLAIT_DOUBLE_NAME2(name) _ZGVdN4vv_##name
#define PLAIT_FLOAT_NAME2(name) _ZGVdN8vv_##name##f
#else
#define PLAIT_VECTOR_BYTES 16
#define PLAIT_DOUBLE_NAME(name) _ZGVbN2v_##name
#define PLAIT_FLOAT_NAME(name) _ZGVbN4v_##name##f
#define PLAIT_DOUBLE_NAME2(name) _ZGVbN2vv_##name
#define PLAIT_FLOAT_NAME2(name) _ZGVbN4vv_##name##f
#endif

namespace plait::HWY_NAMESPACE {
namespace {

using Doubles [[gnu::vector_size(PLAIT_VECTOR_BYTES)]] = double;
using Floats [[gnu::vector_size(PLAIT_VECTOR_BYTES)]] = float;

template <class T>
struct VectorOf {
  using type = Doubles;
};
template <>
struct VectorOf<float> {
  using type = Floats;
};

}  // namespace

#undef PLAIT_UNARY
#undef PLAIT_BINARY
#define PLAIT_UNARY(Name, f)                                          \
  extern "C" Doubles PLAIT_DOUBLE_NAME(f)(Doubles);                   \
  extern "C" Floats PLAIT_FLOAT_NAME(f)(Floats);                      \
  namespace {                                                         \
  struct Name {                                                       \
    static Doubles run(Doubles a) { return PLAIT_DOUBLE_NAME(f)(a); } \
    static Floats run(Floats a) { return PLAIT_FLOAT_NAME(f)(a); }    \
  };                                                                  \
  }
#define PLAIT_BINARY(Name, f)                                                        \
  extern "C" Doubles PLAIT_DOUBLE_NAME2(f)(Doubles, Doubles);                        \
  extern "C" Floats PLAIT_FLOAT_NAME2(f)(Floats, Floats);                            \
  namespace {                                                                        \
  struct Name {                                                                      \
    static Doubles run(Doubles a, Doubles b) { return PLAIT_DOUBLE_NAME2(f)(a, b); } \
    static Floats run(Floats a, Floats b) { return PLAIT_FLOAT_NAME2(f)(a, b); }     \
  };                                                                                 \
  }

PLAIT_UNARY(Sin, sin)
PLAIT_UNARY(Cos, cos)
PLAIT_UNARY(Tan, tan)
PLAIT_UNARY(ArcSin, asin)
PLAIT_UNARY(ArcCos, acos)
PLAIT_UNARY(ArcTan, atan)
PLAIT_UNARY(Sinh, sinh)
PLAIT_UNARY(Cosh, cosh)
PLAIT_UNARY(Tanh, tanh)
PLAIT_UNARY(ArcSinh, asinh)
PLAIT_UNARY(ArcCosh, acosh)
PLAIT_UNARY(ArcTanh, atanh)
PLAIT_UNARY(Exp, exp)
PLAIT_UNARY(Exp2, exp2)
PLAIT_UNARY(Expm1, expm1)
PLAIT_UNARY(Log, log)
PLAIT_UNARY(Log2, log2)
PLAIT_UNARY(Log10, log10)
PLAIT_UNARY(Log1p, log1p)
PLAIT_UNARY(Cbrt, cbrt)
PLAIT_BINARY(Pow, pow)
PLAIT_BINARY(ArcTan2, atan2)
PLAIT_BINARY(Hypot, hypot)

namespace {

template <class V, class T>
V load(const T* from) {
  V vector;
  std::memcpy(&vector, from, sizeof(V));
  return vector;
}
// The last elements of a tile; the lanes beyond them repeat the first.
template <class V, class T>
V load_some(const T* from, std::int64_t count) {
  V vector = V{} + from[0];
  std::memcpy(&vector, from, static_cast<std::size_t>(count) * sizeof(T));
  return vector;
}

template <class F, class T>
void unary_loop(void* out_, const TileOperand* operands, std::int64_t n) {
  using V = typename VectorOf<T>::type;
  constexpr std::int64_t lanes = sizeof(V) / sizeof(T);
  auto* out = static_cast<T*>(out_);
  const auto* a = static_cast<const T*>(operands[0].data);
  const std::int64_t mask = operands[0].is_constant ? kConstantBlock - 1 : -1;
  std::int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const V result = F::run(load<V>(a + (i & mask)));
    std::memcpy(out + i, &result, sizeof(V));
  }
  if (i == n) return;
  const V result = F::run(load_some<V>(a + (i & mask), n - i));
  std::memcpy(out + i, &result, static_cast<std::size_t>(n - i) * sizeof(T));
}

template <class F, class T>
void binary_loop(void* out_, const TileOperand* operands, std::int64_t n) {
  using V = typename VectorOf<T>::type;
  constexpr std::int64_t lanes = sizeof(V) / sizeof(T);
  auto* out = static_cast<T*>(out_);
  const auto* a = static_cast<const T*>(operands[0].data);
  const auto* b = static_cast<const T*>(operands[1].data);
  const std::int64_t mask_a = operands[0].is_constant ? kConstantBlock - 1 : -1;
  const std::int64_t mask_b = operands[1].is_constant ? kConstantBlock - 1 : -1;
  std::int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const V result = F::run(load<V>(a + (i & mask_a)), load<V>(b + (i & mask_b)));
    std::memcpy(out + i, &result, sizeof(V));
  }
  if (i == n) return;
  const V result = F::run(load_some<V>(a + (i & mask_a), n - i), load_some<V>(b + (i & mask_b), n - i));
  std::memcpy(out + i, &result, static_cast<std::size_t>(n - i) * sizeof(T));
}

template <class F>
TileLoop pick_unary(DType dtype) {
  return dtype == DType::float64 ? unary_loop<F, double> : dtype == DType::float32 ? unary_loop<F, float> : nullptr;
}
template <class F>
TileLoop pick_binary(DType dtype) {
  return dtype == DType::float64 ? binary_loop<F, double> : dtype == DType::float32 ? binary_loop<F, float> : nullptr;
}

}  // namespace

TileLoop math_in_target(ElementOp op, DType dtype) {
  using enum ElementOp;
  switch (op) {
    case sin:
      return pick_unary<Sin>(dtype);
    case cos:
      return pick_unary<Cos>(dtype);
    case tan:
      return pick_unary<Tan>(dtype);
    case arcsin:
      return pick_unary<ArcSin>(dtype);
    case arccos:
      return pick_unary<ArcCos>(dtype);
    case arctan:
      return pick_unary<ArcTan>(dtype);
    case sinh:
      return pick_unary<Sinh>(dtype);
    case cosh:
      return pick_unary<Cosh>(dtype);
    case tanh:
      return pick_unary<Tanh>(dtype);
    case arcsinh:
      return pick_unary<ArcSinh>(dtype);
    case arccosh:
      return pick_unary<ArcCosh>(dtype);
    case arctanh:
      return pick_unary<ArcTanh>(dtype);
    case exp:
      return pick_unary<Exp>(dtype);
    case exp2:
      return pick_unary<Exp2>(dtype);
    case expm1:
      return pick_unary<Expm1>(dtype);
    case log:
      return pick_unary<Log>(dtype);
    case log2:
      return pick_unary<Log2>(dtype);
    case log10:
      return pick_unary<Log10>(dtype);
    case log1p:
      return pick_unary<Log1p>(dtype);
    case cbrt:
      return pick_unary<Cbrt>(dtype);
    case power:
    case float_power:
      return pick_binary<Pow>(dtype);
    case arctan2:
      return pick_binary<ArcTan2>(dtype);
    case hypot:
      return pick_binary<Hypot>(dtype);
    default:
      return nullptr;
  }
}

}  // namespace plait::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace plait {
HWY_EXPORT(math_in_target);
TileLoop find_math_loop(ElementOp op, DType loop) { return HWY_DYNAMIC_DISPATCH(math_in_target)(op, loop); }
}  // namespace plait
#endif
