// Arithmetic, comparison and logic of two operands.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <type_traits>

#include "kernels/table/elementwise.h"
#include "kernels/table/elementwise_apply.h"
#include "kernels/table/table_memory.h"
#include "kernels/table/type_rules.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

namespace cp = arrow::compute;

constexpr std::array<std::string_view, 16> kNames = {"add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "eq",
                                                     "ne",  "lt",  "le",  "gt",      "ge",       "and", "or",  "xor"};

bool is_comparison(BinaryOp op) { return op >= BinaryOp::eq && op <= BinaryOp::ge; }
bool is_logic(BinaryOp op) { return op >= BinaryOp::and_; }

bool is_time(const arrow::DataType& type) {
  return type.id() == arrow::Type::TIMESTAMP || type.id() == arrow::Type::DURATION || type.id() == arrow::Type::DATE32;
}
bool is_bool(const arrow::DataType& type) { return type.id() == arrow::Type::BOOL; }
bool is_number(const arrow::DataType& type) {
  return is_bool(type) || arrow::is_integer(type.id()) || arrow::is_floating(type.id());
}

[[noreturn]] void throw_unsupported(BinaryOp op, const ColumnOperand& left, const ColumnOperand& right) {
  const std::string message = std::string(name(op)) + ": operands of types " + left.type()->ToString() + " and " +
                              right.type()->ToString() + " do not go together; convert one with astype";
  // Text beside numbers is refused by pandas, too.
  const bool is_mistake =
      (is_text(*left.type()) && is_number(*right.type())) || (is_number(*left.type()) && is_text(*right.type()));
  if (is_mistake) throw type_error(message);
  throw NoNativeForm(message);
}

// NumPy's promotion; a Python number takes the column's type unless its kind is higher (NEP 50).
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

// A whole number beside whole numbers must be one that their type holds: NumPy refuses it rather than let it wrap.
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

void require_fitting_literals(const ColumnOperand& left, const ColumnOperand& right) {
  require_fitting_literal(left, right);
  require_fitting_literal(right, left);
}

// Python's // and %: rounding down, the sign of the divisor. For integers a zero divisor gives pandas' inf and nan as
// floats.
template <class T>
T floor_divide(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    // As NumPy does it: a / b alone may round up to the next integer.
    if (b == 0) return a / b;
    const T rest = std::fmod(a, b);
    T quotient = (a - rest) / b;
    if (rest != 0 && ((b < 0) != (rest < 0))) quotient -= 1;
    if (quotient == 0) return std::copysign(T{0}, a / b);
    const T floored = std::floor(quotient);
    return quotient - floored > T{0.5} ? floored + 1 : floored;
  } else {
    if constexpr (std::is_signed_v<T>) {
      if (b == T(-1)) return static_cast<T>(0 - static_cast<std::make_unsigned_t<T>>(a));
    }
    const T quotient = static_cast<T>(a / b);
    return static_cast<T>(quotient - ((a % b != 0) && ((a < 0) != (b < 0))));
  }
}
template <class T>
T floor_modulo(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    if (b == 0) return std::numeric_limits<T>::quiet_NaN();
    const T rest = std::fmod(a, b);
    return rest != 0 && ((rest < 0) != (b < 0)) ? rest + b : rest;
  } else {
    if constexpr (std::is_signed_v<T>) {
      if (b == T(-1)) return 0;
    }
    const T rest = static_cast<T>(a % b);
    return rest != 0 && ((rest < 0) != (b < 0)) ? static_cast<T>(rest + b) : rest;
  }
}

// Values of an operand as an array of `count` rows.
std::shared_ptr<arrow::Array> as_array(const arrow::Datum& values, std::int64_t count) {
  if (values.is_array()) return values.make_array();
  return value_or_throw(arrow::MakeArrayFromScalar(*values.scalar(), count), "operand");
}

bool has_zero(const arrow::Array& divisor) {
  return visit_numbers(divisor, [&](const auto* values) {
    for (std::int64_t i = 0; i < divisor.length(); ++i) {
      if (values[i] == 0 && !divisor.IsNull(i)) return true;
    }
    return false;
  });
}

// Which rows are missing on either side.
std::shared_ptr<arrow::Buffer> joint_validity(const arrow::Array& a, const arrow::Array& b) {
  if (a.null_count() == 0 && b.null_count() == 0) return nullptr;
  const auto valid = call("and", {call("is_valid", {a.data()}), call("is_valid", {b.data()})}).make_array();
  return valid->data()->buffers[1];
}

// What a whole number gives over 0.
enum class OverZero { fails, zero, inf_or_nan };

OverZero over_zero(const ColumnOperand& left, const ColumnOperand& right, BinaryOp op, TypeFamily family) {
  if (family == TypeFamily::arrow) return OverZero::fails;
  const bool leads_nullable = !left.is_literal && left.family == TypeFamily::nullable;
  if (leads_nullable && arrow::is_integer(left.type()->id())) return OverZero::zero;
  // pandas mends what NumPy says of integers, but not of bools.
  return op == BinaryOp::mod && is_bool(*right.type()) ? OverZero::zero : OverZero::inf_or_nan;
}

arrow::Datum divide_down(const arrow::Datum& left, const arrow::Datum& right, BinaryOp op, OverZero over_zero) {
  const std::int64_t count = left.is_array() ? left.length() : right.is_array() ? right.length() : 1;
  const auto a = as_array(left, count);
  const auto b = as_array(right, count);
  if (arrow::is_integer(a->type_id()) && has_zero(*b)) {
    if (over_zero == OverZero::fails) throw value_error("integer division by zero");
    if (over_zero == OverZero::inf_or_nan)
      return divide_down(cast_datum(a, arrow::float64()), cast_datum(b, arrow::float64()), op, over_zero);
  }
  const auto out = visit_numbers(*a, [&]<class T>(const T* x) {
    const T* y = b->data()->GetValues<T>(1);
    std::shared_ptr<arrow::Buffer> buffer =
        value_or_throw(arrow::AllocateBuffer(count * static_cast<std::int64_t>(sizeof(T)), table_memory()), "divide");
    T* to = reinterpret_cast<T*>(buffer->mutable_data());
    for (std::int64_t i = 0; i < count; ++i) {
      if (std::is_integral_v<T> && y[i] == 0)
        to[i] = 0;  // under a null, too
      else
        to[i] = op == BinaryOp::floordiv ? floor_divide(x[i], y[i]) : floor_modulo(x[i], y[i]);
    }
    return arrow::MakeArray(arrow::ArrayData::Make(a->type(), count, {joint_validity(*a, *b), std::move(buffer)}));
  });
  if (left.is_scalar() && right.is_scalar()) return value_or_throw(out->GetScalar(0), "divide");
  return out;
}

// 1 to whatever power is 1, and so is anything to the power of 0, a missing value, too.
arrow::Datum nullable_power(const arrow::Datum& base, const arrow::Datum& exponent) {
  const arrow::Datum one(value_or_throw(arrow::MakeScalar(base.type(), 1), "pow"));
  const arrow::Datum zero(value_or_throw(arrow::MakeScalar(base.type(), 0), "pow"));
  const arrow::Datum is_one = call("or_kleene", {call("equal", {base, one}), call("equal", {exponent, zero})});
  return call("if_else", {call("coalesce", {is_one, arrow::Datum(false)}), one, call("power", {base, exponent})});
}

arrow::Datum number_arithmetic(const ColumnOperand& left, const ColumnOperand& right, BinaryOp op, TypeFamily family) {
  if (op != BinaryOp::truediv) require_fitting_literals(left, right);
  auto type = common_number_type(left, right);
  if (is_bool(*type)) {
    if (op == BinaryOp::add) return call("or", {left.values, right.values});
    if (op == BinaryOp::mul) return call("and", {left.values, right.values});
    if (op == BinaryOp::sub) throw type_error("sub: bools cannot be subtracted; use xor (^) instead");
    if (op != BinaryOp::mod && !is_numpy(family)) throw NoNativeForm(std::string(name(op)) + ": nullable bools");
    if (op != BinaryOp::mod)
      throw not_implemented("operator '" + std::string(name(op)) +
                            "' not implemented for bool dtypes; convert one with astype");
    type = arrow::int8();
  }
  if (op == BinaryOp::truediv && !arrow::is_floating(type->id())) type = arrow::float64();
  const bool by_integer = arrow::is_integer(right.type()->id());
  if (op == BinaryOp::floordiv && type->id() == arrow::Type::FLOAT && by_integer &&
      has_zero(*as_array(right.values, 1)))
    type = arrow::float64();
  const arrow::Datum a = cast_datum(left.values, type);
  const arrow::Datum b = cast_datum(right.values, type);
  switch (op) {
    case BinaryOp::add:
      return call("add", {a, b});
    case BinaryOp::sub:
      return call("subtract", {a, b});
    case BinaryOp::mul:
      return call("multiply", {a, b});
    case BinaryOp::truediv:
      return call("divide", {a, b});
    case BinaryOp::pow:
      if (arrow::is_integer(type->id()) && b.is_scalar() && b.scalar()->is_valid && scalar_number(*b.scalar()) < 0) {
        throw value_error("Integers to negative integer powers are not allowed.");
      }
      return family == TypeFamily::nullable ? nullable_power(a, b) : call("power", {a, b});
    default:
      return divide_down(a, b, op, over_zero(left, right, op, family));
  }
}

arrow::TimeUnit::type unit_of(const arrow::DataType& type) {
  if (type.id() == arrow::Type::TIMESTAMP) return static_cast<const arrow::TimestampType&>(type).unit();
  if (type.id() == arrow::Type::DURATION) return static_cast<const arrow::DurationType&>(type).unit();
  return arrow::TimeUnit::SECOND;
}

arrow::Datum in_unit(const arrow::Datum& values, arrow::TimeUnit::type unit) {
  const arrow::DataType& type = *values.type();
  if (type.id() == arrow::Type::DURATION) return cast_datum(values, arrow::duration(unit));
  const std::string zone =
      type.id() == arrow::Type::TIMESTAMP ? static_cast<const arrow::TimestampType&>(type).timezone() : "";
  return cast_datum(values, arrow::timestamp(unit, zone));
}

// Moments and spans: moment - moment, moment +- span, span +- span, span * number, span / number, span / span.
arrow::Datum time_arithmetic(const ColumnOperand& left, const ColumnOperand& right, BinaryOp op) {
  const bool left_is_time = is_time(*left.type());
  const bool right_is_time = is_time(*right.type());
  if (left_is_time && right_is_time) {
    const auto unit = std::max(unit_of(*left.type()), unit_of(*right.type()));
    const arrow::Datum a = in_unit(left.values, unit);
    const arrow::Datum b = in_unit(right.values, unit);
    if (op == BinaryOp::add) return call("add", {a, b});
    if (op == BinaryOp::sub) return call("subtract", {a, b});
    const bool spans = a.type()->id() == arrow::Type::DURATION && b.type()->id() == arrow::Type::DURATION;
    if (op == BinaryOp::truediv && spans)
      return call("divide", {cast_datum(cast_datum(a, arrow::int64()), arrow::float64()),
                             cast_datum(cast_datum(b, arrow::int64()), arrow::float64())});
  }
  const ColumnOperand& span = left_is_time ? left : right;
  const ColumnOperand& number = left_is_time ? right : left;
  if (span.type()->id() == arrow::Type::DURATION && is_number(*number.type()) &&
      (op == BinaryOp::mul || (op == BinaryOp::truediv && left_is_time))) {
    const arrow::Datum units = cast_datum(cast_datum(span.values, arrow::int64()), arrow::float64());
    const arrow::Datum scaled =
        call(op == BinaryOp::mul ? "multiply" : "divide", {units, cast_datum(number.values, arrow::float64())});
    return cast_datum(cast_datum(scaled, arrow::int64()), span.type());
  }
  throw_unsupported(op, left, right);
}

arrow::Datum text_arithmetic(const ColumnOperand& left, const ColumnOperand& right, BinaryOp op) {
  if (op == BinaryOp::add && is_text(*left.type()) && is_text(*right.type())) {
    const auto type = unified_type(left.type(), right.type());
    const bool wide = type->id() == arrow::Type::LARGE_STRING;
    const arrow::Datum nothing = wide ? arrow::Datum(std::make_shared<arrow::LargeStringScalar>(""))
                                      : arrow::Datum(std::make_shared<arrow::StringScalar>(""));
    return call("binary_join_element_wise", {cast_datum(left.values, type), cast_datum(right.values, type), nothing});
  }
  const bool left_is_text = is_text(*left.type());
  const ColumnOperand& text = left_is_text ? left : right;
  const ColumnOperand& number = left_is_text ? right : left;
  if (op == BinaryOp::mul && is_text(*text.type()) && arrow::is_integer(number.type()->id())) {
    return call("binary_repeat", {text.values, cast_datum(number.values, arrow::int64())});
  }
  throw_unsupported(op, left, right);
}

arrow::Datum arithmetic(const ColumnOperand& left, const ColumnOperand& right, BinaryOp op, TypeFamily family) {
  if (is_number(*left.type()) && is_number(*right.type())) return number_arithmetic(left, right, op, family);
  if (is_time(*left.type()) || is_time(*right.type())) return time_arithmetic(left, right, op);
  return text_arithmetic(left, right, op);
}

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
