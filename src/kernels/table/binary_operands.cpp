#include "kernels/table/binary_operands.h"

#include <string>

#include "kernels/table/type_rules.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

void require_fitting_literal(const ColumnOperand& literal, const ColumnOperand& column) {
  if (!literal.is_literal || column.is_literal || column.family == TypeFamily::arrow) return;
  if (literal.type()->id() != arrow::Type::INT64 || !literal.values.scalar()->is_valid) return;
  if (!arrow::is_integer(column.type()->id())) return;
  const std::int64_t number = static_cast<const arrow::Int64Scalar&>(*literal.values.scalar()).value;
  const int bits = column.type()->bit_width() - (arrow::is_signed_integer(column.type()->id()) ? 1 : 0);
  const bool is_small = bits >= 63 || (number >> bits) == 0 || (number >> bits) == -1;
  const bool fits = is_small && (number >= 0 || arrow::is_signed_integer(column.type()->id()));
  if (!fits)
    throw overflow_error("Python integer " + std::to_string(number) + " out of bounds for " +
                         column.type()->ToString() + "; convert the column with astype to a type that holds it");
}

}  // namespace

void throw_unsupported(BinaryOp op, const ColumnOperand& left, const ColumnOperand& right) {
  const std::string message = std::string(name(op)) + ": operands of types " + left.type()->ToString() + " and " +
                              right.type()->ToString() + " do not go together; convert one with astype";
  // Text beside numbers is refused by pandas, too.
  const bool is_mistake =
      (is_text(*left.type()) && is_number(*right.type())) || (is_number(*left.type()) && is_text(*right.type()));
  if (is_mistake) throw type_error(message);
  throw NoNativeForm(message);
}

std::shared_ptr<arrow::DataType> common_number_type(const ColumnOperand& left, const ColumnOperand& right) {
  const auto& a = *left.type();
  const auto& b = *right.type();
  if (left.is_literal != right.is_literal) {
    const arrow::DataType& column = left.is_literal ? b : a;
    const arrow::DataType& literal = left.is_literal ? a : b;
    const bool fits = arrow::is_floating(column.id()) ||
                      (arrow::is_integer(column.id()) && !arrow::is_floating(literal.id())) ||
                      (is_bool(column) && is_bool(literal));
    if (fits) return left.is_literal ? right.type() : left.type();
  }
  return unified_type(left.type(), right.type());
}

void require_fitting_literals(const ColumnOperand& left, const ColumnOperand& right) {
  require_fitting_literal(left, right);
  require_fitting_literal(right, left);
}

}  // namespace plait
