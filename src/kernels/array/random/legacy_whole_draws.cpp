#include "kernels/array/random/legacy_whole_draws.h"

#include <numpy/random/distributions.h>

#include <algorithm>
#include <cmath>

namespace plait {
namespace {

std::int64_t binomial_up_to_half(Draws& d, std::int64_t n, double p) {
  return p * n <= 30.0 ? random_binomial_inversion(d.words(), n, p, d.binomial())
                       : random_binomial_btpe(d.words(), n, p, d.binomial());
}

// One after the other, for small samples.
std::int64_t hypergeometric_by_steps(Draws& d, std::int64_t good, std::int64_t bad, std::int64_t sample) {
  const std::int64_t rest = bad + good - sample;
  const auto fewer = static_cast<double>(std::min(bad, good));
  double left = fewer;
  for (std::int64_t k = sample; left > 0.0 && k > 0; --k) {
    left -= static_cast<std::int64_t>(std::floor(d.next_double() + left / (rest + k)));
  }
  const auto drawn = static_cast<std::int64_t>(fewer - left);
  return good > bad ? sample - drawn : drawn;
}

// A ratio of uniform numbers (Stadlober's HRUA), for larger samples.
std::int64_t hypergeometric_by_ratio(Draws& d, std::int64_t good, std::int64_t bad, std::int64_t sample) {
  constexpr double kWidth = 1.7155277699214135;   // 2 sqrt(2 / e)
  constexpr double kOffset = 0.8989161620588988;  // 3 - 2 sqrt(3 / e)
  const std::int64_t fewer = std::min(good, bad);
  const std::int64_t more = std::max(good, bad);
  const std::int64_t population = good + bad;
  const std::int64_t m = std::min(sample, population - sample);
  const double p = static_cast<double>(fewer) / population;
  const double q = 1.0 - p;
  const double center = m * p + 0.5;
  const double deviation = std::sqrt(static_cast<double>(population - m) * sample * p * q / (population - 1) + 0.5);
  const double width = kWidth * deviation + kOffset;
  const auto mode = static_cast<std::int64_t>(std::floor(static_cast<double>(m + 1) * (fewer + 1) / (population + 2)));
  const auto log_factorials = [&](std::int64_t z) {
    return random_loggam(z + 1) + random_loggam(fewer - z + 1) + random_loggam(m - z + 1) +
           random_loggam(more - m + z + 1);
  };
  const double at_mode = log_factorials(mode);
  const double end = std::min(std::min(m, fewer) + 1.0, std::floor(center + 16 * deviation));

  std::int64_t z = 0;
  while (true) {
    const double x = d.next_double();
    const double y = d.next_double();
    const double w = center + width * (y - 0.5) / x;
    if (w < 0.0 || w >= end) continue;
    z = static_cast<std::int64_t>(std::floor(w));
    const double t = at_mode - log_factorials(z);
    if (x * (4.0 - x) - 3.0 <= t) break;
    if (x * (x - t) >= 1) continue;
    if (2.0 * std::log(x) <= t) break;
  }
  if (good > bad) z = m - z;
  return m < sample ? good - z : z;
}

}  // namespace

std::int64_t legacy_binomial(Draws& d, const double* parameters) {
  const auto n = static_cast<std::int64_t>(parameters[0]);
  const double p = parameters[1];
  return p <= 0.5 ? binomial_up_to_half(d, n, p) : n - binomial_up_to_half(d, n, 1.0 - p);
}

std::int64_t legacy_geometric(Draws& d, const double* parameters) {
  const double p = parameters[0];
  if (p >= 0.333333333333333333333333) return random_geometric_search(d.words(), p);
  return static_cast<std::int64_t>(std::ceil(std::log(1.0 - d.next_double()) / std::log(1.0 - p)));
}

std::int64_t legacy_hypergeometric(Draws& d, const double* parameters) {
  const auto good = static_cast<std::int64_t>(parameters[0]);
  const auto bad = static_cast<std::int64_t>(parameters[1]);
  const auto sample = static_cast<std::int64_t>(parameters[2]);
  if (sample > 10) return hypergeometric_by_ratio(d, good, bad, sample);
  return sample > 0 ? hypergeometric_by_steps(d, good, bad, sample) : 0;
}

std::int64_t legacy_logseries(Draws& d, const double* parameters) {
  const double p = parameters[0];
  const double r = std::log(1.0 - p);
  while (true) {
    const double v = d.next_double();
    if (v >= p) return 1;
    const double q = 1.0 - std::exp(r * d.next_double());
    if (v > q * q) return v >= q ? 1 : 2;
    const auto drawn = static_cast<std::int64_t>(std::floor(1 + std::log(v) / std::log(q)));
    if (drawn >= 1 && v != 0.0) return drawn;
  }
}

std::int64_t legacy_zipf(Draws& d, const double* parameters) {
  constexpr double kMax = 9223372036854775807.0;
  const double exponent = parameters[0] - 1.0;
  const double b = std::pow(2.0, exponent);
  if (std::isinf(b)) return 1;  // NumPy's loop would never end
  while (true) {
    const double u = 1.0 - d.next_double();
    const double v = d.next_double();
    const double x = std::floor(std::pow(u, -1.0 / exponent));
    if (x > kMax || x < 1.0) continue;
    const double t = std::pow(1.0 + 1.0 / x, exponent);
    if (v * x * (t - 1.0) / (b - 1.0) <= t / b) return static_cast<std::int64_t>(x);
  }
}

}  // namespace plait
