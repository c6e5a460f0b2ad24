// Elementwise functions, with broadcasting and NumPy's types.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plait/array/array.h"

namespace plait {

PLAIT_API Array operator+(const Operand& a, const Operand& b);
PLAIT_API Array operator-(const Operand& a, const Operand& b);
PLAIT_API Array operator*(const Operand& a, const Operand& b);
PLAIT_API Array operator/(const Operand& a, const Operand& b);
PLAIT_API Array operator%(const Operand& a, const Operand& b);
PLAIT_API Array operator<(const Operand& a, const Operand& b);
PLAIT_API Array operator<=(const Operand& a, const Operand& b);
PLAIT_API Array operator>(const Operand& a, const Operand& b);
PLAIT_API Array operator>=(const Operand& a, const Operand& b);
PLAIT_API Array operator==(const Operand& a, const Operand& b);
PLAIT_API Array operator!=(const Operand& a, const Operand& b);
PLAIT_API Array operator&(const Operand& a, const Operand& b);
PLAIT_API Array operator|(const Operand& a, const Operand& b);
PLAIT_API Array operator^(const Operand& a, const Operand& b);
PLAIT_API Array operator-(const Array& a);
PLAIT_API Array operator~(const Array& a);

// NumPy's universal function of that name, elementwise("hypot", {a, b}); `dtype` asks for a computation in that type.
PLAIT_API Array elementwise(const std::string& ufunc, const std::vector<Operand>& operands,
                            std::optional<DType> dtype = {});
// The names of all of them.
PLAIT_API std::vector<std::string> ufuncs();

#define PLAIT_UNARY(function) \
  inline Array function(const Operand& x) { return elementwise(#function, {x}); }
#define PLAIT_BINARY(function) \
  inline Array function(const Operand& a, const Operand& b) { return elementwise(#function, {a, b}); }
PLAIT_UNARY(absolute)
PLAIT_UNARY(sign)
PLAIT_UNARY(sqrt)
PLAIT_UNARY(square)
PLAIT_UNARY(cbrt)
PLAIT_UNARY(reciprocal)
PLAIT_UNARY(exp)
PLAIT_UNARY(exp2)
PLAIT_UNARY(expm1)
PLAIT_UNARY(log)
PLAIT_UNARY(log2)
PLAIT_UNARY(log10)
PLAIT_UNARY(log1p)
PLAIT_UNARY(sin)
PLAIT_UNARY(cos)
PLAIT_UNARY(tan)
PLAIT_UNARY(arcsin)
PLAIT_UNARY(arccos)
PLAIT_UNARY(arctan)
PLAIT_UNARY(sinh)
PLAIT_UNARY(cosh)
PLAIT_UNARY(tanh)
PLAIT_UNARY(arcsinh)
PLAIT_UNARY(arccosh)
PLAIT_UNARY(arctanh)
PLAIT_UNARY(deg2rad)
PLAIT_UNARY(rad2deg)
PLAIT_UNARY(floor)
PLAIT_UNARY(ceil)
PLAIT_UNARY(trunc)
PLAIT_UNARY(rint)
PLAIT_UNARY(isnan)
PLAIT_UNARY(isinf)
PLAIT_UNARY(isfinite)
PLAIT_UNARY(signbit)
PLAIT_UNARY(conjugate)
PLAIT_UNARY(real)
PLAIT_UNARY(imag)
PLAIT_UNARY(angle)
PLAIT_UNARY(logical_not)
PLAIT_BINARY(power)
PLAIT_BINARY(float_power)
PLAIT_BINARY(floor_divide)
PLAIT_BINARY(fmod)
PLAIT_BINARY(maximum)
PLAIT_BINARY(minimum)
PLAIT_BINARY(fmax)
PLAIT_BINARY(fmin)
PLAIT_BINARY(arctan2)
PLAIT_BINARY(hypot)
PLAIT_BINARY(copysign)
PLAIT_BINARY(nextafter)
PLAIT_BINARY(logaddexp)
PLAIT_BINARY(logaddexp2)
PLAIT_BINARY(logical_and)
PLAIT_BINARY(logical_or)
PLAIT_BINARY(logical_xor)
PLAIT_BINARY(left_shift)
PLAIT_BINARY(right_shift)
#undef PLAIT_UNARY
#undef PLAIT_BINARY

PLAIT_API Array where(const Operand& condition, const Operand& a, const Operand& b);
// Either bound may be std::nullopt.
PLAIT_API Array clip(const Operand& x, const OptionalOperand& low, const OptionalOperand& high);
// To `decimals` digits, halves to even; towards zero.
PLAIT_API Array round(const Operand& x, int decimals = 0);
PLAIT_API Array fix(const Operand& x);
PLAIT_API Array iscomplex(const Operand& x);
PLAIT_API Array isreal(const Operand& x);
PLAIT_API Array isposinf(const Operand& x);
PLAIT_API Array isneginf(const Operand& x);

struct Tolerance {
  double rtol = 1e-5;
  double atol = 1e-8;
  bool equal_nan = false;
};
// Whether |a - b| <= atol + rtol * |b|: each pair, and all of them.
PLAIT_API Array isclose(const Operand& a, const Operand& b, const Tolerance& tolerance = {});
PLAIT_API Array allclose(const Operand& a, const Operand& b, const Tolerance& tolerance = {});
// NaN and infinities as numbers, by default the largest of the type.
PLAIT_API Array nan_to_num(const Operand& x, double nan = 0, std::optional<double> posinf = {},
                           std::optional<double> neginf = {});

}  // namespace plait
