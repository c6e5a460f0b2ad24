// RandomState's own algorithms. Its numbers never change, so the arithmetic is kept to the order of every operation:
// the tests compare each distribution with NumPy bit for bit.
#include <numpy/random/distributions.h>

#include <cmath>
#include <numbers>

#include "kernels/array/random/draws.h"
#include "kernels/array/random/legacy_whole_draws.h"

namespace plait {
namespace {

double exponential_draw(Draws& d) { return -std::log(1.0 - d.next_double()); }

// Accept or reject under two pieces, for shapes below 1.
double small_gamma(Draws& d, double shape) {
  while (true) {
    const double u = d.next_double();
    const double bound = exponential_draw(d);
    if (u <= 1.0 - shape) {
      const double x = std::pow(u, 1. / shape);
      if (x <= bound) return x;
    } else {
      const double y = -std::log((1 - u) / shape);
      const double x = std::pow(1.0 - shape + shape * y, 1. / shape);
      if (x <= bound + y) return x;
    }
  }
}

// The cube of a normal number, accepted or rejected.
double large_gamma(Draws& d, double shape) {
  const double b = shape - 1. / 3.;
  const double c = 1. / std::sqrt(9 * b);
  while (true) {
    double x = 0;
    double v = 0;
    do {
      x = d.next_legacy_normal();
      v = 1.0 + c * x;
    } while (v <= 0.0);
    v = v * v * v;
    const double u = d.next_double();
    if (u < 1.0 - 0.0331 * (x * x) * (x * x)) return b * v;
    if (std::log(u) < 0.5 * x * x + b * (1. - v + std::log(v))) return b * v;
  }
}

double gamma_draw(Draws& d, double shape) {
  if (shape == 1.0) return exponential_draw(d);
  if (shape == 0.0) return 0.0;
  return shape < 1.0 ? small_gamma(d, shape) : large_gamma(d, shape);
}

double chisquare_draw(Draws& d, double df) { return 2.0 * gamma_draw(d, df / 2.0); }

double noncentral_chisquare_draw(Draws& d, double df, double nonc) {
  if (nonc == 0) return chisquare_draw(d, df);
  if (df > 1) {
    const double central = chisquare_draw(d, df - 1);
    const double shifted = d.next_legacy_normal() + std::sqrt(nonc);
    return central + shifted * shifted;
  }
  const std::int64_t i = random_poisson(d.words(), nonc / 2.0);
  const double drawn = chisquare_draw(d, df + 2 * i);
  return std::isnan(nonc) ? nonc : drawn;
}

// Two powers of uniform numbers whose sum is at most 1, for parameters up to 1.
double small_beta(Draws& d, double a, double b) {
  while (true) {
    const double u = d.next_double();
    const double v = d.next_double();
    const double x = std::pow(u, 1.0 / a);
    const double y = std::pow(v, 1.0 / b);
    if (x + y > 1.0) continue;
    if (x + y > 0) return x / (x + y);
    double log_x = std::log(u) / a;
    double log_y = std::log(v) / b;
    const double larger = log_x > log_y ? log_x : log_y;
    log_x -= larger;
    log_y -= larger;
    return std::exp(log_x - std::log(std::exp(log_x) + std::exp(log_y)));
  }
}

double beta_draw(Draws& d, double a, double b) {
  if (a <= 1.0 && b <= 1.0) return small_beta(d, a, b);
  const double first = gamma_draw(d, a);
  const double second = gamma_draw(d, b);
  return first / (first + second);
}

double f_draw(Draws& d, double dfnum, double dfden) {
  const double above = chisquare_draw(d, dfnum) * dfden;
  return above / (chisquare_draw(d, dfden) * dfnum);
}

double noncentral_f_draw(Draws& d, double dfnum, double dfden, double nonc) {
  const double above = noncentral_chisquare_draw(d, dfnum, nonc) * dfden;
  return above / (chisquare_draw(d, dfden) * dfnum);
}

double standard_t_draw(Draws& d, double df) {
  const double above = d.next_legacy_normal();
  const double below = gamma_draw(d, df / 2);
  return std::sqrt(df / 2) * above / std::sqrt(below);
}

double cauchy_draw(Draws& d) {
  const double above = d.next_legacy_normal();
  return above / d.next_legacy_normal();
}

double wald_draw(Draws& d, double mean, double scale) {
  const double half_ratio = mean / (2 * scale);
  double y = d.next_legacy_normal();
  y = mean * y * y;
  const double x = mean + half_ratio * (y - std::sqrt(4 * scale * y + y * y));
  return d.next_double() <= mean / (mean + x) ? x : mean * mean / x;
}

double wrapped_half(double kappa) {
  if (kappa < 1e-5) return 1. / kappa + kappa;
  const double r = 1 + std::sqrt(1 + 4 * kappa * kappa);
  const double rho = (r - std::sqrt(2 * r)) / (2 * kappa);
  return (1 + rho * rho) / (2 * rho);
}

double vonmises_draw(Draws& d, double mu, double kappa) {
  constexpr double kPi = std::numbers::pi;
  if (std::isnan(kappa)) return kappa;
  if (kappa < 1e-8) return kPi * (2 * d.next_double() - 1);
  const double s = wrapped_half(kappa);
  double w = 0;
  // So narrow that NumPy's loop would never end: a normal distribution.
  if (s <= 1 || std::isnan(s)) return std::remainder(mu + d.next_legacy_normal() / std::sqrt(kappa), 2 * kPi);
  while (true) {
    const double u = d.next_double();
    const double z = std::cos(kPi * u);
    w = (1 + s * z) / (s + z);
    const double y = kappa * (s - w);
    const double v = d.next_double();
    if (y * (2 - y) - v >= 0 || std::log(y / v) + 1 - y >= 0) break;
  }
  double angle = std::acos(w);
  if (d.next_double() < 0.5) angle = -angle;
  angle += mu;
  const double turned = std::fmod(std::fabs(angle) + kPi, 2 * kPi) - kPi;
  return angle < 0 ? -turned : turned;
}

}  // namespace

Draw legacy_draw(DistributionKind kind) {
  using enum DistributionKind;
  switch (kind) {
    case standard_normal:
      return {.real = [](Draws& d, const double*) { return d.next_legacy_normal(); }};
    case normal:
      return {.real = [](Draws& d, const double* p) { return p[0] + p[1] * d.next_legacy_normal(); }};
    case lognormal:
      return {.real = [](Draws& d, const double* p) { return std::exp(p[0] + p[1] * d.next_legacy_normal()); }};
    case standard_exponential:
      return {.real = [](Draws& d, const double*) { return exponential_draw(d); }};
    case exponential:
      return {.real = [](Draws& d, const double* p) { return p[0] * exponential_draw(d); }};
    case standard_gamma:
      return {.real = [](Draws& d, const double* p) { return gamma_draw(d, p[0]); }};
    case gamma:
      return {.real = [](Draws& d, const double* p) { return p[1] * gamma_draw(d, p[0]); }};
    case beta:
      return {.real = [](Draws& d, const double* p) { return beta_draw(d, p[0], p[1]); }};
    case chisquare:
      return {.real = [](Draws& d, const double* p) { return chisquare_draw(d, p[0]); }};
    case noncentral_chisquare:
      return {.real = [](Draws& d, const double* p) { return noncentral_chisquare_draw(d, p[0], p[1]); }};
    case f:
      return {.real = [](Draws& d, const double* p) { return f_draw(d, p[0], p[1]); }};
    case noncentral_f:
      return {.real = [](Draws& d, const double* p) { return noncentral_f_draw(d, p[0], p[1], p[2]); }};
    case standard_cauchy:
      return {.real = [](Draws& d, const double*) { return cauchy_draw(d); }};
    case standard_t:
      return {.real = [](Draws& d, const double* p) { return standard_t_draw(d, p[0]); }};
    case pareto:
      return {.real = [](Draws& d, const double* p) { return std::exp(exponential_draw(d) / p[0]) - 1; }};
    case weibull:
      return {
          .real = [](Draws& d, const double* p) { return p[0] == 0 ? 0.0 : std::pow(exponential_draw(d), 1. / p[0]); }};
    case power:
      return {
          .real = [](Draws& d, const double* p) { return std::pow(1 - std::exp(-exponential_draw(d)), 1. / p[0]); }};
    case rayleigh:
      return {.real = [](Draws& d, const double* p) { return p[0] * std::sqrt(-2.0 * std::log1p(-d.next_double())); }};
    case wald:
      return {.real = [](Draws& d, const double* p) { return wald_draw(d, p[0], p[1]); }};
    case vonmises:
      return {.real = [](Draws& d, const double* p) { return vonmises_draw(d, p[0], p[1]); }};
    case negative_binomial:
      return {.whole = [](Draws& d, const double* p) -> std::int64_t {
        return random_poisson(d.words(), (1 - p[1]) / p[1] * gamma_draw(d, p[0]));
      }};
    case binomial:
      return {.whole = legacy_binomial};
    case geometric:
      return {.whole = legacy_geometric};
    case hypergeometric:
      return {.whole = legacy_hypergeometric};
    case logseries:
      return {.whole = legacy_logseries};
    case zipf:
      return {.whole = legacy_zipf};
    case tomaxint:
      return {.whole = [](Draws& d, const double*) -> std::int64_t { return random_positive_int(d.words()); }};
    // The rest did not change between the two.
    default:
      return generator_draw(kind);
  }
}

}  // namespace plait
