// Values between two elements, in the type of a quantile.
#pragma once

#include <limits>

#include "base/check.h"
#include "kernels/array/element_order.h"
#include "kernels/array/quantile.h"

namespace plait {

// In which type elements are interpolated: the result's, float16 as float32.
template <class T, class R>
R between(T a, T b, const QuantilePlace& place) {
  using enum QuantilePlace::Between;
  if constexpr (std::is_same_v<T, Half> && std::is_same_v<R, Half>) {
    return place.between == element ? a : to_half(between<float, float>(to_float(a), to_float(b), place));
  } else if constexpr (std::is_same_v<T, Half>) {
    return between<float, R>(to_float(a), to_float(b), place);
  } else if constexpr (std::is_same_v<R, Half> || (element::is_complex_type<T> && !element::is_complex_type<R>)) {
    PLAIT_CHECK(false);
    return R{};
  } else {
    const auto low = static_cast<R>(a);
    if (place.between == element) return low;
    if constexpr (std::is_integral_v<R>) {
      PLAIT_CHECK(place.weight == 0);
      return low;
    } else {
      const auto high = static_cast<R>(b);
      if constexpr (element::is_complex_type<R>) {
        return (low + high) / typename R::value_type(2);
      } else {
        if (place.between == middle) return (low + high) / 2;
        const R difference = high - low;
        const double weight = place.weight;
        return weight >= 0.5 ? high - difference * static_cast<R>(1 - weight)
                             : low + difference * static_cast<R>(weight);
      }
    }
  }
}

template <class R>
R not_a_number() {
  if constexpr (std::is_same_v<R, Half>)
    return to_half(std::numeric_limits<float>::quiet_NaN());
  else if constexpr (element::is_complex_type<R>)
    return {std::numeric_limits<typename R::value_type>::quiet_NaN(),
            std::numeric_limits<typename R::value_type>::quiet_NaN()};
  else if constexpr (std::is_floating_point_v<R>)
    return std::numeric_limits<R>::quiet_NaN();
  else
    return R{};
}

// Calls f(TypeTag<R>{}) for a type of results that elements of type T can give.
template <class T, class F>
void visit_result(DType dtype, F&& f) {
  if (dtype == dtype_of<T>) return f(TypeTag<T>{});
  if constexpr (!element::is_complex_type<T>) {
    if (dtype == DType::float64) return f(TypeTag<double>{});
  }
  PLAIT_CHECK(false);
}

}  // namespace plait
