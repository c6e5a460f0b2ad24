#include "kernels/array/quantile.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "base/buffer.h"
#include "base/check.h"
#include "kernels/array/element_order.h"
#include "kernels/array/lines.h"
#include "kernels/array/quantile_values.h"

namespace plait {
namespace {

using enum QuantileMethod;

constexpr std::array<std::string_view, 14> kNames = {"median",
                                                     "inverted_cdf",
                                                     "averaged_inverted_cdf",
                                                     "closest_observation",
                                                     "interpolated_inverted_cdf",
                                                     "hazen",
                                                     "weibull",
                                                     "linear",
                                                     "median_unbiased",
                                                     "normal_unbiased",
                                                     "lower",
                                                     "higher",
                                                     "midpoint",
                                                     "nearest"};

using Place = QuantilePlace;

Place at(double index, std::int64_t n) {
  const auto position = std::clamp<std::int64_t>(static_cast<std::int64_t>(index), 0, n - 1);
  return {position, position};
}

// Of a method that goes from element to element, also at the ends.
Place on_line(std::int64_t low, std::int64_t high, double weight) { return {low, high, Place::Between::line, weight}; }

// The element before `index`, which has no fraction where the condition holds, or the one after it.
Place before_or_after(double index, bool takes_before, std::int64_t n) {
  return at(std::floor(index) + (takes_before ? 0 : 1), n);
}

double virtual_index(QuantileMethod method, double q, double n) {
  const auto by = [&](double alpha, double beta) { return n * q + (alpha + q * (1 - alpha - beta)) - 1; };
  switch (method) {
    case averaged_inverted_cdf:
      return n * q - 1;
    case interpolated_inverted_cdf:
      return by(0, 1);
    case hazen:
      return by(0.5, 0.5);
    case weibull:
      return by(0, 0);
    case median_unbiased:
      return by(1 / 3.0, 1 / 3.0);
    case normal_unbiased:
      return by(3 / 8.0, 3 / 8.0);
    case midpoint:
      return 0.5 * (std::floor((n - 1) * q) + std::ceil((n - 1) * q));
    default:
      return (n - 1) * q;
  }
}

// Of n elements, at least one.
Place place_of(QuantileMethod method, double q, std::int64_t n) {
  const auto count = static_cast<double>(n);
  if (method == median) return {(n - 1) / 2, n / 2, n % 2 == 0 ? Place::Between::middle : Place::Between::element};
  if (method == inverted_cdf) {
    const double index = count * q - 1;
    return before_or_after(index, index == std::floor(index), n);
  }
  if (method == closest_observation) {
    const double index = count * q - 1.5;
    return before_or_after(index, index == std::floor(index) && std::fmod(std::floor(index), 2) == 1, n);
  }
  const double index = virtual_index(method, q, count);
  if (method == lower) return at(std::floor(index), n);
  if (method == higher) return at(std::ceil(index), n);
  if (method == nearest) return at(std::nearbyint(index), n);
  if (index < 0) return on_line(0, 0, 0);
  if (index >= count - 1) return on_line(n - 1, n - 1, 0);
  const double low = std::floor(index);
  double weight = index - low;
  if (method == averaged_inverted_cdf) weight = weight == 0 ? 0.5 : 1;
  if (method == midpoint) weight = std::fmod(index, 1) == 0 ? 0 : 0.5;
  return on_line(static_cast<std::int64_t>(low), static_cast<std::int64_t>(low) + 1, weight);
}

// Brings the elements at the wanted positions to where they stand in order.
template <class T>
void select(T* values, std::int64_t n, const std::vector<Place>& places) {
  std::vector<std::int64_t> wanted;
  for (const Place& place : places) wanted.insert(wanted.end(), {place.low, place.high});
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  // No NaN is among them, so a plain comparison does where there is one.
  const auto before = [](T a, T b) {
    if constexpr (element::is_complex_type<T>)
      return element::sorts_before(a, b);
    else
      return element::key_of(a) < element::key_of(b);
  };
  std::int64_t sorted = 0;
  for (std::int64_t position : wanted) {
    if (position < sorted) continue;
    std::nth_element(values + sorted, values + position, values + n, before);
    sorted = position + 1;
  }
}

// The quantiles of lines with elements of type T as type R.
template <class T, class R>
class QuantileLines {
 public:
  QuantileLines(const std::vector<NdArray>& blocks, const LineQuantileParams& params)
      : blocks_(blocks), params_(params) {
    for (const NdArray& block : blocks) extent_ += block.shape().back();
    values_.resize(static_cast<std::size_t>(extent_) + 1);
    if (extent_ > 0) all_places_ = places_of(params, extent_);
  }

  void fill(NdArray& out, std::int64_t num_lines, const TaskContext& context) {
    R* to = out.mutable_data<R>();
    for (std::int64_t line = 0; line < num_lines; ++line) {
      context.check_cancelled();
      const std::int64_t n = read(line);
      const bool is_missing = n == 0 || (n < extent_ && !params_.skips_nan);
      const std::vector<Place> own = n == extent_ || is_missing ? std::vector<Place>() : places_of(params_, n);
      const std::vector<Place>& places = n == extent_ ? all_places_ : own;
      if (!is_missing) select(values_.data(), n, places);
      for (std::size_t i = 0; i < params_.q.size(); ++i) {
        to[static_cast<std::int64_t>(i) * num_lines + line] =
            is_missing ? not_a_number<R>()
                       : between<T, R>(values_[static_cast<std::size_t>(places[i].low)],
                                       values_[static_cast<std::size_t>(places[i].high)], places[i]);
      }
    }
  }

 private:
  // Reads the elements of a line that are numbers; how many there are.
  std::int64_t read(std::int64_t line) {
    // Every element is written and only numbers are stepped over: one more place than there are elements is enough.
    T* to = values_.data();
    for (const NdArray& block : blocks_) {
      const std::int64_t extent = block.shape().back();
      const T* from = block.data<T>() + line * extent;
      for (std::int64_t i = 0; i < extent; ++i) {
        *to = from[i];
        to += !element::is_missing(from[i]);
      }
    }
    return to - values_.data();
  }

  const std::vector<NdArray>& blocks_;
  const LineQuantileParams& params_;
  std::int64_t extent_ = 0;
  PooledVector<T> values_;
  std::vector<Place> all_places_;
};

Value quantile(Inputs inputs, const LineQuantileParams& params, const TaskContext& context) {
  std::vector<NdArray> blocks;
  for (const Value& input : inputs) blocks.push_back(booleans_as_bytes(input.as<NdArray>().contiguous()));
  Shape shape(blocks[0].shape().begin(), blocks[0].shape().end() - 1);
  const std::int64_t num_lines = num_elements(shape);
  if (params.has_q_axis) shape.insert(shape.begin(), static_cast<std::int64_t>(params.q.size()));
  return filled_output(context, params.dtype, shape, [&](NdArray& place) {
    NdArray out = booleans_as_bytes(place);
    visit_stored(blocks[0].dtype(), [&]<class Tag>(Tag) {
      using T = typename Tag::type;
      visit_result<T>(out.dtype(), [&]<class Result>(Result) {
        QuantileLines<T, typename Result::type>(blocks, params).fill(out, num_lines, context);
      });
    });
  });
}

}  // namespace

std::vector<QuantilePlace> places_of(const LineQuantileParams& params, std::int64_t n) {
  std::vector<QuantilePlace> places;
  for (double q : params.q) places.push_back(place_of(params.method, q, n));
  return places;
}

QuantileMethod parse_quantile_method(std::string_view what, std::string_view name) {
  for (std::size_t i = 1; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<QuantileMethod>(i);
  }
  throw value_error(fmt::format("{}: '{}' is not a valid method; expected one of {}", what, name,
                                fmt::join(kNames.begin() + 1, kNames.end(), ", ")));
}

bool gives_elements(QuantileMethod method) {
  return method == inverted_cdf || method == closest_observation || method == lower || method == higher ||
         method == nearest;
}

void register_quantile_kernels() { define(quantile_kernel, "Medians and quantiles of lines, by selection.", quantile); }

}  // namespace plait
