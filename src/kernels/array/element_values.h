// What element functions ask of values: kinds of types, NaN, NumPy's order, choice without a branch.
#pragma once

#include <bit>
#include <complex>
#include <cstdint>
#include <type_traits>

namespace plait::element {

template <class T>
inline constexpr bool is_complex_type = false;
template <class T>
inline constexpr bool is_complex_type<std::complex<T>> = true;
template <class T>
inline constexpr bool is_integer_type = std::is_integral_v<T> && !std::is_same_v<T, bool>;

template <class T>
struct WrappingType {
  using type = std::common_type_t<std::make_unsigned_t<T>, unsigned>;
};
// Unsigned arithmetic at least as wide as int, which wraps around where T would overflow.
template <class T>
using Wrapping = typename WrappingType<T>::type;

template <class T>
[[gnu::always_inline]] inline bool is_nan(T value) {
  if constexpr (is_complex_type<T>)
    return value.real() != value.real() || value.imag() != value.imag();
  else if constexpr (std::is_floating_point_v<T>)
    return value != value;
  else
    return false;
}

template <std::size_t Bytes>
struct BitsOf;
template <>
struct BitsOf<1> {
  using type = std::uint8_t;
};
template <>
struct BitsOf<2> {
  using type = std::uint16_t;
};
template <>
struct BitsOf<4> {
  using type = std::uint32_t;
};
template <>
struct BitsOf<8> {
  using type = std::uint64_t;
};

// condition ? a : b without a branch, which data would decide at random.
template <class T>
[[gnu::always_inline]] inline T select(bool condition, T a, T b) {
  if constexpr (is_complex_type<T>) {
    return {select(condition, a.real(), b.real()), select(condition, a.imag(), b.imag())};
  } else {
    using Bits = typename BitsOf<sizeof(T)>::type;
    const auto mask = static_cast<Bits>(Bits{0} - static_cast<Bits>(condition));
    return std::bit_cast<T>(
        static_cast<Bits>((std::bit_cast<Bits>(a) & mask) | (std::bit_cast<Bits>(b) & static_cast<Bits>(~mask))));
  }
}

// NumPy orders complex numbers by real part, then by imaginary part; NaN is unordered.
template <class T>
[[gnu::always_inline]] inline bool is_less(T a, T b) {
  if constexpr (is_complex_type<T>) {
    return (a.real() < b.real() && !(a.imag() != a.imag()) && !(b.imag() != b.imag())) ||
           (a.real() == b.real() && a.imag() < b.imag());
  } else {
    return a < b;
  }
}
template <class T>
[[gnu::always_inline]] inline bool is_less_equal(T a, T b) {
  if constexpr (is_complex_type<T>) {
    return (a.real() < b.real() && !(a.imag() != a.imag()) && !(b.imag() != b.imag())) ||
           (a.real() == b.real() && a.imag() <= b.imag());
  } else {
    return a <= b;
  }
}

}  // namespace plait::element
