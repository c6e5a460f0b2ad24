#include "ml/column_loops.h"

#include <cmath>
#include <cstring>

#include "kernels/array/loop_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ml/column_loops.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace plait::ml::HWY_NAMESPACE {
namespace {

using Doubles [[gnu::vector_size(64)]] = double;

[[gnu::always_inline]] inline Doubles load(const double* from) {
  Doubles v;
  std::memcpy(&v, from, sizeof(v));
  return v;
}

double dot(const double* a, const double* b, std::int64_t n) {
  Doubles s0{}, s1{}, s2{}, s3{};
  std::int64_t i = 0;
  for (; i + 32 <= n; i += 32) {
    s0 += load(a + i) * load(b + i);
    s1 += load(a + i + 8) * load(b + i + 8);
    s2 += load(a + i + 16) * load(b + i + 16);
    s3 += load(a + i + 24) * load(b + i + 24);
  }
  for (; i + 8 <= n; i += 8) s0 += load(a + i) * load(b + i);
  const Doubles s = (s0 + s1) + (s2 + s3);
  double sum = ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
  for (; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

void multiply(double* __restrict out, const double* __restrict a, const double* __restrict b, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) out[i] = a[i] * b[i];
}

void add_scaled(double* __restrict out, const double* __restrict a, double by, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) out[i] += a[i] * by;
}

double logistic(const double* __restrict z, const double* __restrict e, const double* __restrict log1p_e,
                const double* __restrict y, const double* __restrict weights, double* __restrict residual,
                double* __restrict curvature, std::int64_t n) {
  double losses[8] = {};
  for (std::int64_t i = 0; i < n; ++i) {
    const double inverse = 1 / (1 + e[i]);
    const double likely = z[i] >= 0 ? inverse : e[i] * inverse;
    residual[i] = weights[i] * (likely - y[i]);
    curvature[i] = weights[i] * (e[i] * inverse * inverse);
  }
  std::int64_t i = 0;
  for (; i + 8 <= n; i += 8) {
    for (int j = 0; j < 8; ++j) {
      const double above = z[i + j] > 0 ? z[i + j] : 0;
      losses[j] += weights[i + j] * (log1p_e[i + j] + above - y[i + j] * z[i + j]);
    }
  }
  double loss =
      ((losses[0] + losses[1]) + (losses[2] + losses[3])) + ((losses[4] + losses[5]) + (losses[6] + losses[7]));
  for (; i < n; ++i) loss += weights[i] * (log1p_e[i] + (z[i] > 0 ? z[i] : 0) - y[i] * z[i]);
  return loss;
}

constexpr ColumnLoops kLoops{dot, multiply, add_scaled, logistic};

}  // namespace

const ColumnLoops* loops_of_target() { return &kLoops; }

}  // namespace plait::ml::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace plait::ml {
HWY_EXPORT(loops_of_target);
const ColumnLoops& column_loops() {
  static const ColumnLoops* const best = HWY_DYNAMIC_DISPATCH(loops_of_target)();
  return *best;
}
}  // namespace plait::ml
#endif
