#include "plait/array/elementwise.h"

#include <cmath>
#include <limits>

#include "collections/array/api/arguments.h"
#include "collections/array/elementwise.h"
#include "plait/array/reductions.h"

namespace plait {
namespace {

// All operands of an expression are made on one line: the first one's.
Array elementwise_of(ElementOp op, std::initializer_list<const Operand*> operands, std::optional<DType> dtype = {}) {
  const SourceScope scope = source_scope((*operands.begin())->where());
  std::vector<ElementArgument> arguments;
  bool has_array = false;
  for (const Operand* operand : operands) {
    arguments.push_back(element_argument(*operand));
    has_array = has_array || !operand->is_number();
  }
  if (!has_array && !arguments.empty()) arguments[0] = as_array(**operands.begin()).expr();
  return Array(elementwise(op, arguments, dtype));
}

}  // namespace

Array operator+(const Operand& a, const Operand& b) { return elementwise_of(ElementOp::add, {&a, &b}); }
Array operator-(const Operand& a, const Operand& b) { return elementwise_of(ElementOp::subtract, {&a, &b}); }
Array operator*(const Operand& a, const Operand& b) { return elementwise_of(ElementOp::multiply, {&a, &b}); }
Array operator/(const Operand& a, const Operand& b) { return elementwise_of(ElementOp::true_divide, {&a, &b}); }
Array operator%(const Operand& a, const Operand& b) { return elementwise_of(ElementOp::remainder, {&a, &b}); }
Array operator<(const Operand& a, const Operand& b) { return elementwise_of(ElementOp::less, {&a, &b}); }
Array operator<=(const Operand& a, const Operand& b) { return elementwise_of(ElementOp::less_equal, {&a, &b}); }
Array operator>(const Operand& a, const Operand& b) { return elementwise_of(ElementOp::greater, {&a, &b}); }
Array operator>=(const Operand& a, const Operand& b) { return elementwise_of(ElementOp::greater_equal, {&a, &b}); }
Array operator==(const Operand& a, const Operand& b) { return elementwise_of(ElementOp::equal, {&a, &b}); }
Array operator!=(const Operand& a, const Operand& b) { return elementwise_of(ElementOp::not_equal, {&a, &b}); }
Array operator&(const Operand& a, const Operand& b) { return elementwise_of(ElementOp::bitwise_and, {&a, &b}); }
Array operator|(const Operand& a, const Operand& b) { return elementwise_of(ElementOp::bitwise_or, {&a, &b}); }
Array operator^(const Operand& a, const Operand& b) { return elementwise_of(ElementOp::bitwise_xor, {&a, &b}); }
Array operator-(const Array& a) { return Array(elementwise(ElementOp::negative, {a.expr()})); }
Array operator~(const Array& a) { return Array(elementwise(ElementOp::invert, {a.expr()})); }

Array elementwise(const std::string& ufunc, const std::vector<Operand>& operands, std::optional<DType> dtype) {
  const ElementOp op = parse_element_op(ufunc);
  if (operands.empty()) throw type_error(ufunc + ": no operands are given");
  const SourceScope scope = source_scope(operands[0].where());
  std::vector<ElementArgument> arguments;
  bool has_array = false;
  for (const Operand& operand : operands) {
    arguments.push_back(element_argument(operand));
    has_array = has_array || !operand.is_number();
  }
  if (!has_array) arguments[0] = as_array(operands[0]).expr();
  return Array(elementwise(op, arguments, dtype));
}

std::vector<std::string> ufuncs() {
  std::vector<std::string> names;
  for (int i = 0; i < kNumElementOps; ++i) {
    if (is_ufunc(static_cast<ElementOp>(i))) names.emplace_back(name(static_cast<ElementOp>(i)));
  }
  for (const auto& [alias, op] : element_op_aliases()) names.emplace_back(alias);
  return names;
}

Array where(const Operand& condition, const Operand& a, const Operand& b) {
  return elementwise_of(ElementOp::where, {&condition, &a, &b});
}

Array clip(const Operand& x, const OptionalOperand& low, const OptionalOperand& high) {
  if (low.is_given() && high.is_given()) return elementwise_of(ElementOp::clip, {&x, &low, &high});
  if (low.is_given()) return elementwise_of(ElementOp::maximum, {&x, &low});
  if (high.is_given()) return elementwise_of(ElementOp::minimum, {&x, &high});
  throw value_error("clip: one of the bounds must be given");
}

Array round(const Operand& x, int decimals) {
  const SourceScope scope = source_scope(x.where());
  const Array array = as_array(x);
  const DType dtype = array.dtype();
  if (is_bool(dtype) && decimals != 0)
    throw type_error("round: an array of truth values has no decimals; convert it to numbers first");
  if (is_bool(dtype)) return array.astype(DType::float16);
  if (is_integer(dtype) && decimals >= 0) return array;
  if (decimals == 0) return rint(array);
  const double scale = std::pow(10.0, std::abs(decimals));
  if (decimals > 0) return rint(array * scale) / scale;
  return (rint(array / scale) * scale).astype(dtype);
}

Array fix(const Operand& x) { return trunc(x); }

Array iscomplex(const Operand& x) {
  const SourceScope scope = source_scope(x.where());
  return imag(x) != 0;
}
Array isreal(const Operand& x) {
  const SourceScope scope = source_scope(x.where());
  return imag(x) == 0;
}

Array isposinf(const Operand& x) { return x == std::numeric_limits<double>::infinity(); }
Array isneginf(const Operand& x) { return x == -std::numeric_limits<double>::infinity(); }

Array isclose(const Operand& a, const Operand& b, const Tolerance& tolerance) {
  const SourceScope scope = source_scope(a.where());
  // Differences of unsigned integers would wrap around, and truth values have none.
  const Array given = as_array(b);
  const Array to = is_bool(given.dtype()) || is_integer(given.dtype()) ? given.astype(DType::float64) : given;
  const Array near = absolute(a - to) <= tolerance.atol + tolerance.rtol * absolute(to);
  const Array close = (near & isfinite(to)) | (a == b);
  return tolerance.equal_nan ? close | (isnan(a) & isnan(b)) : close;
}

Array allclose(const Operand& a, const Operand& b, const Tolerance& tolerance) {
  const SourceScope scope = source_scope(a.where());
  return isclose(a, b, tolerance).all();
}

Array nan_to_num(const Operand& x, double nan, std::optional<double> posinf, std::optional<double> neginf) {
  const SourceScope scope = source_scope(x.where());
  const Array array = as_array(x);
  if (is_complex(array.dtype())) {
    const std::complex<double> i(0, 1);
    return nan_to_num(real(array), nan, posinf, neginf) + nan_to_num(imag(array), nan, posinf, neginf) * i;
  }
  if (!is_floating(array.dtype())) return array;
  const double largest = array.dtype() == DType::float16   ? 65504.0
                         : array.dtype() == DType::float32 ? static_cast<double>(std::numeric_limits<float>::max())
                                                           : std::numeric_limits<double>::max();
  const double infinity = std::numeric_limits<double>::infinity();
  Array numbers = where(isnan(array), nan, array);
  numbers = where(numbers == infinity, posinf.value_or(largest), numbers);
  return where(numbers == -infinity, neginf.value_or(-largest), numbers);
}

}  // namespace plait
