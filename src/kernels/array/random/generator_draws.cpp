#include <numpy/random/distributions.h>

#include "kernels/array/random/draws.h"

namespace plait {

Draw generator_draw(DistributionKind kind) {
  using enum DistributionKind;
  switch (kind) {
    case random:
      return {.real = [](Draws& d, const double*) { return d.next_double(); }};
    case uniform:
      return {.real = [](Draws& d, const double* p) { return random_uniform(d.words(), p[0], p[1] - p[0]); }};
    case standard_normal:
      return {.real = [](Draws& d, const double*) { return random_standard_normal(d.words()); }};
    case normal:
      return {.real = [](Draws& d, const double* p) { return random_normal(d.words(), p[0], p[1]); }};
    case lognormal:
      return {.real = [](Draws& d, const double* p) { return random_lognormal(d.words(), p[0], p[1]); }};
    case standard_exponential:
      return {.real = [](Draws& d, const double*) { return random_standard_exponential(d.words()); }};
    case standard_exponential_inverse:
      return {.real = [](Draws& d, const double*) {
        double drawn = 0;
        random_standard_exponential_inv_fill(d.words(), 1, &drawn);
        return drawn;
      }};
    case exponential:
      return {.real = [](Draws& d, const double* p) { return random_exponential(d.words(), p[0]); }};
    case standard_gamma:
      return {.real = [](Draws& d, const double* p) { return random_standard_gamma(d.words(), p[0]); }};
    case gamma:
      return {.real = [](Draws& d, const double* p) { return random_gamma(d.words(), p[0], p[1]); }};
    case beta:
      return {.real = [](Draws& d, const double* p) { return random_beta(d.words(), p[0], p[1]); }};
    case chisquare:
      return {.real = [](Draws& d, const double* p) { return random_chisquare(d.words(), p[0]); }};
    case noncentral_chisquare:
      return {.real = [](Draws& d, const double* p) { return random_noncentral_chisquare(d.words(), p[0], p[1]); }};
    case f:
      return {.real = [](Draws& d, const double* p) { return random_f(d.words(), p[0], p[1]); }};
    case noncentral_f:
      return {.real = [](Draws& d, const double* p) { return random_noncentral_f(d.words(), p[0], p[1], p[2]); }};
    case standard_cauchy:
      return {.real = [](Draws& d, const double*) { return random_standard_cauchy(d.words()); }};
    case standard_t:
      return {.real = [](Draws& d, const double* p) { return random_standard_t(d.words(), p[0]); }};
    case pareto:
      return {.real = [](Draws& d, const double* p) { return random_pareto(d.words(), p[0]); }};
    case weibull:
      return {.real = [](Draws& d, const double* p) { return random_weibull(d.words(), p[0]); }};
    case power:
      return {.real = [](Draws& d, const double* p) { return random_power(d.words(), p[0]); }};
    case laplace:
      return {.real = [](Draws& d, const double* p) { return random_laplace(d.words(), p[0], p[1]); }};
    case gumbel:
      return {.real = [](Draws& d, const double* p) { return random_gumbel(d.words(), p[0], p[1]); }};
    case logistic:
      return {.real = [](Draws& d, const double* p) { return random_logistic(d.words(), p[0], p[1]); }};
    case rayleigh:
      return {.real = [](Draws& d, const double* p) { return random_rayleigh(d.words(), p[0]); }};
    case wald:
      return {.real = [](Draws& d, const double* p) { return random_wald(d.words(), p[0], p[1]); }};
    case vonmises:
      return {.real = [](Draws& d, const double* p) { return random_vonmises(d.words(), p[0], p[1]); }};
    case triangular:
      return {.real = [](Draws& d, const double* p) { return random_triangular(d.words(), p[0], p[1], p[2]); }};
    case poisson:
      return {.whole = [](Draws& d, const double* p) -> std::int64_t { return random_poisson(d.words(), p[0]); }};
    case binomial:
      return {.whole = [](Draws& d, const double* p) -> std::int64_t {
        return random_binomial(d.words(), p[1], static_cast<std::int64_t>(p[0]), d.binomial());
      }};
    case negative_binomial:
      return {.whole = [](Draws& d, const double* p) -> std::int64_t {
        return random_negative_binomial(d.words(), p[0], p[1]);
      }};
    case geometric:
      return {.whole = [](Draws& d, const double* p) -> std::int64_t { return random_geometric(d.words(), p[0]); }};
    case hypergeometric:
      return {.whole = [](Draws& d, const double* p) -> std::int64_t {
        return random_hypergeometric(d.words(), static_cast<std::int64_t>(p[0]), static_cast<std::int64_t>(p[1]),
                                     static_cast<std::int64_t>(p[2]));
      }};
    case logseries:
      return {.whole = [](Draws& d, const double* p) -> std::int64_t { return random_logseries(d.words(), p[0]); }};
    case zipf:
      return {.whole = [](Draws& d, const double* p) -> std::int64_t { return random_zipf(d.words(), p[0]); }};
    default:
      return {};
  }
}

}  // namespace plait
