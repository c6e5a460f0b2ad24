#include "kernels/table/native_types.h"

#include <fmt/format.h>

#include "kernels/table/arrow_table.h"
#include "kernels/table/type_rules.h"

namespace plait {
namespace {

bool is_number(const Literal& value) {
  return std::holds_alternative<bool>(value) || std::holds_alternative<std::int64_t>(value) ||
         std::holds_alternative<double>(value);
}

bool is_moment(const Literal& value, const ColumnType& type) {
  if (std::holds_alternative<Timestamp>(value)) return true;
  if (!std::holds_alternative<std::string>(value)) return false;
  try {
    scalar_like(value, arrow_type_of(type));
    return true;
  } catch (const Error&) {
    return false;  // text that is no date
  }
}

bool is_category(const Literal& value, const Table& table, const std::string& column) {
  const auto categories = static_cast<const arrow::DictionaryArray&>(*array_of(table, column)).dictionary();
  for (std::int64_t i = 0; i < categories->length(); ++i) {
    if (literal_of(*value_or_throw(categories->GetScalar(i), "categories")) == value) return true;
  }
  return false;
}

}  // namespace

bool fits(const Literal& value, const Table& table, const std::string& column) {
  const ColumnType& type = table.type(column);
  if (std::holds_alternative<Missing>(value)) return type.family != TypeFamily::object;
  switch (type.kind) {
    case TypeKind::bool_:
      if (type.family == TypeFamily::object) return false;
      return type.family == TypeFamily::numpy ? is_number(value) : std::holds_alternative<bool>(value);
    case TypeKind::string:
      return type.family != TypeFamily::object && std::holds_alternative<std::string>(value);
    case TypeKind::datetime:
      return is_moment(value, type);
    case TypeKind::timedelta:
      return std::holds_alternative<Timedelta>(value);
    case TypeKind::category:
      return is_category(value, table, column);
    case TypeKind::date:
    case TypeKind::other:
      return false;
    default:
      return is_number(value);
  }
}

void require_fitting(std::string_view op, const Table& table, const std::string& column, const Literal& value) {
  if (fits(value, table, column)) return;
  throw NoNativeForm(
      fmt::format("{}: the constant {} beside values of type {}", op, to_string(value), name(table.type(column))));
}

void require_native_clip(const Table& table, const std::optional<Literal>& lower, const std::optional<Literal>& upper) {
  for (const std::string& column : table.names()) {
    if (!is_numeric(table.type(column).kind))
      throw NoNativeForm(fmt::format("clip: values of type {}; the engine clips numbers", name(table.type(column))));
    for (const auto& bound : {lower, upper}) {
      if (bound) require_fitting("clip", table, column, *bound);
    }
  }
}

}  // namespace plait
