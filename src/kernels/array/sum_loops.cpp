// Sums, means and variances. Several accumulators side by side: a row's elements go round them, and they are added
// pairwise at the end; sums over many tiles keep what rounding loses.
#include <complex>
#include <cstring>

#include "kernels/array/loop_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/array/sum_loops.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/array/reduce_values-inl.h"

HWY_BEFORE_NAMESPACE();
namespace plait::HWY_NAMESPACE {
namespace {

// One vector of the widest kind; narrower instruction sets split it.
using Doubles [[gnu::vector_size(64)]] = double;

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

template <class T>
ReduceLoops loops_for(ReduceOp op) {
  constexpr bool is_inexact = std::is_floating_point_v<T> || is_complex_type<T>;
  using enum ReduceOp;
  switch (op) {
    case sum:
    case nansum:
    case mean:
      return Sum<T>::loops();
    case nanmean:
      if constexpr (is_inexact) return CountedSum<T>::loops();
      return {};
    case var:
    case std:
      if constexpr (is_inexact) return Moments<T, false>::loops();
      return {};
    case nanvar:
    case nanstd:
      if constexpr (is_inexact) return Moments<T, true>::loops();
      return {};
    default:
      return {};
  }
}

}  // namespace

ReduceLoops sum_in_target(ReduceOp op, DType element) {
  return loops_of_type(element, [op]<class Tag>(Tag) { return loops_for<typename Tag::type>(op); });
}

}  // namespace plait::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace plait {
HWY_EXPORT(sum_in_target);
ReduceLoops find_sum_loops(ReduceOp op, DType element) { return HWY_DYNAMIC_DISPATCH(sum_in_target)(op, element); }
}  // namespace plait
#endif
