// What each elementwise operation does to one element, with NumPy's semantics: integers wrap around, division of
// integers by zero is zero, maximum keeps NaN, and so on. Inlined into the loops of every instruction set.
#pragma once

#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "kernels/array/element_values.h"
#include "plait/error.h"

#define PLAIT_ELEMENT [[gnu::always_inline]] static inline

namespace plait::element {

struct Add {
  template <class T>
  PLAIT_ELEMENT T run(T a, T b) {
    if constexpr (std::is_same_v<T, bool>)
      return a | b;
    else if constexpr (is_integer_type<T>)
      return static_cast<T>(Wrapping<T>(a) + Wrapping<T>(b));
    else
      return a + b;
  }
};
struct Subtract {
  template <class T>
  PLAIT_ELEMENT T run(T a, T b) {
    if constexpr (is_integer_type<T>)
      return static_cast<T>(Wrapping<T>(a) - Wrapping<T>(b));
    else
      return a - b;
  }
};
struct Multiply {
  template <class T>
  PLAIT_ELEMENT T run(T a, T b) {
    if constexpr (std::is_same_v<T, bool>)
      return a & b;
    else if constexpr (is_integer_type<T>)
      return static_cast<T>(Wrapping<T>(a) * Wrapping<T>(b));
    else if constexpr (is_complex_type<T>) {
      return T(a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real());
    } else
      return a * b;
  }
};
struct MultiplyAdd {
  template <class T>
  PLAIT_ELEMENT T run(T a, T b, T c) {
    return Add::run(Multiply::run(a, b), c);
  }
};
struct Divide {
  template <class T>
  PLAIT_ELEMENT T run(T a, T b) {
    return a / b;
  }
};
struct Negative {
  template <class T>
  PLAIT_ELEMENT T run(T a) {
    if constexpr (is_integer_type<T>)
      return static_cast<T>(Wrapping<T>(0) - Wrapping<T>(a));
    else
      return -a;
  }
};
struct Positive {
  template <class T>
  PLAIT_ELEMENT T run(T a) {
    return a;
  }
};
struct Absolute {
  template <class T>
  PLAIT_ELEMENT T run(T a) {
    if constexpr (std::is_floating_point_v<T>)
      return std::abs(a);
    else if constexpr (std::is_unsigned_v<T>)
      return a;
    else
      return a < 0 ? Negative::run(a) : a;
  }
};
struct Sign {
  template <class T>
  PLAIT_ELEMENT T run(T a) {
    if constexpr (std::is_floating_point_v<T>)
      return a != a ? a : T(a > 0) - T(a < 0);
    else
      return static_cast<T>((a > 0) - (a < 0));
  }
};
struct Square {
  template <class T>
  PLAIT_ELEMENT T run(T a) {
    return Multiply::run(a, a);
  }
};
struct Sqrt {
  template <class T>
  PLAIT_ELEMENT T run(T a) {
    return std::sqrt(a);
  }
};
struct Reciprocal {
  template <class T>
  PLAIT_ELEMENT T run(T a) {
    if constexpr (is_integer_type<T>) {
      if (a == 0) return std::is_signed_v<T> && sizeof(T) >= 4 ? std::numeric_limits<T>::min() : T(0);
      return static_cast<T>(1 / a);
    } else {
      return T(1) / a;
    }
  }
};
// Where NaN wins, and where it loses.
struct Maximum {
  template <class T>
  PLAIT_ELEMENT T run(T a, T b) {
    return select(is_less_equal(b, a) | is_nan(a), a, b);
  }
};
struct Minimum {
  template <class T>
  PLAIT_ELEMENT T run(T a, T b) {
    return select(is_less_equal(a, b) | is_nan(a), a, b);
  }
};
struct FMax {
  template <class T>
  PLAIT_ELEMENT T run(T a, T b) {
    return select(is_less_equal(b, a) | is_nan(b), a, b);
  }
};
struct FMin {
  template <class T>
  PLAIT_ELEMENT T run(T a, T b) {
    return select(is_less_equal(a, b) | is_nan(b), a, b);
  }
};
struct Clip {
  template <class T>
  PLAIT_ELEMENT T run(T a, T low, T high) {
    return Minimum::run(Maximum::run(a, low), high);
  }
};
struct Where {
  template <class T>
  PLAIT_ELEMENT T run(bool condition, T a, T b) {
    return select(condition, a, b);
  }
};
struct NanToZero {
  template <class T>
  PLAIT_ELEMENT T run(T a) {
    return is_nan(a) ? T(0) : a;
  }
};
struct NanToOne {
  template <class T>
  PLAIT_ELEMENT T run(T a) {
    return is_nan(a) ? T(1) : a;
  }
};
struct Deg2Rad {
  template <class T>
  PLAIT_ELEMENT T run(T a) {
    return a * static_cast<T>(3.14159265358979323846 / 180);
  }
};
struct Rad2Deg {
  template <class T>
  PLAIT_ELEMENT T run(T a) {
    return a * static_cast<T>(180 / 3.14159265358979323846);
  }
};
struct Floor {
  template <class T>
  PLAIT_ELEMENT T run(T a) {
    return std::floor(a);
  }
};
struct Ceil {
  template <class T>
  PLAIT_ELEMENT T run(T a) {
    return std::ceil(a);
  }
};
struct Trunc {
  template <class T>
  PLAIT_ELEMENT T run(T a) {
    return std::trunc(a);
  }
};
struct Rint {
  template <class T>
  PLAIT_ELEMENT T run(T a) {
    return std::rint(a);
  }
};
struct CopySign {
  template <class T>
  PLAIT_ELEMENT T run(T a, T b) {
    return std::copysign(a, b);
  }
};

struct Equal {
  template <class T>
  PLAIT_ELEMENT bool run(T a, T b) {
    return a == b;
  }
};
struct NotEqual {
  template <class T>
  PLAIT_ELEMENT bool run(T a, T b) {
    return a != b;
  }
};
struct Less {
  template <class T>
  PLAIT_ELEMENT bool run(T a, T b) {
    return is_less(a, b);
  }
};
struct LessEqual {
  template <class T>
  PLAIT_ELEMENT bool run(T a, T b) {
    return is_less_equal(a, b);
  }
};
struct Greater {
  template <class T>
  PLAIT_ELEMENT bool run(T a, T b) {
    return is_less(b, a);
  }
};
struct GreaterEqual {
  template <class T>
  PLAIT_ELEMENT bool run(T a, T b) {
    return is_less_equal(b, a);
  }
};
struct LogicalAnd {
  template <class T>
  PLAIT_ELEMENT bool run(T a, T b) {
    return (a != T(0)) & (b != T(0));
  }
};
struct LogicalOr {
  template <class T>
  PLAIT_ELEMENT bool run(T a, T b) {
    return (a != T(0)) | (b != T(0));
  }
};
struct LogicalXor {
  template <class T>
  PLAIT_ELEMENT bool run(T a, T b) {
    return (a != T(0)) != (b != T(0));
  }
};
struct LogicalNot {
  template <class T>
  PLAIT_ELEMENT bool run(T a) {
    return a == T(0);
  }
};
struct BitAnd {
  template <class T>
  PLAIT_ELEMENT T run(T a, T b) {
    return static_cast<T>(a & b);
  }
};
struct BitOr {
  template <class T>
  PLAIT_ELEMENT T run(T a, T b) {
    return static_cast<T>(a | b);
  }
};
struct BitXor {
  template <class T>
  PLAIT_ELEMENT T run(T a, T b) {
    return static_cast<T>(a ^ b);
  }
};
struct Invert {
  template <class T>
  PLAIT_ELEMENT T run(T a) {
    if constexpr (std::is_same_v<T, bool>)
      return !a;
    else
      return static_cast<T>(~a);
  }
};
struct LeftShift {
  template <class T>
  PLAIT_ELEMENT T run(T a, T b) {
    constexpr unsigned bits = sizeof(T) * 8;
    const auto by = static_cast<std::make_unsigned_t<T>>(b);
    return by < bits ? static_cast<T>(Wrapping<T>(a) << by) : T(0);
  }
};
struct RightShift {
  template <class T>
  PLAIT_ELEMENT T run(T a, T b) {
    constexpr unsigned bits = sizeof(T) * 8;
    const auto by = static_cast<std::make_unsigned_t<T>>(b);
    return by < bits ? static_cast<T>(a >> by) : static_cast<T>(a < 0 ? -1 : 0);
  }
};
struct IsNan {
  template <class T>
  PLAIT_ELEMENT bool run(T a) {
    return is_nan(a);
  }
};
struct IsFinite {
  template <class T>
  PLAIT_ELEMENT bool run(T a) {
    if constexpr (is_complex_type<T>)
      return IsFinite::run(a.real()) & IsFinite::run(a.imag());
    else if constexpr (std::is_floating_point_v<T>)
      return std::abs(a) <= std::numeric_limits<T>::max();
    else
      return true;
  }
};
struct IsInf {
  template <class T>
  PLAIT_ELEMENT bool run(T a) {
    if constexpr (is_complex_type<T>)
      return IsInf::run(a.real()) | IsInf::run(a.imag());
    else if constexpr (std::is_floating_point_v<T>)
      return std::abs(a) > std::numeric_limits<T>::max();
    else
      return false;
  }
};
struct SignBit {
  template <class T>
  PLAIT_ELEMENT bool run(T a) {
    using Bits = std::conditional_t<sizeof(T) == 8, std::int64_t, std::int32_t>;
    return std::bit_cast<Bits>(a) < 0;
  }
};

// Rounds towards minus infinity; the remainder has the divisor's sign.
struct FloorDivide {
  template <class T>
  static T run(T a, T b) {
    if constexpr (is_integer_type<T>) {
      if (b == 0) return 0;
      if constexpr (std::is_signed_v<T>) {
        if (b == -1) return Negative::run(a);
        const T quotient = static_cast<T>(a / b);
        return static_cast<T>(quotient - ((a % b != 0) && ((a < 0) != (b < 0))));
      } else {
        return static_cast<T>(a / b);
      }
    } else {
      if (b == 0) return a / b;
      const T rest = std::fmod(a, b);
      T quotient = (a - rest) / b;
      if (rest != 0 && (b < 0) != (rest < 0)) quotient -= 1;
      if (quotient == 0) return std::copysign(T(0), a / b);
      const T whole = std::floor(quotient);
      return quotient - whole > T(0.5) ? whole + 1 : whole;
    }
  }
};
struct Remainder {
  template <class T>
  static T run(T a, T b) {
    if constexpr (is_integer_type<T>) {
      if (b == 0) return 0;
      if constexpr (std::is_signed_v<T>) {
        if (b == -1) return 0;
        const T rest = static_cast<T>(a % b);
        return rest != 0 && (rest < 0) != (b < 0) ? static_cast<T>(rest + b) : rest;
      } else {
        return static_cast<T>(a % b);
      }
    } else {
      const T rest = std::fmod(a, b);
      if (b == 0) return rest;
      if (rest == 0) return std::copysign(T(0), b);
      return (b < 0) != (rest < 0) ? rest + b : rest;
    }
  }
};
struct FMod {
  template <class T>
  static T run(T a, T b) {
    if constexpr (is_integer_type<T>) {
      if (b == 0) return 0;
      if constexpr (std::is_signed_v<T>) {
        if (b == -1) return 0;
      }
      return static_cast<T>(a % b);
    } else {
      return std::fmod(a, b);
    }
  }
};
struct IntegerPower {
  template <class T>
  static T run(T base, T exponent) {
    if constexpr (std::is_signed_v<T>) {
      if (exponent < 0) throw value_error("Integers to negative integer powers are not allowed.");
    }
    Wrapping<T> result = 1;
    Wrapping<T> factor = static_cast<Wrapping<T>>(base);
    for (auto left = static_cast<std::make_unsigned_t<T>>(exponent); left != 0; left >>= 1) {
      if (left & 1) result *= factor;
      factor *= factor;
    }
    return static_cast<T>(result);
  }
};
struct NextAfter {
  template <class T>
  static T run(T a, T b) {
    return std::nextafter(a, b);
  }
};
struct LogAddExp {
  template <class T>
  static T run(T a, T b) {
    if (a == b) return a + T(0.693147180559945309417);
    const T distance = a - b;
    if (distance > 0) return a + std::log1p(std::exp(-distance));
    if (distance <= 0) return b + std::log1p(std::exp(distance));
    return distance;  // NaN
  }
};
struct LogAddExp2 {
  template <class T>
  static T run(T a, T b) {
    if (a == b) return a + 1;
    constexpr T log2e = T(1.442695040888963407360);
    const T distance = a - b;
    if (distance > 0) return a + log2e * std::log1p(std::exp2(-distance));
    if (distance <= 0) return b + log2e * std::log1p(std::exp2(distance));
    return distance;
  }
};
struct Angle {
  template <class T>
  static T run(T a) {
    return std::atan2(T(0), a);
  }
};
struct Zero {
  template <class T>
  PLAIT_ELEMENT T run(T) {
    return T(0);
  }
};

}  // namespace plait::element
