#include "kernels/array/random/distribution.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "base/text.h"
#include "plait/error.h"

namespace plait {
namespace {

using enum ParameterRule;
using Kind = DistributionKind;

// In the order of DistributionKind.
const std::vector<DistributionInfo>& table() {
  static const std::vector<DistributionInfo> all = {
      {Kind::random, "random"},
      {Kind::uniform, "uniform", {{"low", any, 0.0}, {"high", any, 1.0}}},
      {Kind::standard_normal, "standard_normal"},
      {Kind::normal, "normal", {{"loc", any, 0.0}, {"scale", non_negative, 1.0}}},
      {Kind::lognormal, "lognormal", {{"mean", any, 0.0}, {"sigma", non_negative, 1.0}}},
      {Kind::standard_exponential, "standard_exponential"},
      {Kind::standard_exponential_inverse, "standard_exponential_inverse"},
      {Kind::exponential, "exponential", {{"scale", non_negative, 1.0}}},
      {Kind::standard_gamma, "standard_gamma", {{"shape", non_negative}}},
      {Kind::gamma, "gamma", {{"shape", non_negative}, {"scale", non_negative, 1.0}}},
      {Kind::beta, "beta", {{"a", positive}, {"b", positive}}},
      {Kind::chisquare, "chisquare", {{"df", positive}}},
      {Kind::noncentral_chisquare, "noncentral_chisquare", {{"df", positive}, {"nonc", non_negative}}},
      {Kind::f, "f", {{"dfnum", positive}, {"dfden", positive}}},
      {Kind::noncentral_f, "noncentral_f", {{"dfnum", positive}, {"dfden", positive}, {"nonc", non_negative}}},
      {Kind::standard_cauchy, "standard_cauchy"},
      {Kind::standard_t, "standard_t", {{"df", positive}}},
      {Kind::pareto, "pareto", {{"a", positive}}},
      {Kind::weibull, "weibull", {{"a", non_negative}}},
      {Kind::power, "power", {{"a", positive}}},
      {Kind::laplace, "laplace", {{"loc", any, 0.0}, {"scale", non_negative, 1.0}}},
      {Kind::gumbel, "gumbel", {{"loc", any, 0.0}, {"scale", non_negative, 1.0}}},
      {Kind::logistic, "logistic", {{"loc", any, 0.0}, {"scale", non_negative, 1.0}}},
      {Kind::rayleigh, "rayleigh", {{"scale", non_negative, 1.0}}},
      {Kind::wald, "wald", {{"mean", positive}, {"scale", positive}}},
      {Kind::vonmises, "vonmises", {{"mu"}, {"kappa", non_negative}}},
      {Kind::triangular, "triangular", {{"left"}, {"mode"}, {"right"}}},
      {Kind::poisson, "poisson", {{"lam", poisson_rate, 1.0}}, true},
      {Kind::binomial, "binomial", {{"n", non_negative}, {"p", probability}}, true},
      {Kind::negative_binomial, "negative_binomial", {{"n", positive_not_nan}, {"p", positive_probability}}, true},
      {Kind::geometric, "geometric", {{"p", positive_probability}}, true},
      {Kind::hypergeometric,
       "hypergeometric",
       {{"ngood", non_negative}, {"nbad", non_negative}, {"nsample", non_negative}},
       true},
      {Kind::logseries, "logseries", {{"p", below_one}}, true},
      {Kind::zipf, "zipf", {{"a", above_one}}, true},
      {Kind::tomaxint, "tomaxint", {}, true},
      {Kind::integers, "integers", {}, true},
      {Kind::choice, "choice", {}, true},
      {Kind::multinomial, "multinomial", {{"n", non_negative}}, true},
      {Kind::multivariate_hypergeometric, "multivariate_hypergeometric", {{"nsample", non_negative}}, true},
  };
  return all;
}

constexpr double kMaxPoissonRate = 9.223372006484771e18;  // 2^63 - 1 less ten standard deviations

// Empty when `value` keeps the rule, else what the rule asks for.
std::string_view broken_rule(ParameterRule rule, double value) {
  switch (rule) {
    case any:
      return "";
    case non_negative:
      return value < 0 ? "0 or more" : "";
    case positive:
      return value <= 0 ? "more than 0" : "";
    case positive_not_nan:
      return !(value > 0) ? "more than 0" : "";
    case probability:
      return !(value >= 0 && value <= 1) ? "a probability between 0 and 1" : "";
    case positive_probability:
      return !(value > 0 && value <= 1) ? "a probability above 0, up to 1" : "";
    case below_one:
      return !(value >= 0 && value < 1) ? "a probability from 0, below 1" : "";
    case above_one:
      return !(value > 1) ? "more than 1" : "";
    case poisson_rate:
      return !(value >= 0 && value <= kMaxPoissonRate) ? "0 or more, and less than about 9.2e18" : "";
  }
  return "";
}

Error uneven(const DistributionInfo& of, const std::string& found, std::string_view expected) {
  return value_error(fmt::format("{}: {}, expected {}", of.name, found, expected));
}

void check_uniform(StreamKind stream, const DistributionInfo& of, double low, double high) {
  const std::string found = fmt::format("low = {} and high = {}", low, high);
  if (!std::isfinite(high - low)) throw uneven(of, found, "a finite range");
  if (stream != StreamKind::mt19937 && high < low) throw uneven(of, found, "low <= high");
}

void check_triangular(const DistributionInfo& of, double left, double mode, double right) {
  const std::string found = fmt::format("left = {}, mode = {}, right = {}", left, mode, right);
  if (left > mode || mode > right || left == right) throw uneven(of, found, "left <= mode <= right and left < right");
}

void check_hypergeometric(const DistributionInfo& of, double good, double bad, double sample) {
  if (good + bad >= sample) return;
  throw uneven(of, fmt::format("ngood = {}, nbad = {}, nsample = {}", good, bad, sample), "ngood + nbad >= nsample");
}

bool has_dtype(StreamKind stream, DistributionKind kind, DType dtype) {
  if (info(kind).is_integral) return dtype == DType::int64;
  if (dtype == DType::float64) return true;
  const bool has_single = kind == Kind::random || kind == Kind::standard_normal || kind == Kind::standard_exponential ||
                          kind == Kind::standard_exponential_inverse || kind == Kind::standard_gamma;
  return dtype == DType::float32 && has_single && stream != StreamKind::mt19937;
}

bool has_kind(StreamKind stream, DistributionKind kind) {
  if (kind == Kind::tomaxint) return stream == StreamKind::mt19937;
  if (kind == Kind::multivariate_hypergeometric || kind == Kind::standard_exponential_inverse)
    return stream != StreamKind::mt19937;
  return true;
}

double checked_sum(std::string_view of, std::span<const double> probabilities) {
  double sum = 0;
  for (const double p : probabilities) {
    if (!(p >= 0 && p <= 1)) throw value_error(fmt::format("{}: a probability is {}, expected 0 to 1", of, p));
    sum += p;
  }
  return sum;
}

struct Limits {
  int128 min;
  int128 max;
};

Limits limits_of(DType dtype) {
  if (dtype == DType::bool_) return {0, 1};
  if (!is_integer(dtype))
    throw type_error(fmt::format("integers: the dtype is {}, expected bool or an integer type", name(dtype)));
  const unsigned bits = 8 * static_cast<unsigned>(item_size(dtype));
  if (is_unsigned_integer(dtype)) return {0, (int128{1} << bits) - 1};
  return {-(int128{1} << (bits - 1)), (int128{1} << (bits - 1)) - 1};
}

std::string text_of(int128 number) {
  if (number >= 0) return fmt::format("{}", static_cast<std::uint64_t>(number));
  return fmt::format("{}", static_cast<std::int64_t>(number));
}

}  // namespace

const std::vector<DistributionInfo>& all_distributions() { return table(); }

const DistributionInfo& info(DistributionKind kind) {
  const auto& all = all_distributions();
  const auto at = static_cast<std::size_t>(kind);
  PLAIT_CHECK(at < all.size() && all[at].kind == kind);
  return all[at];
}

const DistributionInfo& find_distribution(std::string_view name) {
  if (name == "random_sample") return info(Kind::random);
  std::vector<std::string> names;
  for (const auto& each : all_distributions()) {
    if (each.name == name) return each;
    names.emplace_back(each.name);
  }
  throw key_error(fmt::format("there is no random distribution named '{}'{}", name, did_you_mean(name, names)));
}

void check_parameters(StreamKind stream, DistributionKind kind, std::span<const double> values) {
  const DistributionInfo& of = info(kind);
  PLAIT_CHECK(values.size() >= of.parameters.size());
  if (kind == Kind::uniform) check_uniform(stream, of, values[0], values[1]);
  if (kind == Kind::triangular) check_triangular(of, values[0], values[1], values[2]);
  for (std::size_t i = 0; i < of.parameters.size(); ++i) {
    const std::string_view expected = broken_rule(of.parameters[i].rule, values[i]);
    if (!expected.empty()) throw uneven(of, fmt::format("{} is {}", of.parameters[i].name, values[i]), expected);
  }
  if (kind == Kind::hypergeometric) check_hypergeometric(of, values[0], values[1], values[2]);
}

Distribution make_distribution(StreamKind stream, DistributionKind kind, std::vector<double> parameters, DType dtype) {
  const DistributionInfo& of = info(kind);
  if (!has_kind(stream, kind)) {
    throw not_implemented(fmt::format("{}: this random generator does not have it; {} does", of.name,
                                      stream == StreamKind::mt19937 ? "default_rng" : "RandomState"));
  }
  const bool has_rows = kind == Kind::multinomial || kind == Kind::multivariate_hypergeometric;
  for (std::size_t i = parameters.size(); i < of.parameters.size() && of.parameters[i].default_value; ++i) {
    parameters.push_back(*of.parameters[i].default_value);
  }
  if (parameters.size() < of.parameters.size() || (parameters.size() > of.parameters.size() && !has_rows)) {
    throw type_error(
        fmt::format("{}: got {} parameters, expected {}", of.name, parameters.size(), of.parameters.size()));
  }
  check_parameters(stream, kind, parameters);
  if (kind == Kind::multinomial) {
    // The last probability is what the others leave, whatever it says.
    const std::span<const double> probabilities = std::span(parameters).subspan(1);
    checked_sum(of.name, probabilities);
    const double sum = probabilities.empty() ? 0 : checked_sum(of.name, probabilities.first(probabilities.size() - 1));
    if (sum > 1 + 1e-12) {
      throw value_error(fmt::format("{}: the probabilities but the last sum to {}, expected at most 1", of.name, sum));
    }
  }
  if (of.is_integral && dtype == DType::float64) dtype = DType::int64;
  if (!has_dtype(stream, kind, dtype)) {
    throw type_error(
        fmt::format("{}: the dtype is {}, expected {}", of.name, name(dtype), of.is_integral ? "int64" : "float64"));
  }
  return {.kind = kind, .dtype = dtype, .parameters = std::move(parameters)};
}

Distribution make_integers(int128 low, int128 high, DType dtype, bool endpoint) {
  const Limits limits = limits_of(dtype);
  const int128 last = endpoint ? high : high - 1;
  if (last < low) {
    throw value_error(fmt::format("integers: low is {} and high is {}, expected low {} high", text_of(low),
                                  text_of(high), endpoint ? "<=" : "<"));
  }
  if (low < limits.min || last > limits.max) {
    throw value_error(fmt::format("integers: {} is out of bounds for {}, which holds {} to {}",
                                  low < limits.min ? "low = " + text_of(low) : "high = " + text_of(high), name(dtype),
                                  text_of(limits.min), text_of(limits.max)));
  }
  return {.kind = Kind::integers,
          .dtype = dtype,
          .low = static_cast<std::int64_t>(low),
          .range = static_cast<std::uint64_t>(last - low)};
}

Distribution make_choice(std::int64_t population, std::vector<double> probabilities, bool replace, bool shuffle) {
  if (population <= 0)
    throw value_error(fmt::format("choice: the population has {} elements, expected 1 or more", population));
  if (!probabilities.empty()) {
    if (static_cast<std::int64_t>(probabilities.size()) != population) {
      throw value_error(
          fmt::format("choice: a has {} elements and p has {}, expected as many", population, probabilities.size()));
    }
    const double sum = checked_sum("choice", probabilities);
    if (std::abs(sum - 1) > 1e-7) {
      throw value_error(fmt::format("choice: the probabilities sum to {}, expected 1; divide them by their sum", sum));
    }
  }
  return {.kind = Kind::choice,
          .dtype = DType::int64,
          .parameters = std::move(probabilities),
          .range = static_cast<std::uint64_t>(population - 1),
          .replace = replace,
          .shuffle = shuffle};
}

std::int64_t values_per_draw(const Distribution& distribution) {
  const bool has_rows =
      distribution.kind == Kind::multinomial || distribution.kind == Kind::multivariate_hypergeometric;
  return has_rows ? static_cast<std::int64_t>(distribution.parameters.size()) - 1 : 1;
}

}  // namespace plait
