// Literals: from and to Arrow scalars, as text, and as tables written out by hand.
#include <arrow/api.h>
#include <arrow/compute/api.h>
#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>

#include "kernels/table/arrow_table.h"
#include "kernels/table/calendar.h"

namespace plait {
namespace {

// The repr of a float: the shortest text that reads back, with ".0" where it looks like an integer.
std::string float_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  char text[40];
  const auto end = std::to_chars(text, text + sizeof(text), value).ptr;
  std::string out(text, end);
  if (out.find_first_of(".e") == std::string::npos) out += ".0";
  return out;
}

template <class... Fs>
struct Overload : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Overload(Fs...) -> Overload<Fs...>;

// The type that pandas infers for a column of these values.
std::shared_ptr<arrow::DataType> inferred_type(const std::vector<Literal>& values) {
  bool has_missing = false;
  bool has_float = false;
  std::shared_ptr<arrow::DataType> type;
  for (const Literal& value : values) {
    if (std::holds_alternative<Missing>(value)) {
      has_missing = true;
      continue;
    }
    has_float |= std::holds_alternative<double>(value);
    auto one = arrow_scalar_of(value)->type;
    if (!type || (type->id() == arrow::Type::INT64 && one->id() == arrow::Type::DOUBLE)) type = one;
    const bool numbers = arrow::is_numeric(type->id()) && arrow::is_numeric(one->id());
    if (!numbers && !one->Equals(*type)) {
      throw type_error("a column holds both " + type->ToString() + " and " + one->ToString() + "; expected one type");
    }
  }
  if (!type || (type->id() == arrow::Type::INT64 && (has_missing || has_float))) return arrow::float64();
  return type;
}

}  // namespace

std::string to_string(const Literal& value) {
  return std::visit(
      Overload{[](Missing) -> std::string { return "NaN"; }, [](bool b) -> std::string { return b ? "True" : "False"; },
               [](std::int64_t i) { return std::to_string(i); }, [](double d) { return float_text(d); },
               [](const std::string& s) { return s; }, [](const Timestamp& t) { return timestamp_text(t); },
               [](const Timedelta& t) { return timedelta_text(t); }},
      value);
}

std::shared_ptr<arrow::Scalar> arrow_scalar_of(const Literal& value) {
  using Ptr = std::shared_ptr<arrow::Scalar>;
  return std::visit(Overload{[](Missing) -> Ptr { return arrow::MakeNullScalar(arrow::null()); },
                             [](bool b) -> Ptr { return std::make_shared<arrow::BooleanScalar>(b); },
                             [](std::int64_t i) -> Ptr { return std::make_shared<arrow::Int64Scalar>(i); },
                             [](double d) -> Ptr { return std::make_shared<arrow::DoubleScalar>(d); },
                             [](const std::string& s) -> Ptr { return std::make_shared<arrow::StringScalar>(s); },
                             [](const Timestamp& t) -> Ptr {
                               return std::make_shared<arrow::TimestampScalar>(
                                   t.value,
                                   arrow_type_of({.kind = TypeKind::datetime, .unit = t.unit, .timezone = t.timezone}));
                             },
                             [](const Timedelta& t) -> Ptr {
                               return std::make_shared<arrow::DurationScalar>(
                                   t.value, arrow_type_of({.kind = TypeKind::timedelta, .unit = t.unit}));
                             }},
                    value);
}

Literal literal_of(const arrow::Scalar& scalar) {
  if (!scalar.is_valid) return Missing{};
  const auto id = scalar.type->id();
  if (id == arrow::Type::DICTIONARY) {
    return literal_of(
        *value_or_throw(static_cast<const arrow::DictionaryScalar&>(scalar).GetEncodedValue(), "category"));
  }
  if (id == arrow::Type::BOOL) return static_cast<const arrow::BooleanScalar&>(scalar).value;
  if (id == arrow::Type::UINT64) {
    const auto value = static_cast<const arrow::UInt64Scalar&>(scalar).value;
    if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      return static_cast<std::int64_t>(value);
    return static_cast<double>(value);
  }
  if (arrow::is_integer(id)) {
    return static_cast<const arrow::Int64Scalar&>(*value_or_throw(scalar.CastTo(arrow::int64()), "value")).value;
  }
  if (arrow::is_floating(id)) {
    const double value =
        static_cast<const arrow::DoubleScalar&>(*value_or_throw(scalar.CastTo(arrow::float64()), "value")).value;
    if (std::isnan(value)) return Missing{};
    return value;
  }
  if (arrow::is_base_binary_like(id)) return std::string(static_cast<const arrow::BaseBinaryScalar&>(scalar).view());
  if (id == arrow::Type::DATE32) {
    const std::int64_t days = static_cast<const arrow::Date32Scalar&>(scalar).value;
    return Timestamp{days * 86400, TimeUnit::s, ""};
  }
  const ColumnType type = column_type_of(*arrow::field("", scalar.type));
  if (id == arrow::Type::TIMESTAMP) {
    return Timestamp{static_cast<const arrow::TimestampScalar&>(scalar).value, type.unit, type.timezone};
  }
  if (id == arrow::Type::DURATION) return Timedelta{static_cast<const arrow::DurationScalar&>(scalar).value, type.unit};
  return scalar.ToString();
}

std::shared_ptr<arrow::Array> array_from_literals(const std::vector<Literal>& values,
                                                  std::shared_ptr<arrow::DataType> type) {
  if (!type) type = inferred_type(values);
  initialize_arrow();
  auto builder = value_or_throw(arrow::MakeBuilder(type), "values");
  for (const Literal& value : values) {
    if (std::holds_alternative<Missing>(value)) {
      check_arrow(builder->AppendNull(), "values");
      continue;
    }
    auto scalar = arrow_scalar_of(value);
    if (!scalar->type->Equals(*type)) {
      scalar = value_or_throw(arrow::compute::Cast(scalar, type), "value " + to_string(value)).scalar();
    }
    check_arrow(builder->AppendScalar(*scalar), "values");
  }
  return value_or_throw(builder->Finish(), "values");
}

Table Table::from_columns(const std::vector<Column>& columns) {
  std::vector<NamedColumn> named;
  for (const Column& column : columns) named.push_back({column.name, chunked(array_from_literals(column.values))});
  return table_of(named);
}

Table Table::scalar(const Literal& value) {
  return table_of({{std::string(kUnnamed), chunked(array_from_literals({value}))}}, {}, TableForm::scalar);
}

}  // namespace plait
