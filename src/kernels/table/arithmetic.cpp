// Arithmetic of two operands: numbers, moments and spans of time, texts.
#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "kernels/table/binary_operands.h"
#include "kernels/table/table_memory.h"
#include "kernels/table/type_rules.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

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

}  // namespace

arrow::Datum arithmetic(const ColumnOperand& left, const ColumnOperand& right, BinaryOp op, TypeFamily family) {
  if (is_number(*left.type()) && is_number(*right.type())) return number_arithmetic(left, right, op, family);
  if (is_time(*left.type()) || is_time(*right.type())) return time_arithmetic(left, right, op);
  return text_arithmetic(left, right, op);
}

}  // namespace plait
