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

// Each of them as a function: exp(x), hypot(a, b).
#define PLAIT_UNARY_UFUNC(name) \
  inline Array name(const Operand& x) { return elementwise(#name, {x}); }
#define PLAIT_BINARY_UFUNC(name) \
  inline Array name(const Operand& a, const Operand& b) { return elementwise(#name, {a, b}); }
#include "plait/array/ufuncs.h"

inline Array real(const Operand& x) { return elementwise("real", {x}); }
inline Array imag(const Operand& x) { return elementwise("imag", {x}); }
inline Array angle(const Operand& x) { return elementwise("angle", {x}); }
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
