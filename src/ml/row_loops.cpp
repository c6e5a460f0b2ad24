#include "ml/row_loops.h"

#include <cstring>

#include "kernels/array/loop_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ml/row_loops.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace plait::ml::HWY_NAMESPACE {
namespace {

using Doubles [[gnu::vector_size(64)]] = double;
constexpr std::int64_t kLanes = 8;
static_assert(kLanes == kProductColumns);
// Numbers that are asked of memory before they are needed.
constexpr std::int64_t kAhead = 512;
constexpr std::size_t kLine = 64;  // bytes of the caches

[[gnu::always_inline]] inline Doubles load(const double* from) {
  Doubles v;
  std::memcpy(&v, from, sizeof(v));
  return v;
}
[[gnu::always_inline]] inline void store(double* to, Doubles v) { std::memcpy(to, &v, sizeof(v)); }
[[gnu::always_inline]] inline double sum_of(Doubles s) {
  return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

// One row after the other, as memory is quickest; several sums keep the adders busy.
void add_products(double* z, const double* rows, std::int64_t stride, std::int64_t n, std::int64_t columns,
                  const double* coefficients) {
  for (std::int64_t i = 0; i < n; ++i, rows += stride) {
    Doubles s0{}, s1{}, s2{}, s3{};
    std::int64_t j = 0;
    for (; j + 4 * kLanes <= columns; j += 4 * kLanes) {
      for (int line = 0; line < 4; ++line) __builtin_prefetch(rows + j + kAhead + line * kLanes);
      s0 += load(rows + j) * load(coefficients + j);
      s1 += load(rows + j + kLanes) * load(coefficients + j + kLanes);
      s2 += load(rows + j + 2 * kLanes) * load(coefficients + j + 2 * kLanes);
      s3 += load(rows + j + 3 * kLanes) * load(coefficients + j + 3 * kLanes);
    }
    for (; j + kLanes <= columns; j += kLanes) s0 += load(rows + j) * load(coefficients + j);
    double sum = sum_of((s0 + s1) + (s2 + s3));
    for (; j < columns; ++j) sum += rows[j] * coefficients[j];
    z[i] += sum;
  }
}

template <std::int64_t kRows>
[[gnu::always_inline]] inline void add_some_rows(double* __restrict sums, const double* rows, std::int64_t stride,
                                                 std::int64_t columns, const double* by) {
  std::int64_t j = 0;
  for (; j + kLanes <= columns; j += kLanes) {
    Doubles sum = load(sums + j);
    for (std::int64_t i = 0; i < kRows; ++i) sum += load(rows + i * stride + j) * by[i];
    store(sums + j, sum);
  }
  for (; j < columns; ++j)
    for (std::int64_t i = 0; i < kRows; ++i) sums[j] += rows[i * stride + j] * by[i];
}

void add_rows(double* sums, const double* rows, std::int64_t stride, std::int64_t n, std::int64_t columns,
              const double* by) {
  std::int64_t i = 0;
  for (; i + 4 <= n; i += 4) add_some_rows<4>(sums, rows + i * stride, stride, columns, by + i);
  for (; i < n; ++i) add_some_rows<1>(sums, rows + i * stride, stride, columns, by + i);
}

void scale_rows(double* out, std::int64_t out_stride, const double* rows, std::int64_t stride, std::int64_t n,
                std::int64_t columns, const double* by) {
  for (std::int64_t i = 0; i < n; ++i, out += out_stride, rows += stride) {
    std::int64_t j = 0;
    for (; j + kLanes <= columns; j += kLanes) store(out + j, load(rows + j) * by[i]);
    for (; j < columns; ++j) out[j] = rows[j] * by[i];
  }
}

void subtract(double* out, std::int64_t out_stride, const double* rows, std::int64_t stride, std::int64_t n,
              std::int64_t columns, const double* centre) {
  for (std::int64_t i = 0; i < n; ++i, out += out_stride, rows += stride) {
    std::int64_t j = 0;
    for (; j + kLanes <= columns; j += kLanes) store(out + j, load(rows + j) - load(centre + j));
    for (; j < columns; ++j) out[j] = rows[j] - centre[j];
  }
}

// A count of columns that is known when this is compiled becomes shuffles of vectors.
template <std::int64_t kColumns>
[[gnu::always_inline]] inline void turn_columns(double* __restrict to, std::int64_t to_stride,
                                                const double* __restrict rows, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < kColumns; ++j) to[j * to_stride + i] = rows[i * kColumns + j];
}

void turn(double* to, std::int64_t to_stride, const double* rows, std::int64_t n, std::int64_t columns) {
  switch (columns) {
    case 1:
      return turn_columns<1>(to, to_stride, rows, n);
    case 2:
      return turn_columns<2>(to, to_stride, rows, n);
    case 3:
      return turn_columns<3>(to, to_stride, rows, n);
    case 4:
      return turn_columns<4>(to, to_stride, rows, n);
    case 8:
      return turn_columns<8>(to, to_stride, rows, n);
    default:
      for (std::int64_t j = 0; j < columns; ++j)
        for (std::int64_t i = 0; i < n; ++i) to[j * to_stride + i] = rows[i * columns + j];
  }
}

namespace hn = hwy::HWY_NAMESPACE;

// Sums of products of `kRows` columns with eight stay in registers while the rows go by. Multiply-adds round once,
// which halves the work: their bits are those of the machine, as BLAS's are for more columns.
template <std::int64_t kRows>
void add_block(double* square, std::int64_t side, const double* left, const double* right, std::int64_t stride,
               std::int64_t n) {
  const hn::CappedTag<double, kProductColumns> d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  for (std::int64_t first = 0; first < kProductColumns; first += lanes) {
    decltype(hn::Zero(d)) sums[kRows];
    for (std::int64_t i = 0; i < kRows; ++i) sums[i] = hn::Zero(d);
    const double *l = left, *r = right + first;
    for (std::int64_t row = 0; row < n; ++row, l += stride, r += stride) {
      const auto of_row = hn::LoadU(d, r);
      for (std::int64_t i = 0; i < kRows; ++i) sums[i] = hn::MulAdd(of_row, hn::Set(d, l[i]), sums[i]);
    }
    for (std::int64_t i = 0; i < kRows; ++i) {
      double* to = square + i * side + first;
      hn::StoreU(hn::Add(hn::LoadU(d, to), sums[i]), d, to);
    }
  }
}

void add_squares(double* square, std::int64_t side, const double* rows, std::int64_t stride, std::int64_t n,
                 std::int64_t columns, std::span<const std::byte> next) {
  // So many rows as stay in the first-level cache.
  constexpr std::int64_t kCachedNumbers = 3072;
  const std::int64_t most = columns >= kCachedNumbers / 8 ? 8 : kCachedNumbers / columns;
  const std::int64_t blocks = (columns + kProductColumns - 1) / kProductColumns;
  const std::int64_t calls = (n + most - 1) / most * (blocks * (blocks + 1) / 2);
  const std::size_t share = next.size() / static_cast<std::size_t>(calls) + 1;
  for (std::int64_t first = 0; first < n; first += most) {
    const std::int64_t count = n - first < most ? n - first : most;
    const double* from = rows + first * stride;
    for (std::int64_t i = 0; i < columns; i += kProductColumns) {
      const auto add = columns - i <= 2 ? add_block<2> : columns - i <= 4 ? add_block<4> : add_block<kProductColumns>;
      for (std::int64_t j = 0; j <= i; j += kProductColumns) {
        const std::size_t now = share < next.size() ? share : next.size();
        for (std::size_t at = 0; at < now; at += kLine) __builtin_prefetch(next.data() + at);
        next = next.subspan(now);
        add(square + i * side + j, side, from + i, from + j, stride, count);
      }
    }
  }
}

constexpr RowLoops kLoops{add_products, add_rows, scale_rows, subtract, turn, add_squares};

}  // namespace

const RowLoops* row_loops_of_target() { return &kLoops; }

}  // namespace plait::ml::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace plait::ml {
HWY_EXPORT(row_loops_of_target);
const RowLoops& row_loops() {
  static const RowLoops* const best = HWY_DYNAMIC_DISPATCH(row_loops_of_target)();
  return *best;
}
}  // namespace plait::ml
#endif
