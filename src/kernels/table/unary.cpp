// Operations on one operand: negation, ufuncs, missing values, rounding, clipping.
#include <algorithm>
#include <array>
#include <cmath>

#include "kernels/table/elementwise.h"
#include "kernels/table/elementwise_apply.h"
#include "kernels/table/native_types.h"
#include "kernels/table/type_rules.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

constexpr std::array<std::string_view, 21> kNames = {"neg", "pos",   "abs",   "invert", "isna",  "notna", "sqrt",
                                                     "exp", "expm1", "log",   "log2",   "log10", "log1p", "sin",
                                                     "cos", "tan",   "floor", "ceil",   "trunc", "sign",  "square"};

std::shared_ptr<arrow::Array> missing_mask(const arrow::Array& array, bool when_missing) {
  arrow::BooleanBuilder builder;
  check_arrow(builder.Reserve(array.length()), "isna");
  const bool is_float = arrow::is_floating(array.type_id());
  const auto is_nan = [&](std::int64_t i) {
    return is_float && visit_floats(array, [&](const auto* v) { return std::isnan(v[i]); });
  };
  for (std::int64_t i = 0; i < array.length(); ++i)
    builder.UnsafeAppend((array.IsNull(i) || is_nan(i)) == when_missing);
  return value_or_throw(builder.Finish(), "isna");
}

[[noreturn]] void throw_bad_type(std::string_view what, const NamedColumn& column) {
  const std::string message =
      std::string(what) + ": column '" + column.name + "' has type " + column.values->type()->ToString();
  if (is_text(*column.values->type())) throw type_error(message);
  throw NoNativeForm(message);
}

bool is_bool(const arrow::Datum& values) { return values.type()->id() == arrow::Type::BOOL; }
bool is_number(const arrow::Datum& values) {
  return arrow::is_integer(values.type()->id()) || arrow::is_floating(values.type()->id());
}

arrow::Datum arithmetic(const NamedColumn& column, const arrow::Datum& values, UnaryOp op) {
  const bool is_span = values.type()->id() == arrow::Type::DURATION;
  if (is_span && (op == UnaryOp::neg || op == UnaryOp::abs)) {
    return cast_datum(call(op == UnaryOp::neg ? "negate" : "abs", {cast_datum(values, arrow::int64())}), values.type());
  }
  if (is_bool(values) && op == UnaryOp::neg) return call("invert", {values});
  if (op == UnaryOp::pos || (is_bool(values) && op == UnaryOp::abs)) return values;
  if (!is_number(values)) throw_bad_type(kNames[static_cast<int>(op)], column);
  return call(op == UnaryOp::neg ? "negate" : "abs", {values});
}

arrow::Datum inverted(const NamedColumn& column, const arrow::Datum& values) {
  if (is_bool(values)) return call("invert", {values});
  if (arrow::is_integer(values.type()->id())) return call("bit_wise_not", {values});
  throw_bad_type("invert", column);
}

arrow::Datum ufunc(const NamedColumn& column, const arrow::Datum& values, UnaryOp op) {
  if (!is_number(values) && !is_bool(values)) throw_bad_type(kNames[static_cast<int>(op)], column);
  const bool keeps_type = op >= UnaryOp::floor && is_number(values);
  if (op == UnaryOp::square) return call("multiply", {values, values});
  const bool integer = !arrow::is_floating(values.type()->id());
  if (integer && op == UnaryOp::sign) return cast_datum(call("sign", {values}), values.type());
  if (integer && keeps_type) return values;
  // NumPy's rule: small integers become small floats (float16, which columns do not have, is float32 here).
  const bool is_small = is_bool(values) || static_cast<const arrow::FixedWidthType&>(*values.type()).bit_width() <= 16;
  const arrow::Datum floats = integer ? cast_datum(values, is_small ? arrow::float32() : arrow::float64()) : values;
  static constexpr std::array<const char*, 21> kFunctions = {"",    "",      "",      "",     "",      "",      "sqrt",
                                                             "exp", "expm1", "ln",    "log2", "log10", "log1p", "sin",
                                                             "cos", "tan",   "floor", "ceil", "trunc", "sign",  ""};
  return call(kFunctions[static_cast<int>(op)], {floats});
}

NamedColumn apply(const NamedColumn& column, UnaryOp op) {
  const arrow::Datum values = operand_of(column).values;
  if (op == UnaryOp::isna || op == UnaryOp::notna) {
    return {"", chunked(missing_mask(*array_of(column.values), op == UnaryOp::isna))};
  }
  if (op == UnaryOp::invert) return column_of(inverted(column, values), column.family);
  if (op <= UnaryOp::abs) return column_of(arithmetic(column, values, op), column.family);
  return column_of(ufunc(column, values, op), column.family);
}

// The literal in the column's type, where it fits; else the column in a type that holds both.
arrow::Datum filled(const NamedColumn& column, const arrow::Datum& filler_given) {
  arrow::Datum values = operand_of(column).values;
  if (values.type()->id() == arrow::Type::DICTIONARY) values = decoded(values.make_array());
  arrow::Datum filler = filler_given;
  const auto& type = *values.type();
  const bool fits = arrow::is_floating(type.id()) && (is_number(filler) || is_bool(filler));
  const bool narrow = arrow::is_integer(type.id()) && arrow::is_integer(filler.type()->id());
  const auto to = fits || narrow ? values.type() : unified_type(values.type(), filler.type());
  filler = cast_datum(filler, to);
  values = cast_datum(values, to);
  if (arrow::is_floating(to->id())) {
    return call("if_else", {arrow::Datum(missing_mask(*values.make_array(), true)), filler, values});
  }
  return values.null_count() == 0 ? values : call("coalesce", {values, filler});
}

bool has_missing(const NamedColumn& column) {
  return column.values->null_count() > 0 || arrow::is_floating(column.values->type()->id());
}

TypeFamily filled_family(const NamedColumn& column, const arrow::Datum& values) {
  return column.family == TypeFamily::object && is_bool(values) && values.null_count() == 0 ? TypeFamily::object
                                                                                            : column.family;
}

}  // namespace

std::string_view name(UnaryOp op) { return kNames[static_cast<std::size_t>(op)]; }

UnaryOp parse_unary_op(std::string_view text) {
  const auto found = std::find(kNames.begin(), kNames.end(), text);
  if (found == kNames.end()) throw key_error("there is no operation '" + std::string(text) + "' on one operand");
  return static_cast<UnaryOp>(found - kNames.begin());
}

Table unary(const Table& table, const UnaryParams& params) {
  return apply_columns(table, [&](const NamedColumn& column) { return apply(column, params.op); });
}

Table fillna(const Table& table, const FillnaParams& params) {
  return apply_columns(table, [&](const NamedColumn& column) {
    auto found = params.values.find(column.name);
    if (found == params.values.end()) found = params.values.find("");
    if (found == params.values.end() || !has_missing(column)) return column;
    const bool is_category = column.values->type()->id() == arrow::Type::DICTIONARY && !column.encoded_text;
    const auto literal = scalar_like(found->second, column.values->type());
    const arrow::Datum values = filled(column, literal);
    if (is_category)
      return NamedColumn{"", chunked(in_categories(values.make_array(), array_of(column.values))), column.family};
    return column_of(values, filled_family(column, values));
  });
}

Table fillna_from(const Table& table, const Table& values) {
  return apply_columns(table, [&](const NamedColumn& column) {
    if (!has_missing(column)) return column;
    const std::string name = values.form() == TableForm::frame ? column.name : values.names().at(0);
    arrow::Datum filler = operand_of(named_column_of(values, name)).values;
    if (values.form() == TableForm::scalar) filler = value_or_throw(filler.make_array()->GetScalar(0), "fillna");
    return column_of(filled(column, filler), column.family);
  });
}

Table clip(const Table& table, const ClipParams& params) {
  return apply_columns(table, [&](const NamedColumn& column) {
    arrow::Datum values = operand_of(column).values;
    // A fraction turns integers into floats; a whole number takes the column's type.
    for (const auto& bound : {params.lower, params.upper}) {
      if (!bound || arrow::is_floating(values.type()->id())) continue;
      const bool is_whole = std::holds_alternative<std::int64_t>(*bound) || std::holds_alternative<Missing>(*bound);
      if (arrow::is_integer(values.type()->id()) && is_whole) continue;
      values = cast_datum(values, unified_type(values.type(), scalar_like(*bound, values.type())->type));
    }
    const auto limited = [&](const std::optional<Literal>& bound, const char* test) {
      if (!bound || std::holds_alternative<Missing>(*bound)) return;
      const auto* whole = std::get_if<std::int64_t>(&*bound);
      if (whole && arrow::is_integer(values.type()->id())) {
        // Every value of the type is on this side of such a bound.
        const auto [least, greatest] = integer_range(column_type_of(*arrow::field("", values.type())).kind);
        if (*whole < least || *whole > greatest) return;
      }
      const arrow::Datum limit = cast_datum(scalar_like(*bound, values.type()), values.type());
      arrow::Datum beyond = call(test, {values, limit});
      if (beyond.null_count() > 0)
        beyond = call("coalesce", {beyond, arrow::Datum(std::make_shared<arrow::BooleanScalar>(false))});
      values = call("if_else", {beyond, limit, values});
    };
    limited(params.lower, "less");
    limited(params.upper, "greater");
    return column_of(values, column.family);
  });
}

Table round(const Table& table, const RoundParams& params) {
  return apply_columns(table, [&](const NamedColumn& column) {
    const arrow::Datum values = operand_of(column).values;
    const bool is_float = arrow::is_floating(values.type()->id());
    if (!is_float && (params.decimals >= 0 || !arrow::is_integer(values.type()->id()))) return column;
    // NumPy's way: scale, round half to even, scale back. Arrow's own "round" is exact in decimals and so differs in
    // the last digit.
    const double scale = std::pow(10.0, std::abs(params.decimals));
    const arrow::Datum factor = arrow::Datum(std::make_shared<arrow::DoubleScalar>(scale));
    const arrow::Datum floats = cast_datum(values, arrow::float64());
    const arrow::compute::RoundOptions to_even(0, arrow::compute::RoundMode::HALF_TO_EVEN);
    const arrow::Datum scaled = call(params.decimals >= 0 ? "multiply" : "divide", {floats, factor});
    const arrow::Datum rounded =
        call(params.decimals >= 0 ? "divide" : "multiply", {call("round", {scaled}, &to_even), factor});
    return column_of(cast_datum(rounded, values.type()), column.family);
  });
}

}  // namespace plait
