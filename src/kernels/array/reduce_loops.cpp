// Several accumulators side by side: a row's elements go round them, and they are added pairwise at the end; sums over
// many tiles keep what rounding loses.
#include <cmath>
#include <complex>
#include <cstring>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/array/reduce_loops.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/array/element_functions.h"
#include "kernels/array/loop_targets.h"
#include "kernels/array/reduce_loops.h"

HWY_BEFORE_NAMESPACE();
namespace plait::HWY_NAMESPACE {
namespace {

using element::is_complex_type;
using element::is_nan;

// The type that sums and products of T are kept in.
template <class T>
struct TotalOf {
  using type = std::conditional_t<std::is_unsigned_v<T> && !std::is_same_v<T, bool>, std::uint64_t, std::int64_t>;
};
template <>
struct TotalOf<float> {
  using type = double;
};
template <>
struct TotalOf<double> {
  using type = double;
};
template <class P>
struct TotalOf<std::complex<P>> {
  using type = std::complex<double>;
};
template <class T>
using Total = typename TotalOf<T>::type;

template <class T>
T* as(std::byte* memory) {
  return reinterpret_cast<T*>(memory);
}

// One vector of the widest kind; narrower instruction sets split it.
using Doubles [[gnu::vector_size(64)]] = double;
template <class T>
struct Lanes {
  using type [[gnu::vector_size(64)]] = T;
  static constexpr std::int64_t count = 64 / sizeof(T);
};

[[gnu::always_inline]] inline void load(Doubles& to, const double* from) { std::memcpy(&to, from, sizeof(to)); }
[[gnu::always_inline]] inline void load(Doubles& to, const float* from) {
  using Floats [[gnu::vector_size(32)]] = float;
  Floats narrow;
  std::memcpy(&narrow, from, sizeof(narrow));
  to = __builtin_convertvector(narrow, Doubles);
}

[[gnu::always_inline]] inline double sum_of_lanes(const Doubles& v) {
  return ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7]));
}

template <class T>
double float_row_sum(const T* x, std::int64_t n) {
  Doubles s0{}, s1{}, s2{}, s3{};
  std::int64_t i = 0;
  for (; i + 32 <= n; i += 32) {
    Doubles v0, v1, v2, v3;
    load(v0, x + i);
    load(v1, x + i + 8);
    load(v2, x + i + 16);
    load(v3, x + i + 24);
    s0 += v0;
    s1 += v1;
    s2 += v2;
    s3 += v3;
  }
  for (; i + 8 <= n; i += 8) {
    Doubles v;
    load(v, x + i);
    s0 += v;
  }
  const Doubles s = (s0 + s1) + (s2 + s3);
  double sum = sum_of_lanes(s);
  for (; i < n; ++i) sum += static_cast<double>(x[i]);
  return sum;
}

// The sum of squared distances from `mean`.
template <class T>
double float_row_squares(const T* x, std::int64_t n, double mean) {
  Doubles s0{}, s1{}, s2{}, s3{};
  std::int64_t i = 0;
  for (; i + 32 <= n; i += 32) {
    Doubles v0, v1, v2, v3;
    load(v0, x + i);
    load(v1, x + i + 8);
    load(v2, x + i + 16);
    load(v3, x + i + 24);
    v0 -= mean;
    v1 -= mean;
    v2 -= mean;
    v3 -= mean;
    s0 += v0 * v0;
    s1 += v1 * v1;
    s2 += v2 * v2;
    s3 += v3 * v3;
  }
  const Doubles s = (s0 + s1) + (s2 + s3);
  double sum = sum_of_lanes(s);
  for (; i < n; ++i) {
    const double distance = static_cast<double>(x[i]) - mean;
    sum += distance * distance;
  }
  return sum;
}

template <class T>
Total<T> row_sum(const T* x, std::int64_t n) {
  if constexpr (std::is_floating_point_v<T>) {
    return float_row_sum(x, n);
  } else if constexpr (is_complex_type<T>) {
    double re[4] = {}, im[4] = {};
    std::int64_t i = 0;
    for (; i + 4 <= n; i += 4) {
      for (int j = 0; j < 4; ++j) {
        re[j] += x[i + j].real();
        im[j] += x[i + j].imag();
      }
    }
    for (; i < n; ++i) {
      re[0] += x[i].real();
      im[0] += x[i].imag();
    }
    return {(re[0] + re[1]) + (re[2] + re[3]), (im[0] + im[1]) + (im[2] + im[3])};
  } else {
    std::uint64_t sum = 0;
    for (std::int64_t i = 0; i < n; ++i) sum += static_cast<std::uint64_t>(static_cast<Total<T>>(x[i]));
    return static_cast<Total<T>>(sum);
  }
}

// total += value, with what the addition loses in `lost`.
template <class A>
[[gnu::always_inline]] inline void add_exactly(A& total, A& lost, A value) {
  if constexpr (is_complex_type<A>) {
    double parts[4] = {total.real(), lost.real(), total.imag(), lost.imag()};
    add_exactly(parts[0], parts[1], value.real());
    add_exactly(parts[2], parts[3], value.imag());
    total = {parts[0], parts[2]};
    lost = {parts[1], parts[3]};
  } else if constexpr (std::is_floating_point_v<A>) {
    const A sum = total + value;
    const A part = sum - total;
    lost += (total - (sum - part)) + (value - part);
    total = sum;
  } else {
    total = static_cast<A>(static_cast<std::uint64_t>(total) + static_cast<std::uint64_t>(value));
  }
}

template <class A>
constexpr bool is_rounded = std::is_floating_point_v<A> || is_complex_type<A>;

template <class A>
void close_sum(const ReduceSlots& slots, std::int64_t n) {
  if constexpr (is_rounded<A>) {
    A* total = as<A>(slots.a);
    const A* lost = as<A>(slots.b);
    for (std::int64_t i = 0; i < n; ++i) {
      // Beyond the range of doubles the lost part means nothing.
      if (element::IsFinite::run(lost[i])) total[i] += lost[i];
    }
  }
}

template <class T>
struct Sum {
  using A = Total<T>;
  static void start(const ReduceSlots& slots, std::int64_t n) {
    std::memset(slots.a, 0, static_cast<std::size_t>(n) * sizeof(A));
    if constexpr (is_rounded<A>) std::memset(slots.b, 0, static_cast<std::size_t>(n) * sizeof(A));
  }
  static void fold_row(const ReduceSlots& slots, std::int64_t at, const void* x, std::int64_t n, std::int64_t,
                       std::int64_t) {
    A unused{};
    add_exactly(as<A>(slots.a)[at], is_rounded<A> ? as<A>(slots.b)[at] : unused, row_sum(static_cast<const T*>(x), n));
  }
  static void fold_each(const ReduceSlots& slots, std::int64_t at, const void* x_, std::int64_t n, std::int64_t) {
    const T* x = static_cast<const T*>(x_);
    A* total = as<A>(slots.a) + at;
    if constexpr (is_rounded<A>) {
      _Pragma("GCC ivdep") for (std::int64_t i = 0; i < n; ++i) total[i] += static_cast<A>(x[i]);
    } else {
      _Pragma("GCC ivdep") for (std::int64_t i = 0; i < n; ++i) {
        total[i] =
            static_cast<A>(static_cast<std::uint64_t>(total[i]) + static_cast<std::uint64_t>(static_cast<A>(x[i])));
      }
    }
  }
  static void merge(const ReduceSlots& into, const ReduceSlots& from, std::int64_t n) {
    A unused{};
    for (std::int64_t i = 0; i < n; ++i)
      add_exactly(as<A>(into.a)[i], is_rounded<A> ? as<A>(into.b)[i] : unused, as<A>(from.a)[i]);
  }
  static void close(const ReduceSlots& slots, std::int64_t n) { close_sum<A>(slots, n); }
  static ReduceLoops loops() {
    return {.a = dtype_of<A>,
            .b = dtype_of<A>,
            .num_arrays = is_rounded<A> ? 2 : 1,
            .is_compensated = is_rounded<A>,
            .start = start,
            .fold_row = fold_row,
            .fold_each = fold_each,
            .merge = merge,
            .close = close};
  }
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

// Totals and counts of what is not NaN.
template <class T>
struct CountedSum {
  using A = Total<T>;
  static void start(const ReduceSlots& slots, std::int64_t n) {
    std::memset(slots.a, 0, static_cast<std::size_t>(n) * sizeof(A));
    std::memset(slots.b, 0, static_cast<std::size_t>(n) * sizeof(A));
    std::memset(slots.c, 0, static_cast<std::size_t>(n) * sizeof(std::int64_t));
  }
  static void fold_row(const ReduceSlots& slots, std::int64_t at, const void* x_, std::int64_t n, std::int64_t,
                       std::int64_t) {
    const T* x = static_cast<const T*>(x_);
    A chains[4] = {};
    std::int64_t count = 0;
    std::int64_t i = 0;
    for (; i + 4 <= n; i += 4) {
      for (int j = 0; j < 4; ++j) {
        chains[j] += is_nan(x[i + j]) ? A(0) : static_cast<A>(x[i + j]);
        count += !is_nan(x[i + j]);
      }
    }
    for (; i < n; ++i) {
      chains[0] += is_nan(x[i]) ? A(0) : static_cast<A>(x[i]);
      count += !is_nan(x[i]);
    }
    add_exactly(as<A>(slots.a)[at], as<A>(slots.b)[at], (chains[0] + chains[1]) + (chains[2] + chains[3]));
    as<std::int64_t>(slots.c)[at] += count;
  }
  static void fold_each(const ReduceSlots& slots, std::int64_t at, const void* x_, std::int64_t n, std::int64_t) {
    const T* x = static_cast<const T*>(x_);
    A* total = as<A>(slots.a) + at;
    std::int64_t* count = as<std::int64_t>(slots.c) + at;
    _Pragma("GCC ivdep") for (std::int64_t i = 0; i < n; ++i) {
      total[i] += is_nan(x[i]) ? A(0) : static_cast<A>(x[i]);
      count[i] += !is_nan(x[i]);
    }
  }
  static void merge(const ReduceSlots& into, const ReduceSlots& from, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) {
      add_exactly(as<A>(into.a)[i], as<A>(into.b)[i], as<A>(from.a)[i]);
      as<std::int64_t>(into.c)[i] += as<std::int64_t>(from.c)[i];
    }
  }
  static void close(const ReduceSlots& slots, std::int64_t n) { close_sum<A>(slots, n); }
  static ReduceLoops loops() {
    return {.a = dtype_of<A>,
            .b = dtype_of<A>,
            .c = DType::int64,
            .num_arrays = 3,
            .is_compensated = true,
            .start = start,
            .fold_row = fold_row,
            .fold_each = fold_each,
            .merge = merge,
            .close = close};
  }
};

// Mean and sum of squared distances from it, merged part by part (Chan, Golub, LeVeque).
template <class T, bool skips_nan>
struct Moments {
  using A = Total<T>;

  [[gnu::always_inline]] static inline double square(A distance) {
    if constexpr (is_complex_type<A>)
      return distance.real() * distance.real() + distance.imag() * distance.imag();
    else
      return distance * distance;
  }
  static void add(A& mean, double& squares, double& count, A other_mean, double other_squares, double other_count) {
    if (other_count == 0) return;
    const double all = count + other_count;
    const A distance = other_mean - mean;
    mean += distance * (other_count / all);
    squares += other_squares + square(distance) * (count * (other_count / all));
    count = all;
  }
  static void start(const ReduceSlots& slots, std::int64_t n) {
    std::memset(slots.a, 0, static_cast<std::size_t>(n) * sizeof(A));
    std::memset(slots.b, 0, static_cast<std::size_t>(n) * sizeof(double));
    std::memset(slots.c, 0, static_cast<std::size_t>(n) * sizeof(double));
  }
  static void fold_row(const ReduceSlots& slots, std::int64_t at, const void* x_, std::int64_t n, std::int64_t,
                       std::int64_t) {
    const T* x = static_cast<const T*>(x_);
    A mean{};
    double squares = 0;
    double count = 0;
    if constexpr (std::is_floating_point_v<T> && !skips_nan) {
      count = static_cast<double>(n);
      mean = float_row_sum(x, n) / count;
      squares = float_row_squares(x, n, mean);
    } else {
      for (std::int64_t i = 0; i < n; ++i) {
        if (skips_nan && is_nan(x[i])) continue;
        mean += static_cast<A>(x[i]);
        count += 1;
      }
      if (count > 0) mean /= count;
      for (std::int64_t i = 0; i < n; ++i) {
        if (skips_nan && is_nan(x[i])) continue;
        squares += square(static_cast<A>(x[i]) - mean);
      }
    }
    add(as<A>(slots.a)[at], as<double>(slots.b)[at], as<double>(slots.c)[at], mean, squares, count);
  }
  static void fold_each(const ReduceSlots& slots, std::int64_t at, const void* x_, std::int64_t n, std::int64_t) {
    const T* x = static_cast<const T*>(x_);
    A* mean = as<A>(slots.a) + at;
    double* squares = as<double>(slots.b) + at;
    double* count = as<double>(slots.c) + at;
    _Pragma("GCC ivdep") for (std::int64_t i = 0; i < n; ++i) {
      const bool counts = !skips_nan || !is_nan(x[i]);
      const double now = count[i] + 1;
      const A distance = static_cast<A>(x[i]) - mean[i];
      const A new_mean = mean[i] + distance / now;
      double more;
      if constexpr (is_complex_type<A>) {
        const A rest = static_cast<A>(x[i]) - new_mean;
        more = distance.real() * rest.real() + distance.imag() * rest.imag();
      } else {
        more = distance * (static_cast<A>(x[i]) - new_mean);
      }
      mean[i] = counts ? new_mean : mean[i];
      squares[i] = counts ? squares[i] + more : squares[i];
      count[i] = counts ? now : count[i];
    }
  }
  static void merge(const ReduceSlots& into, const ReduceSlots& from, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) {
      add(as<A>(into.a)[i], as<double>(into.b)[i], as<double>(into.c)[i], as<A>(from.a)[i], as<double>(from.b)[i],
          as<double>(from.c)[i]);
    }
  }
  static void close(const ReduceSlots&, std::int64_t) {}
  static ReduceLoops loops() {
    return {.a = dtype_of<A>,
            .b = DType::float64,
            .c = DType::float64,
            .num_arrays = 3,
            .start = start,
            .fold_row = fold_row,
            .fold_each = fold_each,
            .merge = merge,
            .close = close};
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
  namespace e = element;
  constexpr bool is_inexact = std::is_floating_point_v<T> || is_complex_type<T>;
  using enum ReduceOp;
  switch (op) {
    case sum:
    case nansum:
    case mean:
      return Sum<T>::loops();
    case prod:
    case nanprod:
      return Fold<T, Total<T>, Product>::loops();
    case min:
      return bound_loops<T, false>();
    case max:
      return bound_loops<T, true>();
    case nanmin:
      return Fold<T, T, BoundOfNumbers<e::FMin, false>>::loops();
    case nanmax:
      return Fold<T, T, BoundOfNumbers<e::FMax, true>>::loops();
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
    case nanmean:
      if constexpr (is_inexact) return CountedSum<T>::loops();
      break;
    case var:
    case std:
      if constexpr (is_inexact) return Moments<T, false>::loops();
      break;
    case nanvar:
    case nanstd:
      if constexpr (is_inexact) return Moments<T, true>::loops();
      break;
  }
  return {};
}

}  // namespace

ReduceLoops reduce_in_target(ReduceOp op, DType element) {
  return visit_dtype(element, [op]<class Tag>(Tag) -> ReduceLoops {
    using T = typename Tag::type;
    if constexpr (std::is_same_v<T, Half>)
      return {};
    else
      return loops_for<T>(op);
  });
}

}  // namespace plait::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace plait {
HWY_EXPORT(reduce_in_target);
ReduceLoops find_reduce_loops(ReduceOp op, DType element) {
  return HWY_DYNAMIC_DISPATCH(reduce_in_target)(op, element);
}
}  // namespace plait
#endif
