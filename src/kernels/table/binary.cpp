// Two operands, column by column: which of arithmetic, comparison and logic is meant, and comparison and logic
// themselves.
#include <algorithm>
#include <array>

#include "kernels/table/binary_operands.h"
#include "kernels/table/type_rules.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

namespace cp = arrow::compute;

constexpr std::array<std::string_view, 16> kNames = {"add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "eq",
                                                     "ne",  "lt",  "le",  "gt",      "ge",       "and", "or",  "xor"};

bool is_comparison(BinaryOp op) { return op >= BinaryOp::eq && op <= BinaryOp::ge; }
bool is_logic(BinaryOp op) { return op >= BinaryOp::and_; }

// A comparison of numpy-family columns has no missing result: False, for != True.
arrow::Datum answered(const arrow::Datum& answer, bool for_missing) {
  if (answer.is_scalar())
    return answer.scalar()->is_valid ? answer : arrow::Datum(std::make_shared<arrow::BooleanScalar>(for_missing));
  if (answer.null_count() == 0) return answer;
  return call("coalesce", {answer, arrow::Datum(std::make_shared<arrow::BooleanScalar>(for_missing))});
}

// Unsigned 64-bit with signed integers: no integer type holds both.
void compare_unsigned(ColumnOperand& left, ColumnOperand& right) {
  const auto is_wide = [](const ColumnOperand& side) { return side.type()->id() == arrow::Type::UINT64; };
  const auto is_signed = [](const ColumnOperand& side) { return arrow::is_signed_integer(side.type()->id()); };
  if (!(is_wide(left) && is_signed(right)) && !(is_signed(left) && is_wide(right))) return;
  const ColumnOperand& narrow = is_wide(left) ? right : left;
  const bool fits =
      narrow.is_scalar() && narrow.values.scalar()->is_valid && scalar_number(*narrow.values.scalar()) >= 0;
  for (ColumnOperand* side : {&left, &right})
    side->values = cast_datum(side->values, fits ? arrow::uint64() : arrow::float64());
}

arrow::Datum comparison(ColumnOperand left, ColumnOperand right, BinaryOp op, TypeFamily family) {
  static constexpr const char* kFunctions[] = {"equal", "not_equal", "less", "less_equal", "greater", "greater_equal"};
  const std::string function = kFunctions[static_cast<int>(op) - static_cast<int>(BinaryOp::eq)];
  const auto with_literal = [family](ColumnOperand& literal, const ColumnOperand& column) {
    if (!literal.is_literal || literal.type()->id() == arrow::Type::NA) return;
    const bool text_for_time = is_text(*literal.type()) && is_time(*column.type());
    // NumPy rounds a plain number to the column's precision: 2.1 is in a column of float32.
    const bool is_narrower =
        family != TypeFamily::arrow && column.type()->id() == arrow::Type::FLOAT && is_number(*literal.type());
    if (text_for_time) literal.values = scalar_like(literal_of(*literal.values.scalar()), column.type());
    if (is_narrower) literal.values = cast_datum(literal.values, column.type());
  };
  with_literal(left, right);
  with_literal(right, left);
  for (ColumnOperand* side : {&left, &right}) {
    if (side->type()->id() == arrow::Type::NA)
      side->values = arrow::MakeNullScalar(side == &left ? right.type() : left.type());
  }
  const bool both_numbers = is_number(*left.type()) && is_number(*right.type());
  const bool comparable = both_numbers || (is_text(*left.type()) && is_text(*right.type())) ||
                          (is_time(*left.type()) && is_time(*right.type()));
  if (!comparable) {
    if (op != BinaryOp::eq && op != BinaryOp::ne) throw_unsupported(op, left, right);
    // Values of different kinds are never equal.
    const std::int64_t count = left.is_scalar() ? right.values.length() : left.values.length();
    return arrow::Datum(
        value_or_throw(arrow::MakeArrayFromScalar(arrow::BooleanScalar(op == BinaryOp::ne), count), "compare"));
  }
  // Integers with fractions: both as floats. A literal beyond the column's type compares as a wider one.
  if (both_numbers && !left.type()->Equals(*right.type())) {
    const auto type =
        is_bool(*left.type()) || is_bool(*right.type()) ? unified_type(left.type(), right.type()) : nullptr;
    if (type) {
      left.values = cast_datum(left.values, type);
      right.values = cast_datum(right.values, type);
    } else {
      compare_unsigned(left, right);
    }
  }
  const arrow::Datum answer = call(function, {left.values, right.values});
  return is_numpy(family) ? answered(answer, op == BinaryOp::ne) : answer;
}

arrow::Datum logic(const ColumnOperand& left, const ColumnOperand& right, BinaryOp op, TypeFamily family) {
  if (is_bool(*left.type()) && is_bool(*right.type())) {
    if (is_numpy(family)) {
      static constexpr const char* kPlain[] = {"and", "or", "xor"};
      const arrow::Datum bits = call(kPlain[static_cast<int>(op) - static_cast<int>(BinaryOp::and_)],
                                     {answered(left.values, false), answered(right.values, false)});
      // pandas: what is missing at the right counts as False, what is missing at the left makes the result False.
      if (!left.values.is_array() || left.values.null_count() == 0) return bits;
      return call("and", {bits, call("is_valid", {left.values})});
    }
    static constexpr const char* kKleene[] = {"and_kleene", "or_kleene", "xor"};
    return call(kKleene[static_cast<int>(op) - static_cast<int>(BinaryOp::and_)], {left.values, right.values});
  }
  const auto is_integral = [](const arrow::DataType& type) { return is_bool(type) || arrow::is_integer(type.id()); };
  if (is_integral(*left.type()) && is_integral(*right.type())) {
    static constexpr const char* kBits[] = {"bit_wise_and", "bit_wise_or", "bit_wise_xor"};
    require_fitting_literals(left, right);
    const auto type = common_number_type(left, right);
    const arrow::Datum bits = call(kBits[static_cast<int>(op) - static_cast<int>(BinaryOp::and_)],
                                   {cast_datum(left.values, type), cast_datum(right.values, type)});
    return is_bool(*left.type()) || is_bool(*right.type()) ? cast_datum(bits, arrow::boolean()) : bits;
  }
  throw_unsupported(op, left, right);
}

TypeFamily result_family(const ColumnOperand& left, const ColumnOperand& right) {
  for (TypeFamily family : {TypeFamily::arrow, TypeFamily::nullable}) {
    if (left.family == family || right.family == family) return family;
  }
  return TypeFamily::numpy;
}

// Categories compare as their values.
ColumnOperand plain(ColumnOperand operand) {
  if (operand.values.is_array() && operand.type()->id() == arrow::Type::DICTIONARY)
    operand.values = decoded(operand.values.make_array());
  return operand;
}

arrow::Datum are_missing(const arrow::Datum& values) {
  const cp::NullOptions options(true);
  return call("is_null", {values}, &options);
}

// Where one side misses a value, `value` stands for it; where both do, the result is missing.
void fill_one_side(ColumnOperand& left, ColumnOperand& right, const Literal& value) {
  const bool are_rows = !left.is_scalar() && !right.is_scalar();
  const arrow::Datum both =
      are_rows ? call("and", {are_missing(left.values), are_missing(right.values)}) : arrow::Datum();
  for (ColumnOperand* side : {&left, &right}) {
    if (side->is_literal) continue;
    const Table filled = fillna(table_of({column_named("x", column_of(side->values, side->family))}), {{{"", value}}});
    const arrow::Datum values = array_of(filled, "x");
    if (are_rows)
      side->values = call("if_else", {both, arrow::MakeNullScalar(values.type()), values});
    else
      side->values =
          side->is_scalar() ? arrow::Datum(value_or_throw(values.make_array()->GetScalar(0), "fill")) : values;
  }
}

// Beside nullable columns NaN is a missing value.
ColumnOperand with_nulls(ColumnOperand side) {
  if (side.is_literal || !is_numpy(side.family) || !side.values.is_array() || !arrow::is_floating(side.type()->id()))
    return side;
  side.values = call("if_else", {call("is_nan", {side.values}), arrow::MakeNullScalar(side.type()), side.values});
  return side;
}

NamedColumn combine(const ColumnOperand& left_side, const ColumnOperand& right_side, BinaryOp op,
                    const std::optional<Literal>& fill_value) {
  ColumnOperand left = plain(left_side);
  ColumnOperand right = plain(right_side);
  const TypeFamily family = result_family(left, right);
  if (!is_numpy(family)) {
    left = with_nulls(std::move(left));
    right = with_nulls(std::move(right));
  }
  if (fill_value) fill_one_side(left, right, *fill_value);
  if (is_comparison(op)) return column_of(comparison(left, right, op, family), family);
  if (is_logic(op)) return column_of(logic(left, right, op, family), family);
  return column_of(arithmetic(left, right, op, family), family);
}

ColumnOperand side_of(const Table& table, const std::string& column) {
  ColumnOperand operand = operand_of(named_column_of(table, column));
  if (table.form() == TableForm::scalar)
    operand.values = value_or_throw(operand.values.make_array()->GetScalar(0), "scalar");
  return operand;
}

void check_rows(const Table& left, const Table& right) {
  if (left.form() == TableForm::scalar || right.form() == TableForm::scalar || left.num_rows() == right.num_rows())
    return;
  throw value_error("operands have " + std::to_string(left.num_rows()) + " and " + std::to_string(right.num_rows()) +
                    " rows; expected equal rows");
}

}  // namespace

std::string_view name(BinaryOp op) { return kNames[static_cast<std::size_t>(op)]; }

BinaryOp parse_binary_op(std::string_view text) {
  const auto found = std::find(kNames.begin(), kNames.end(), text);
  if (found == kNames.end()) throw key_error("there is no operation '" + std::string(text) + "' of two operands");
  return static_cast<BinaryOp>(found - kNames.begin());
}

Table binary(const Table& left, const Table& right, BinaryOp op, const std::optional<Literal>& fill_value) {
  check_rows(left, right);
  const bool left_leads = left.form() != TableForm::scalar || right.form() == TableForm::scalar;
  const Table& lead =
      left_leads ? (left.form() != TableForm::frame && right.form() == TableForm::frame ? right : left) : right;
  const bool by_name = left.form() == TableForm::frame && right.form() == TableForm::frame;
  const auto column_in = [&](const Table& side, const std::string& name) {
    return by_name || &side == &lead ? name : side.names().at(0);
  };
  Table out = apply_columns(lead, [&](const NamedColumn& column) {
    return combine(side_of(left, column_in(left, column.name)), side_of(right, column_in(right, column.name)), op,
                   fill_value);
  });
  const bool two_series = left.form() == TableForm::series && right.form() == TableForm::series;
  if (two_series && left.names() != right.names()) {
    std::vector<NamedColumn> columns = named_columns_of(out);
    columns.front().name = std::string(kUnnamed);
    return table_of(columns, out.index(), out.form());
  }
  return out;
}

Table binary(const Table& left, const Literal& right, BinaryOp op) {
  return apply_columns(left, [&](const NamedColumn& column) {
    if (left.form() == TableForm::scalar)
      return combine(side_of(left, column.name), operand_of(right), op, std::nullopt);
    return by_value(column, [&](const NamedColumn& values) {
      return combine(operand_of(values), operand_of(right), op, std::nullopt);
    });
  });
}

Table binary(const Literal& left, const Table& right, BinaryOp op) {
  return apply_columns(right, [&](const NamedColumn& column) {
    return combine(operand_of(left), side_of(right, column.name), op, std::nullopt);
  });
}

}  // namespace plait
