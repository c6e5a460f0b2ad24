// Reductions that keep one value of a kind: products, bounds and their positions, any and all.
#include <complex>
#include <cstring>
#include <limits>

#include "kernels/array/loop_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/array/fold_loops.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/array/reduce_values-inl.h"

HWY_BEFORE_NAMESPACE();
namespace plait::HWY_NAMESPACE {
namespace {

// One vector of the widest kind; narrower instruction sets split it.
template <class T>
struct Lanes {
  using type [[gnu::vector_size(64)]] = T;
  static constexpr std::int64_t count = 64 / sizeof(T);
};

// A fold of one value with a start that changes nothing.
template <class T, class A, class F>
struct Fold {
  static void start(const ReduceSlots& slots, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) as<A>(slots.a)[i] = F::template start<A>();
  }
  static void fold_row(const ReduceSlots& slots, std::int64_t at, const void* x_, std::int64_t n, std::int64_t,
                       std::int64_t) {
    const T* x = static_cast<const T*>(x_);
    A value = as<A>(slots.a)[at];
    // Eight independent chains; compilers make vectors of them for small types.
    std::int64_t i = 0;
    if (n >= 16) {
      A chains[8];
      for (int j = 0; j < 8; ++j) chains[j] = F::template take<A>(x[j]);
      for (i = 8; i + 8 <= n; i += 8) {
        for (int j = 0; j < 8; ++j) chains[j] = F::run(chains[j], F::template take<A>(x[i + j]));
      }
      for (int j = 0; j < 8; ++j) value = F::run(value, chains[j]);
    }
    for (; i < n; ++i) value = F::run(value, F::template take<A>(x[i]));
    as<A>(slots.a)[at] = value;
  }
  static void fold_each(const ReduceSlots& slots, std::int64_t at, const void* x_, std::int64_t n, std::int64_t) {
    const T* x = static_cast<const T*>(x_);
    A* value = as<A>(slots.a) + at;
    _Pragma("GCC ivdep") for (std::int64_t i = 0; i < n; ++i) value[i] = F::run(value[i], F::template take<A>(x[i]));
  }
  static void merge(const ReduceSlots& into, const ReduceSlots& from, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) as<A>(into.a)[i] = F::run(as<A>(into.a)[i], as<A>(from.a)[i]);
  }
  static void close(const ReduceSlots&, std::int64_t) {}
  static ReduceLoops loops() {
    return {.a = dtype_of<A>,
            .num_arrays = 1,
            .start = start,
            .fold_row = fold_row,
            .fold_each = fold_each,
            .merge = merge,
            .close = close};
  }
};

struct Product {
  template <class A>
  static A start() {
    return A(1);
  }
  template <class A, class T>
  static A take(T x) {
    return static_cast<A>(x);
  }
  template <class A>
  static A run(A a, A b) {
    return element::Multiply::run(a, b);
  }
};
template <class F, bool is_max>
struct Bound {
  template <class A>
  static A start() {
    if constexpr (is_complex_type<A>) {
      using P = typename A::value_type;
      const P edge = is_max ? -std::numeric_limits<P>::infinity() : std::numeric_limits<P>::infinity();
      return A(edge, edge);
    } else if constexpr (std::is_floating_point_v<A>) {
      return is_max ? -std::numeric_limits<A>::infinity() : std::numeric_limits<A>::infinity();
    } else {
      return is_max ? std::numeric_limits<A>::lowest() : std::numeric_limits<A>::max();
    }
  }
  template <class A, class T>
  static A take(T x) {
    return x;
  }
  template <class A>
  static A run(A a, A b) {
    return F::run(a, b);
  }
};
// Without NaN: starts with it, and everything replaces it.
template <class F, bool is_max>
struct BoundOfNumbers : Bound<F, is_max> {
  template <class A>
  static A start() {
    if constexpr (is_complex_type<A>)
      return A(std::numeric_limits<typename A::value_type>::quiet_NaN());
    else if constexpr (std::is_floating_point_v<A>)
      return std::numeric_limits<A>::quiet_NaN();
    else
      return Bound<F, is_max>::template start<A>();
  }
};
struct Any {
  template <class A>
  static A start() {
    return false;
  }
  template <class A, class T>
  static A take(T x) {
    return x != T(0);
  }
  static bool run(bool a, bool b) { return a | b; }
};
struct All {
  template <class A>
  static A start() {
    return true;
  }
  template <class A, class T>
  static A take(T x) {
    return x != T(0);
  }
  static bool run(bool a, bool b) { return a & b; }
};

// min and max of floats: whole vectors, where a NaN stays.
template <class T, bool is_max>
struct FloatBound : Fold<T, T, Bound<std::conditional_t<is_max, element::Maximum, element::Minimum>, is_max>> {
  using F = std::conditional_t<is_max, element::Maximum, element::Minimum>;
  using V = typename Lanes<T>::type;
  static constexpr std::int64_t lanes = Lanes<T>::count;

  [[gnu::always_inline]] static inline void better(V& best, const T* x) {
    V v;
    std::memcpy(&v, x, sizeof(v));
    if constexpr (is_max)
      best = (v > best) | (v != v) ? v : best;
    else
      best = (v < best) | (v != v) ? v : best;
  }
  static T row_bound(const T* x, std::int64_t n) {
    T best = x[0];
    std::int64_t i = 0;
    if (n >= 4 * lanes) {
      V b0 = V{} + x[0], b1 = b0, b2 = b0, b3 = b0;
      for (; i + 4 * lanes <= n; i += 4 * lanes) {
        better(b0, x + i);
        better(b1, x + i + lanes);
        better(b2, x + i + 2 * lanes);
        better(b3, x + i + 3 * lanes);
      }
      for (const V& b : {b0, b1, b2, b3}) {
        for (std::int64_t j = 0; j < lanes; ++j) best = F::run(best, b[j]);
      }
    }
    for (; i < n; ++i) best = F::run(best, x[i]);
    return best;
  }
  static void fold_row(const ReduceSlots& slots, std::int64_t at, const void* x, std::int64_t n, std::int64_t,
                       std::int64_t) {
    T& value = as<T>(slots.a)[at];
    value = F::run(value, row_bound(static_cast<const T*>(x), n));
  }
  static ReduceLoops loops() {
    ReduceLoops all = Fold<T, T, Bound<F, is_max>>::loops();
    all.fold_row = fold_row;
    return all;
  }
};

// Positions of the smallest or largest element; the first of equal ones. NaN comes before everything, or is skipped.
template <class T, bool is_max, bool skips_nan>
struct Position {
  static bool is_better(T a, T b) {
    if (is_nan(b)) return false;
    if (is_nan(a)) return true;
    return is_max ? element::is_less(b, a) : element::is_less(a, b);
  }
  static bool is_same(T a, T b) { return a == b || (is_nan(a) && is_nan(b)); }
  static void offer(T& best, std::int64_t& at, T value, std::int64_t position) {
    if (skips_nan && is_nan(value)) return;
    if (at < 0 || is_better(value, best) || (position < at && is_same(value, best))) {
      best = value;
      at = position;
    }
  }
  static void start(const ReduceSlots& slots, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) {
      as<T>(slots.a)[i] = T{};
      as<std::int64_t>(slots.b)[i] = -1;
    }
  }
  static void fold_row(const ReduceSlots& slots, std::int64_t slot, const void* x_, std::int64_t n,
                       std::int64_t position, std::int64_t step) {
    const T* x = static_cast<const T*>(x_);
    T& best = as<T>(slots.a)[slot];
    std::int64_t& at = as<std::int64_t>(slots.b)[slot];
    if constexpr (std::is_floating_point_v<T> && !skips_nan) {
      // Most rows have nothing better: only then look where it is.
      const T bound = FloatBound<T, is_max>::row_bound(x, n);
      if (at >= 0 && !is_better(bound, best) && !(is_same(bound, best) && position < at)) return;
      std::int64_t i = 0;
      while (!is_same(x[i], bound)) ++i;
      offer(best, at, bound, position + i * step);
    } else {
      for (std::int64_t i = 0; i < n; ++i) offer(best, at, x[i], position + i * step);
    }
  }
  static void fold_each(const ReduceSlots& slots, std::int64_t at, const void* x_, std::int64_t n,
                        std::int64_t position) {
    const T* x = static_cast<const T*>(x_);
    for (std::int64_t i = 0; i < n; ++i)
      offer(as<T>(slots.a)[at + i], as<std::int64_t>(slots.b)[at + i], x[i], position);
  }
  static void merge(const ReduceSlots& into, const ReduceSlots& from, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) {
      if (as<std::int64_t>(from.b)[i] < 0) continue;
      offer(as<T>(into.a)[i], as<std::int64_t>(into.b)[i], as<T>(from.a)[i], as<std::int64_t>(from.b)[i]);
    }
  }
  static void close(const ReduceSlots&, std::int64_t) {}
  static ReduceLoops loops() {
    return {.a = dtype_of<T>,
            .b = DType::int64,
            .num_arrays = 2,
            .start = start,
            .fold_row = fold_row,
            .fold_each = fold_each,
            .merge = merge,
            .close = close};
  }
};

template <class T, bool is_max>
ReduceLoops bound_loops() {
  if constexpr (std::is_floating_point_v<T>)
    return FloatBound<T, is_max>::loops();
  else
    return Fold<T, T, Bound<std::conditional_t<is_max, element::Maximum, element::Minimum>, is_max>>::loops();
}

template <class T>
ReduceLoops loops_for(ReduceOp op) {
  constexpr bool is_inexact = std::is_floating_point_v<T> || is_complex_type<T>;
  using enum ReduceOp;
  switch (op) {
    case prod:
    case nanprod:
      return Fold<T, Total<T>, Product>::loops();
    case min:
      return bound_loops<T, false>();
    case max:
      return bound_loops<T, true>();
    case nanmin:
      return Fold<T, T, BoundOfNumbers<element::FMin, false>>::loops();
    case nanmax:
      return Fold<T, T, BoundOfNumbers<element::FMax, true>>::loops();
    case any:
      return Fold<T, bool, Any>::loops();
    case all:
      return Fold<T, bool, All>::loops();
    case argmin:
      return Position<T, false, false>::loops();
    case argmax:
      return Position<T, true, false>::loops();
    case nanargmin:
      return Position<T, false, is_inexact>::loops();
    case nanargmax:
      return Position<T, true, is_inexact>::loops();
    default:
      return {};
  }
}

}  // namespace

ReduceLoops fold_in_target(ReduceOp op, DType element) {
  return loops_of_type(element, [op]<class Tag>(Tag) { return loops_for<typename Tag::type>(op); });
}

}  // namespace plait::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace plait {
HWY_EXPORT(fold_in_target);
ReduceLoops find_fold_loops(ReduceOp op, DType element) { return HWY_DYNAMIC_DISPATCH(fold_in_target)(op, element); }
}  // namespace plait
#endif
