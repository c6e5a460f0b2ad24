// The order in which NumPy sorts elements: NaN behind everything else, complex numbers by real part, then imaginary
// part.
#pragma once

#include "base/half.h"
#include "kernels/array/element_values.h"

namespace plait::element {

// What an element is compared by: a float16 as float32.
template <class T>
[[gnu::always_inline]] inline auto key_of(T value) {
  if constexpr (std::is_same_v<T, Half>)
    return to_float(value);
  else
    return value;
}

template <class T>
[[gnu::always_inline]] inline bool is_missing(T value) {
  return is_nan(key_of(value));
}

template <class T>
[[gnu::always_inline]] inline bool sorts_before(T a, T b) {
  const auto x = key_of(a);
  const auto y = key_of(b);
  if constexpr (is_complex_type<T>) {
    if (is_nan(x) || is_nan(y)) return !is_nan(x) && is_nan(y);
    return is_less(x, y);
  } else if constexpr (std::is_floating_point_v<decltype(x)>) {
    return x < y || (y != y && x == x);
  } else {
    return x < y;
  }
}

// Equal as `unique` counts: NaN is one value.
template <class T>
[[gnu::always_inline]] inline bool sorts_equal(T a, T b) {
  return key_of(a) == key_of(b) || (is_missing(a) && is_missing(b));
}

}  // namespace plait::element
