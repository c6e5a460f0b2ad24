// Loops over complex numbers whose formulas are those of NumPy.
#include <cmath>
#include <complex>

#include "kernels/array/element_functions.h"
#include "kernels/array/loop_shapes.h"

namespace plait {
namespace {

PLAIT_LOOP_SHAPES

template <class T>
using Complex = std::complex<T>;

// Smith's method: no overflow on the way.
struct ComplexDivide {
  template <class T>
  static Complex<T> run(Complex<T> a, Complex<T> b) {
    if (std::abs(b.real()) >= std::abs(b.imag())) {
      if (b.real() == 0 && b.imag() == 0) return {a.real() / std::abs(b.real()), a.imag() / std::abs(b.real())};
      const T ratio = b.imag() / b.real();
      const T scale = T(1) / (b.real() + b.imag() * ratio);
      return {(a.real() + a.imag() * ratio) * scale, (a.imag() - a.real() * ratio) * scale};
    }
    const T ratio = b.real() / b.imag();
    const T scale = T(1) / (b.imag() + b.real() * ratio);
    return {(a.real() * ratio + a.imag()) * scale, (a.imag() * ratio - a.real()) * scale};
  }
};
struct ComplexReciprocal {
  template <class T>
  static Complex<T> run(Complex<T> a) {
    if (std::abs(a.imag()) <= std::abs(a.real())) {
      const T ratio = a.imag() / a.real();
      const T scale = a.real() + a.imag() * ratio;
      return {T(1) / scale, -ratio / scale};
    }
    const T ratio = a.real() / a.imag();
    const T scale = a.real() * ratio + a.imag();
    return {ratio / scale, T(-1) / scale};
  }
};
// Whole exponents up to 100 multiply, as NumPy does; others go through logarithm and exponential.
struct ComplexPower {
  template <class T>
  static Complex<T> run(Complex<T> a, Complex<T> b) {
    if (b == Complex<T>{}) return {1, 0};
    if (a == Complex<T>{}) {
      if (b.real() > 0) return {0, 0};
      return {std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::quiet_NaN()};
    }
    const T whole = std::trunc(b.real());
    if (b.imag() == 0 && whole == b.real() && std::abs(whole) < 100) return whole_power(a, static_cast<int>(whole));
    return std::pow(a, b);
  }

 private:
  template <class T>
  static Complex<T> whole_power(Complex<T> a, int n) {
    if (n == 1) return a;
    if (n == 2) return element::Multiply::run(a, a);
    Complex<T> result{1, 0};
    Complex<T> factor = a;
    for (int left = std::abs(n); left != 0; left >>= 1) {
      if (left & 1) result = element::Multiply::run(result, factor);
      factor = element::Multiply::run(factor, factor);
    }
    return n < 0 ? ComplexDivide::run(Complex<T>{1, 0}, result) : result;
  }
};
struct ComplexAbsolute {
  template <class T>
  static T run(Complex<T> a) {
    return std::hypot(a.real(), a.imag());
  }
};
struct ComplexSign {
  template <class T>
  static Complex<T> run(Complex<T> a) {
    const T size = std::hypot(a.real(), a.imag());
    if (size == 0) return {0, 0};
    if (std::isinf(size)) {
      if (std::isinf(a.real()) && std::isinf(a.imag()))
        return {std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::quiet_NaN()};
      return {std::isinf(a.real()) ? std::copysign(T(1), a.real()) : T(0),
              std::isinf(a.imag()) ? std::copysign(T(1), a.imag()) : T(0)};
    }
    return {a.real() / size, a.imag() / size};
  }
};
struct ComplexExp2 {
  template <class T>
  static Complex<T> run(Complex<T> a) {
    return std::exp(a * T(0.693147180559945309417));
  }
};
struct ComplexExpm1 {
  template <class T>
  static Complex<T> run(Complex<T> a) {
    const T half = std::sin(a.imag() / 2);
    return {std::expm1(a.real()) * std::cos(a.imag()) - 2 * half * half, std::exp(a.real()) * std::sin(a.imag())};
  }
};
struct ComplexLog2 {
  template <class T>
  static Complex<T> run(Complex<T> a) {
    return std::log(a) * T(1.442695040888963407360);
  }
};
struct ComplexLog1p {
  template <class T>
  static Complex<T> run(Complex<T> a) {
    return {std::log(std::hypot(a.real() + 1, a.imag())), std::atan2(a.imag(), a.real() + 1)};
  }
};
struct ComplexRint {
  template <class T>
  static Complex<T> run(Complex<T> a) {
    return {std::rint(a.real()), std::rint(a.imag())};
  }
};
struct Conjugate {
  template <class T>
  static Complex<T> run(Complex<T> a) {
    return {a.real(), -a.imag()};
  }
};
struct Real {
  template <class T>
  static T run(Complex<T> a) {
    return a.real();
  }
};
struct Imag {
  template <class T>
  static T run(Complex<T> a) {
    return a.imag();
  }
};
struct ComplexAngle {
  template <class T>
  static T run(Complex<T> a) {
    return std::atan2(a.imag(), a.real());
  }
};

#define PLAIT_STANDARD(Name, f)           \
  struct Name {                           \
    template <class T>                    \
    static Complex<T> run(Complex<T> a) { \
      return std::f(a);                   \
    }                                     \
  };
PLAIT_STANDARD(Sqrt, sqrt)
PLAIT_STANDARD(Exp, exp)
PLAIT_STANDARD(Log, log)
PLAIT_STANDARD(Log10, log10)
PLAIT_STANDARD(Sin, sin)
PLAIT_STANDARD(Cos, cos)
PLAIT_STANDARD(Tan, tan)
PLAIT_STANDARD(ArcSin, asin)
PLAIT_STANDARD(ArcCos, acos)
PLAIT_STANDARD(ArcTan, atan)
PLAIT_STANDARD(Sinh, sinh)
PLAIT_STANDARD(Cosh, cosh)
PLAIT_STANDARD(Tanh, tanh)
PLAIT_STANDARD(ArcSinh, asinh)
PLAIT_STANDARD(ArcCosh, acosh)
PLAIT_STANDARD(ArcTanh, atanh)
#undef PLAIT_STANDARD

template <class F>
TileLoop unary(DType dtype) {
  return pick_unary<F, PLAIT_COMPLEX_TYPES>(dtype);
}
template <class F>
TileLoop binary(DType dtype) {
  return pick_binary<F, PLAIT_COMPLEX_TYPES>(dtype);
}

}  // namespace

TileLoop find_complex_loop(ElementOp op, DType dtype) {
  namespace e = element;
  using enum ElementOp;
  switch (op) {
    case true_divide:
      return binary<ComplexDivide>(dtype);
    case reciprocal:
      return unary<ComplexReciprocal>(dtype);
    case power:
    case float_power:
      return binary<ComplexPower>(dtype);
    case absolute:
      return unary<ComplexAbsolute>(dtype);
    case sign:
      return unary<ComplexSign>(dtype);
    case maximum:
      return binary<e::Maximum>(dtype);
    case minimum:
      return binary<e::Minimum>(dtype);
    case fmax:
      return binary<e::FMax>(dtype);
    case fmin:
      return binary<e::FMin>(dtype);
    case clip:
      return pick_ternary<e::Clip, PLAIT_COMPLEX_TYPES>(dtype);
    case multiply_add:
      return pick_ternary<e::MultiplyAdd, PLAIT_COMPLEX_TYPES>(dtype);
    case sqrt:
      return unary<Sqrt>(dtype);
    case exp:
      return unary<Exp>(dtype);
    case exp2:
      return unary<ComplexExp2>(dtype);
    case expm1:
      return unary<ComplexExpm1>(dtype);
    case log:
      return unary<Log>(dtype);
    case log2:
      return unary<ComplexLog2>(dtype);
    case log10:
      return unary<Log10>(dtype);
    case log1p:
      return unary<ComplexLog1p>(dtype);
    case sin:
      return unary<Sin>(dtype);
    case cos:
      return unary<Cos>(dtype);
    case tan:
      return unary<Tan>(dtype);
    case arcsin:
      return unary<ArcSin>(dtype);
    case arccos:
      return unary<ArcCos>(dtype);
    case arctan:
      return unary<ArcTan>(dtype);
    case sinh:
      return unary<Sinh>(dtype);
    case cosh:
      return unary<Cosh>(dtype);
    case tanh:
      return unary<Tanh>(dtype);
    case arcsinh:
      return unary<ArcSinh>(dtype);
    case arccosh:
      return unary<ArcCosh>(dtype);
    case arctanh:
      return unary<ArcTanh>(dtype);
    case rint:
      return unary<ComplexRint>(dtype);
    case conjugate:
      return unary<Conjugate>(dtype);
    case real:
      return unary<Real>(dtype);
    case imag:
      return unary<Imag>(dtype);
    case angle:
      return unary<ComplexAngle>(dtype);
    default:
      return nullptr;
  }
}

}  // namespace plait
