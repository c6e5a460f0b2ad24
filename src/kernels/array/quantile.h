// Medians and quantiles along the last axis of blocks that follow each other along it.
#pragma once

#include <string_view>
#include <vector>

#include "base/kernel.h"
#include "plait/dtype.h"

namespace plait {

// NumPy's ways to read a quantile from elements in order, and the median, which is the mean of the middle.
enum class QuantileMethod : std::uint8_t {
  median,
  inverted_cdf,
  averaged_inverted_cdf,
  closest_observation,
  interpolated_inverted_cdf,
  hazen,
  weibull,
  linear,
  median_unbiased,
  normal_unbiased,
  lower,
  higher,
  midpoint,
  nearest,
};
// Throws Error(value) with the names there are.
QuantileMethod parse_quantile_method(std::string_view what, std::string_view name);
// Whether the result is always an element.
bool gives_elements(QuantileMethod method);

struct LineQuantileParams {
  QuantileMethod method = QuantileMethod::linear;
  std::vector<double> q;    // of the median: one entry without a meaning
  bool has_q_axis = false;  // the result has an axis for q in front
  bool skips_nan = false;   // without: a line with NaN gives NaN
  DType dtype = DType::float64;
  static constexpr auto fields =
      std::tuple{&LineQuantileParams::method, &LineQuantileParams::q, &LineQuantileParams::has_q_axis,
                 &LineQuantileParams::skips_nan, &LineQuantileParams::dtype};
};

// Of the elements a at `low` and b at `high` in order: a itself, the middle, or a + (b - a) * weight, which is NaN
// where one of them is infinite and the weight is not between 0 and 1.
struct QuantilePlace {
  enum class Between : std::uint8_t { element, middle, line };

  std::int64_t low = 0;
  std::int64_t high = 0;
  Between between = Between::element;
  double weight = 0;
};
// One for each q; of n elements, at least one.
std::vector<QuantilePlace> places_of(const LineQuantileParams& params, std::int64_t n);

inline constinit KernelId<LineQuantileParams> quantile_kernel{"quantile"};
void register_quantile_kernels();

}  // namespace plait
