// Operators and functions on public Arrays, and functions that make new ones.
#include <fmt/format.h>

#include "collections/array/api/chunk_argument.h"
#include "collections/array/creation.h"
#include "collections/array/elementwise.h"
#include "collections/array/joining.h"
#include "collections/array/layout.h"
#include "collections/array/matmul.h"
#include "collections/start.h"
#include "plait/array.h"

namespace plait {
namespace {

ElementArgument argument(const Operand& operand) {
  if (operand.expr()) return operand.expr();
  return ScalarValue(operand.number());
}

// The line of the first operand: all operands of an expression are made on it.
Array elementwise_of(ElementOp op, std::initializer_list<const Operand*> operands) {
  const SourceScope scope = source_scope((*operands.begin())->where());
  std::vector<ElementArgument> arguments;
  for (const Operand* operand : operands) arguments.push_back(argument(*operand));
  return Array(elementwise(op, arguments));
}

ExprPtr as_array(const char* what, const Operand& operand) {
  if (operand.expr()) return operand.expr();
  throw value_error(fmt::format("{}: an operand is a number, but both must be arrays; multiply with * instead", what));
}

Chunks new_chunks(const char* what, const Shape& shape, const ChunkArgument& chunks, DType dtype) {
  for (std::int64_t extent : shape) {
    if (extent < 0)
      throw value_error(fmt::format("{}: the shape is {}, but an extent cannot be negative", what, to_string(shape)));
  }
  return normalize_chunks(what, chunk_spec(chunks), shape, dtype);
}

std::vector<ExprPtr> exprs_of(const std::vector<Array>& arrays) {
  std::vector<ExprPtr> exprs;
  for (const Array& array : arrays) exprs.push_back(array.expr());
  return exprs;
}

}  // namespace

Operand::Operand(const Array& array, Location where) : expr_(array.expr()), where_(where) {}
Operand::Operand(const NdArray& array, Location where) : expr_(from_array(array, {}, where).expr()), where_(where) {}

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

Array elementwise(const std::string& ufunc, const std::vector<Operand>& operands) {
  const SourceScope scope = source_scope(operands.at(0).where());
  std::vector<ElementArgument> arguments;
  for (const Operand& operand : operands) arguments.push_back(argument(operand));
  return Array(elementwise(parse_element_op(ufunc), arguments));
}

Array where(const Operand& condition, const Operand& a, const Operand& b) {
  const SourceScope scope = source_scope(condition.where());
  return Array(where(argument(condition), argument(a), argument(b)));
}

Array Array::clip(const Operand& low, const Operand& high) const {
  const SourceScope scope = source_scope(low.where());
  return Array(plait::clip(expr_, argument(low), argument(high)));
}

Array matmul(const Operand& a, const Operand& b) {
  const SourceScope scope = source_scope(a.where());
  return Array(matmul(as_array("matmul", a), as_array("matmul", b)));
}

Array concatenate(const std::vector<Array>& arrays, int axis, Location where) {
  const SourceScope scope = source_scope(where);
  return Array(concatenate(exprs_of(arrays), axis));
}

Array stack(const std::vector<Array>& arrays, int axis, Location where) {
  const SourceScope scope = source_scope(where);
  return Array(stack(exprs_of(arrays), axis));
}

Array ediff1d(const Array& array, Location where) {
  const Array flat = array.ravel(where);
  const Array later = flat.get({slice(1, {})}, where);
  const Array earlier = flat.get({slice({}, -1)}, where);
  return Operand(later, where) - Operand(earlier, where);
}

Array ones(const Shape& shape, const ChunkArgument& chunks, DType dtype, Location where) {
  start();
  const SourceScope scope = source_scope(where);
  return Array(ones(dtype, new_chunks("ones", shape, chunks, dtype)));
}

Array zeros(const Shape& shape, const ChunkArgument& chunks, DType dtype, Location where) {
  start();
  const SourceScope scope = source_scope(where);
  return Array(zeros(dtype, new_chunks("zeros", shape, chunks, dtype)));
}

Array full(const Shape& shape, const Operand& value, const ChunkArgument& chunks) {
  start();
  const SourceScope scope = source_scope(value.where());
  if (value.expr()) {
    throw value_error("full: the value is an array, expected a number; use broadcast_to to repeat an array");
  }
  const ScalarValue number(value.number());
  const DType dtype = dtype_of_scalar(number);
  NdArray scalar = NdArray::empty(dtype, {});
  store_scalar(number, dtype, scalar.mutable_bytes());
  return Array(fill("full", std::move(scalar), new_chunks("full", shape, chunks, dtype)));
}

Array arange(std::int64_t stop, const ChunkArgument& chunks, Location where) {
  return arange(0, stop, 1, chunks, where);
}

Array arange(std::int64_t first, std::int64_t stop, std::int64_t step, const ChunkArgument& chunks, Location where) {
  start();
  const SourceScope scope = source_scope(where);
  const std::int64_t count =
      arange_length(static_cast<double>(first), static_cast<double>(stop), static_cast<double>(step));
  return Array(arange(first, step, DType::int64, new_chunks("arange", {count}, chunks, DType::int64)));
}

Array linspace(double first, double stop, std::int64_t count, const ChunkArgument& chunks, Location where) {
  start();
  const SourceScope scope = source_scope(where);
  return Array(linspace(first, stop, true, DType::float64, new_chunks("linspace", {count}, chunks, DType::float64)));
}

Array eye(std::int64_t n, const ChunkArgument& chunks, Location where) {
  start();
  const SourceScope scope = source_scope(where);
  return Array(eye(std::int64_t{0}, DType::float64, new_chunks("eye", {n, n}, chunks, DType::float64)));
}

Array from_array(const NdArray& array, const ChunkArgument& chunks, Location where) {
  start();
  const SourceScope scope = source_scope(where);
  return Array(from_array(array, new_chunks("from_array", array.shape(), chunks, array.dtype())));
}

}  // namespace plait
