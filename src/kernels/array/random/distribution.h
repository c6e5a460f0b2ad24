// Distribution: what to draw, as data. The names and the order of parameters are NumPy's.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "kernels/array/random/stream_seed.h"
#include "plait/dtype.h"

namespace plait {

enum class DistributionKind : std::uint8_t {
  random,
  uniform,
  standard_normal,
  normal,
  lognormal,
  standard_exponential,
  standard_exponential_inverse,  // Generator.standard_exponential(method="inv")
  exponential,
  standard_gamma,
  gamma,
  beta,
  chisquare,
  noncentral_chisquare,
  f,
  noncentral_f,
  standard_cauchy,
  standard_t,
  pareto,
  weibull,
  power,
  laplace,
  gumbel,
  logistic,
  rayleigh,
  wald,
  vonmises,
  triangular,
  poisson,
  binomial,
  negative_binomial,
  geometric,
  hypergeometric,
  logseries,
  zipf,
  tomaxint,
  integers,     // Generator.integers, RandomState.randint: see `low` and `range`
  choice,       // positions in a population of `range` + 1, with the probabilities `parameters` if there are any
  multinomial,  // parameters: n, then the probabilities; each draw is a row of counts
  multivariate_hypergeometric,  // parameters: nsample, then the colors; each draw is a row of counts
};

struct Distribution {
  DistributionKind kind = DistributionKind::random;
  DType dtype = DType::float64;
  std::vector<double> parameters;
  // Whole numbers from `low` to `low` + `range`, both included. For uint64, `low` holds its bits.
  std::int64_t low = 0;
  std::uint64_t range = 0;
  // Of a choice.
  bool replace = true;
  bool shuffle = true;
  // Of multivariate_hypergeometric: method="count" instead of "marginals".
  bool count_method = false;

  static constexpr auto fields =
      std::tuple{&Distribution::kind,  &Distribution::dtype,   &Distribution::parameters, &Distribution::low,
                 &Distribution::range, &Distribution::replace, &Distribution::shuffle,    &Distribution::count_method};
};

// What must hold of a parameter. NaN breaks every rule that mentions it, as in NumPy.
enum class ParameterRule : std::uint8_t {
  any,
  non_negative,  // NaN passes
  positive,      // NaN passes
  positive_not_nan,
  probability,           // in [0, 1], not NaN
  positive_probability,  // in (0, 1], not NaN
  below_one,             // in [0, 1), not NaN
  above_one,             // not NaN
  poisson_rate,          // in [0, 2^63 less some deviations], not NaN
};

struct ParameterInfo {
  std::string_view name;
  ParameterRule rule = ParameterRule::any;
  std::optional<double> default_value = {};
};

struct DistributionInfo {
  DistributionKind kind;
  std::string_view name;
  std::vector<ParameterInfo> parameters = {};
  bool is_integral = false;  // int64 rather than float64
};

// In the order of DistributionKind.
const std::vector<DistributionInfo>& all_distributions();
const DistributionInfo& info(DistributionKind kind);
// By the name of NumPy's method. Throws Error(key) with near names.
const DistributionInfo& find_distribution(std::string_view name);

// A distribution with scalar parameters; missing ones at the end take NumPy's defaults. Throws Error where NumPy does:
// a wrong number of parameters, one that its rule forbids, or a dtype that the distribution does not have.
Distribution make_distribution(StreamKind stream, DistributionKind kind, std::vector<double> parameters = {},
                               DType dtype = DType::float64);
// Checks the parameters of one draw: `values` has one value each.
void check_parameters(StreamKind stream, DistributionKind kind, std::span<const double> values);

// Generator.integers and RandomState.randint over [low, high), or [low, high] with `endpoint`. The bounds of uint64 may
// exceed int64, hence 128 bits. Throws Error(value) if the bounds are empty or do not fit the dtype.
__extension__ typedef __int128 int128;
Distribution make_integers(int128 low, int128 high, DType dtype = DType::int64, bool endpoint = false);
// A position in a population. `probabilities` may be empty; Throws Error(value) unless they fit the population and sum
// to 1.
Distribution make_choice(std::int64_t population, std::vector<double> probabilities = {}, bool replace = true,
                         bool shuffle = true);

// How many numbers one draw yields: 1, but for multinomial and multivariate_hypergeometric.
std::int64_t values_per_draw(const Distribution& distribution);

}  // namespace plait
