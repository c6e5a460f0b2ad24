// Conversion of columns to given types.
#include <arrow/compute/api.h>

#include <cmath>

#include "base/kernel.h"
#include "kernels/table/elementwise.h"
#include "kernels/table/elementwise_apply.h"
#include "kernels/table/type_rules.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

std::string where_text(const NamedColumn& column, const ColumnType& to) {
  return "astype: column '" + column.name + "' to " + name(to);
}

[[noreturn]] void throw_missing(const NamedColumn& column, const ColumnType& to) {
  throw value_error(where_text(column, to) + ": missing values cannot be " +
                    (is_integer(to.kind) ? "integers" : "bools") +
                    "; fill them first, or use a nullable type such as " + (is_integer(to.kind) ? "Int64" : "boolean"));
}

// A zone is put on or taken off by tz_localize or tz_convert, which say how.
void check_zones(const NamedColumn& column, const arrow::DataType& from, const ColumnType& to) {
  const bool has_zone = !static_cast<const arrow::TimestampType&>(from).timezone().empty();
  if (has_zone == !to.timezone.empty()) return;
  throw type_error(where_text(column, to) + ": the column " + (has_zone ? "has a" : "has no") +
                   " time zone; use .dt.tz_localize or .dt.tz_convert first");
}

// Nullable integers hold missing values, but no infinities, and fractions only of nullable floats, which are cut off.
void check_whole(const NamedColumn& column, const arrow::Array& array, const ColumnType& to) {
  const bool cuts_off = column.family == TypeFamily::nullable;
  visit_floats(array, [&](const auto* from) {
    for (std::int64_t i = 0; i < array.length(); ++i) {
      if (array.IsNull(i) || from[i] != from[i]) continue;
      if (std::isinf(from[i]))
        throw value_error(where_text(column, to) + ": row " + std::to_string(i) + " is infinite; replace it first");
      if (!cuts_off && from[i] != std::trunc(from[i]))
        throw type_error(where_text(column, to) + ": row " + std::to_string(i) + " holds " +
                         to_string(Literal(double(from[i]))) + ", which is no integer; use round() first");
    }
  });
}

// pandas makes nullable bools of other numbers only where they are 0 and 1.
void check_bools(const NamedColumn& column, const arrow::Array& array, const ColumnType& to) {
  visit_numbers(array, [&](const auto* from) {
    for (std::int64_t i = 0; i < array.length(); ++i) {
      if (array.IsNull(i) || from[i] != from[i] || from[i] == 0 || from[i] == 1) continue;
      throw type_error(where_text(column, to) + ": row " + std::to_string(i) + " holds " +
                       to_string(Literal(double(from[i]))) + ", and expected is 0 or 1; compare with != 0 first");
    }
  });
}

arrow::Datum without_nan(const arrow::Datum& values) {
  const auto nan = call("is_nan", {values});
  return call("if_else", {nan, arrow::Datum(arrow::MakeNullScalar(values.type())), values});
}

// NumPy's bools hold nothing missing: NaN is true.
arrow::Datum number_to_bool(const NamedColumn& column, const arrow::Datum& values, const ColumnType& to) {
  if (to.family == TypeFamily::nullable && column.family != TypeFamily::nullable)
    check_bools(column, *values.make_array(), to);
  const bool may_miss = to.family != TypeFamily::numpy && arrow::is_floating(values.type()->id());
  return cast_datum(may_miss ? without_nan(values) : values, arrow_type_of(to));
}

// Codes of the different values, in their order.
std::shared_ptr<arrow::Array> as_category(std::shared_ptr<arrow::Array> values) {
  if (arrow::is_floating(values->type_id())) {
    values = without_nan(values).make_array();
    const auto zero = cast_datum(arrow::Datum(0), values->type());
    values = call("add", {values, zero}).make_array();  // -0.0 becomes 0.0
  }
  return with_sorted_categories(cast_like(values, arrow::dictionary(arrow::int32(), values->type())));
}

// Floats to integers as NumPy does: truncated, and only if nothing is missing or too large.
arrow::Datum to_integer(const NamedColumn& column, const arrow::Datum& values, const ColumnType& to) {
  const auto array = values.make_array();
  if (array->null_count() > 0) throw_missing(column, to);
  visit_floats(*array, [&](const auto* from) {
    for (std::int64_t i = 0; i < array->length(); ++i) {
      if (!std::isfinite(from[i])) {
        throw value_error(where_text(column, to) + ": row " + std::to_string(i) +
                          " is missing or infinite, and integers cannot be; fill it first, or use " +
                          "a nullable type such as Int64");
      }
    }
  });
  return cast_datum(values, arrow_type_of(to));
}

std::shared_ptr<arrow::Array> text_of(const std::shared_ptr<arrow::Array>& array) {
  arrow::StringBuilder builder;
  for (std::int64_t i = 0; i < array->length(); ++i) {
    if (i % kRowsBetweenChecks == 0) check_cancelled();
    const Literal value = literal_of(*value_or_throw(array->GetScalar(i), "astype"));
    // A missing number becomes a missing text.
    if (std::holds_alternative<Missing>(value))
      check_arrow(builder.AppendNull(), "astype");
    else
      check_arrow(builder.Append(to_string(value)), "astype");
  }
  return value_or_throw(builder.Finish(), "astype");
}

arrow::Datum from_text(const NamedColumn& column, const arrow::Datum& values, const ColumnType& to) {
  const bool cannot_miss = to.family == TypeFamily::numpy && (is_integer(to.kind) || to.kind == TypeKind::bool_);
  const bool missing_is_true = to.kind == TypeKind::bool_ && is_numpy(column.family);
  if (cannot_miss && values.null_count() > 0 && !missing_is_true) throw_missing(column, to);
  if (to.kind == TypeKind::bool_) {
    const arrow::Datum answer = call("not_equal", {call("utf8_length", {values}), arrow::Datum(0)});
    // As bool(nan) is True.
    return missing_is_true ? call("coalesce", {answer, arrow::Datum(true)}) : answer;
  }
  auto trimmed = call("utf8_trim_whitespace", {values});
  auto cast = arrow::compute::Cast(trimmed, arrow_type_of(to));
  if (cast.ok()) return *cast;
  throw value_error(where_text(column, to) + ": " + cast.status().message());
}

arrow::Datum converted(const NamedColumn& column, const arrow::Datum& given, const ColumnType& to) {
  arrow::Datum values = given;
  const auto type = arrow_type_of(to);
  const bool cannot_miss = to.family == TypeFamily::numpy && (is_integer(to.kind) || to.kind == TypeKind::bool_);
  const bool is_plain = values.type()->id() != arrow::Type::DICTIONARY && !is_text(*values.type());
  if (cannot_miss && is_plain && values.null_count() > 0) throw_missing(column, to);
  if (values.type()->Equals(*type)) return values;
  const auto from_id = values.type()->id();
  if (to.kind == TypeKind::category) return as_category(values.make_array());
  if (from_id == arrow::Type::DICTIONARY) return converted(column, decoded(values.make_array()), to);
  if (to.kind == TypeKind::string) {
    if (is_text(*values.type())) return values;
    return text_of(values.make_array());
  }
  if (is_text(*values.type())) return from_text(column, values, to);
  if (is_integer(to.kind) && arrow::is_floating(from_id)) {
    if (to.family == TypeFamily::numpy) return to_integer(column, values, to);
    check_whole(column, *values.make_array(), to);
    return cast_datum(without_nan(values), type);
  }
  if (to.kind == TypeKind::bool_ && arrow::is_numeric(from_id)) return number_to_bool(column, values, to);
  if (from_id == arrow::Type::TIMESTAMP && to.kind == TypeKind::datetime) check_zones(column, *values.type(), to);
  if (to.family == TypeFamily::nullable && is_numeric(to.kind) &&
      (arrow::is_temporal(from_id) || from_id == arrow::Type::DURATION))
    throw NoNativeForm(where_text(column, to) + ": " + values.type()->ToString() +
                       " cannot be converted; use int64 first");
  // NumPy's integers wrap around; nullable ones say that they do not fit.
  const bool must_fit = to.family == TypeFamily::nullable && is_integer(to.kind) && arrow::is_integer(from_id);
  auto cast = arrow::compute::Cast(
      values, must_fit ? arrow::compute::CastOptions::Safe(type) : arrow::compute::CastOptions::Unsafe(type));
  if (cast.ok()) return *cast;
  if (cast.status().IsNotImplemented()) throw NoNativeForm(where_text(column, to) + ": " + cast.status().message());
  throw type_error(where_text(column, to) + ": " + cast.status().message());
}

}  // namespace

Table astype(const Table& table, const AstypeParams& params) {
  initialize_arrow();
  for (const auto& [name, type] : params.types) {
    if (!name.empty()) table.schema().field(name);
  }
  return apply_columns(table, [&](const NamedColumn& column) {
    auto found = params.types.find(column.name);
    if (found == params.types.end()) found = params.types.find("");
    if (found == params.types.end()) return column;
    const ColumnType& to = found->second;
    NamedColumn out = column_of(converted(column, operand_of(column).values, to), to.family);
    return out;
  });
}

}  // namespace plait
