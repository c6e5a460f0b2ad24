#include "kernels/table/native_types.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>
#include <type_traits>

#include "kernels/table/arrow_table.h"
#include "kernels/table/groupby_plan.h"
#include "kernels/table/type_rules.h"

namespace plait {
namespace {

// What aggregates make a difference between.
enum class Kind : std::uint8_t { number, datetime, timedelta, text, arrow, category, object };

Kind kind_of(const ColumnType& type) {
  if (type.family == TypeFamily::object) return Kind::object;
  if (type.kind == TypeKind::category) return Kind::category;
  if (is_numeric(type.kind)) return Kind::number;
  if (type.family == TypeFamily::arrow) return Kind::arrow;
  switch (type.kind) {
    case TypeKind::bool_:
      return Kind::number;
    case TypeKind::string:
      return Kind::text;
    case TypeKind::datetime:
      return Kind::datetime;
    case TypeKind::timedelta:
      return Kind::timedelta;
    default:
      return Kind::object;
  }
}

const std::set<Aggregation> kCounts = {Aggregation::count, Aggregation::size, Aggregation::nunique};
const std::set<Aggregation> kOrder = {Aggregation::min, Aggregation::max, Aggregation::first, Aggregation::last};

// The middle of bools and the like are pandas' business.
bool keeps_values(Aggregation function) {
  const GroupBySpec spec{.keys = {"key"}, .aggregates = {{.column = "x", .function = function, .output = "x"}}};
  return plan_groupby(spec).states.front().primitive == Primitive::values;
}

bool has_aggregate(Aggregation function, const ColumnType& type) {
  if (kCounts.contains(function)) return kind_of(type) != Kind::object;
  switch (kind_of(type)) {
    case Kind::number:
      return type.kind != TypeKind::bool_ || !keeps_values(function);
    case Kind::datetime:
      return kOrder.contains(function) || function == Aggregation::mean;
    case Kind::timedelta:
      return kOrder.contains(function) || function == Aggregation::mean || function == Aggregation::sum;
    case Kind::text:
    case Kind::arrow:
      return kOrder.contains(function);
    case Kind::category:
    case Kind::object:
      break;
  }
  return false;
}

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

bool is_comparison(BinaryOp op) { return op >= BinaryOp::eq && op <= BinaryOp::ge; }
bool is_plain_number(const ColumnType& type) { return type.family == TypeFamily::numpy && is_numeric(type.kind); }

[[noreturn]] void no_form(std::string_view op, std::string_view what) {
  throw NoNativeForm(fmt::format("{}: {}", op, what));
}

// Categories know more than whether they are equal (an order, or that they do not add up); bools are small integers.
void require_native_types(BinaryOp op, const std::vector<ColumnType>& types) {
  const auto any = [&](auto&& test) { return std::any_of(types.begin(), types.end(), test); };
  const bool is_equality = op == BinaryOp::eq || op == BinaryOp::ne;
  const bool may_miss = any([](const ColumnType& t) {
    return (t.family == TypeFamily::nullable && t.kind != TypeKind::string) || t.family == TypeFamily::arrow;
  });
  const bool has_float = any([](const ColumnType& t) { return t.family == TypeFamily::numpy && is_floating(t.kind); });
  if (is_comparison(op) && may_miss && has_float)
    no_form(name(op), "beside a nullable column a NaN is a missing value, too");
  if (!is_equality && any([](const ColumnType& t) { return t.kind == TypeKind::category; }))
    no_form(name(op), "categories have their own order");
  const bool has_arrow_bool =
      any([](const ColumnType& t) { return t.family == TypeFamily::arrow && t.kind == TypeKind::bool_; });
  const bool takes_bools = op >= BinaryOp::and_ || (is_comparison(op) && !is_equality);
  if (!is_equality && has_arrow_bool && !takes_bools) no_form(name(op), "arithmetic of Arrow's bools");
  if (op == BinaryOp::pow && any([](const ColumnType& t) { return t.kind == TypeKind::bool_; }))
    no_form(name(op), "powers of bools");
}

}  // namespace

std::optional<std::string> column_of_objects(const Schema& schema) {
  for (const Field& field : schema.columns) {
    if (field.type.kind == TypeKind::string && field.type.family == TypeFamily::object) return field.name;
  }
  return std::nullopt;
}

bool fits(const Literal& value, const Table& table, const std::string& column) {
  const ColumnType& type = table.type(column);
  if (std::holds_alternative<Missing>(value)) return type.family != TypeFamily::object;
  if (is_numeric(type.kind)) return is_number(value);
  switch (type.kind) {
    case TypeKind::bool_:
      if (type.family == TypeFamily::object) return false;
      return type.family == TypeFamily::numpy ? is_number(value) : std::holds_alternative<bool>(value);
    case TypeKind::string:
      return type.family != TypeFamily::object && type.family != TypeFamily::arrow &&
             std::holds_alternative<std::string>(value);
    case TypeKind::datetime:
      return type.family != TypeFamily::arrow && is_moment(value, type);
    case TypeKind::timedelta:
      return type.family != TypeFamily::arrow && std::holds_alternative<Timedelta>(value);
    case TypeKind::category:
      return is_category(value, table, column);
    default:
      return false;
  }
}

void require_fitting(std::string_view op, const Table& table, const std::string& column, const Literal& value) {
  if (fits(value, table, column)) return;
  no_form(op, fmt::format("the constant {} among values of type {}", to_string(value), name(table.type(column))));
}

void require_native_binary(const BinaryParams& params, const std::vector<Table>& operands) {
  std::vector<ColumnType> types;
  for (const Table& operand : operands) {
    if (operand.form() == TableForm::scalar) continue;
    for (const std::string& column : operand.names()) {
      types.push_back(operand.type(column));
      if (!is_comparison(params.op) || types.back().kind == TypeKind::category) continue;
      for (const auto& constant : {params.left, params.right}) {
        if (constant) require_fitting(name(params.op), operand, column, *constant);
      }
    }
  }
  require_native_types(params.op, types);
}

std::pair<std::int64_t, std::int64_t> integer_range(TypeKind kind) {
  const auto of = []<class T>(T) -> std::pair<std::int64_t, std::int64_t> {
    using Limits = std::numeric_limits<T>;
    constexpr auto kGreatest = std::numeric_limits<std::int64_t>::max();
    if constexpr (std::is_same_v<T, std::uint64_t>)
      return {0, kGreatest};
    else
      return {Limits::min(), Limits::max()};
  };
  switch (kind) {
    case TypeKind::int8:
      return of(std::int8_t{});
    case TypeKind::int16:
      return of(std::int16_t{});
    case TypeKind::int32:
      return of(std::int32_t{});
    case TypeKind::uint8:
      return of(std::uint8_t{});
    case TypeKind::uint16:
      return of(std::uint16_t{});
    case TypeKind::uint32:
      return of(std::uint32_t{});
    case TypeKind::uint64:
      return of(std::uint64_t{});
    default:
      return of(std::int64_t{});
  }
}

void require_native_clip(const Table& table, const std::optional<Literal>& lower, const std::optional<Literal>& upper) {
  for (const std::string& column : table.names()) {
    if (!is_numeric(table.type(column).kind))
      no_form("clip", fmt::format("values of type {}; the engine clips numbers", name(table.type(column))));
    for (const auto& bound : {lower, upper}) {
      if (bound) require_fitting("clip", table, column, *bound);
    }
    if (!is_integer(table.type(column).kind)) continue;
    // A bound beyond which the type has no value gives another type.
    const auto [least, greatest] = integer_range(table.type(column).kind);
    const auto is_number = [](const auto& bound) { return bound && std::holds_alternative<std::int64_t>(*bound); };
    if ((is_number(lower) && std::get<std::int64_t>(*lower) > greatest) ||
        (is_number(upper) && std::get<std::int64_t>(*upper) < least))
      no_form("clip", fmt::format("a bound that {} cannot hold", name(table.type(column))));
  }
}

void require_native_where(const Table& table, const Literal& other, std::string_view op) {
  if (!std::holds_alternative<std::int64_t>(other) && !std::holds_alternative<double>(other)) return;
  for (const std::string& column : table.names()) {
    if (table.type(column).kind == TypeKind::bool_) no_form(op, "numbers among bools are objects");
  }
}

void require_native_isin(const Table& table, const std::vector<Literal>& values) {
  for (const std::string& column : table.names()) {
    const TypeKind kind = table.type(column).kind;
    for (const Literal& value : values) {
      const bool is_text = kind == TypeKind::string || kind == TypeKind::category;
      if (is_text && std::holds_alternative<Missing>(value)) no_form("isin", "a missing value among texts");
      require_fitting("isin", table, column, value);
    }
  }
}

void require_native_map(const std::vector<std::pair<Literal, Literal>>& pairs) {
  const auto require_alike = [](const auto& pick, const auto& all, std::string_view what) {
    std::optional<bool> are_numbers;
    std::size_t kind = 0;
    for (const auto& pair : all) {
      const Literal& value = pick(pair);
      if (std::holds_alternative<Missing>(value)) continue;
      const bool number = is_number(value) && !std::holds_alternative<bool>(value);
      if (are_numbers && (*are_numbers != number || (!number && value.index() != kind)))
        no_form("map", fmt::format("{} of different types", what));
      are_numbers = number;
      kind = value.index();
    }
  };
  require_alike([](const auto& pair) -> const Literal& { return pair.first; }, pairs, "keys");
  require_alike([](const auto& pair) -> const Literal& { return pair.second; }, pairs, "values");
}

// pandas' texts of times, and its categories of other types than NumPy's, are its own.
void require_native_astype(const ColumnType& from, const ColumnType& to) {
  const Kind kind = kind_of(from);
  const bool is_plain = from.family == TypeFamily::numpy && kind != Kind::category;
  const bool is_native = kind == Kind::category ? false
                         : to.kind == TypeKind::category
                             ? is_plain && from.timezone.empty()
                             : !(to.kind == TypeKind::string && to.family != TypeFamily::arrow &&
                                 (kind == Kind::datetime || kind == Kind::timedelta || kind == Kind::arrow ||
                                  (from.kind == TypeKind::uint64 && from.family == TypeFamily::numpy)));
  if (!is_native) no_form("astype", fmt::format("from {} to {}", name(from), name(to)));
}

void require_native_reduction(const Table& table, const ReduceParams& params) {
  const std::string_view op = name(params.reduction);
  const bool is_unknown = params.reduction == Reduction::skew || params.reduction == Reduction::kurtosis;
  bool has_bools = false;
  bool has_others = false;
  for (const std::string& column : table.names()) {
    const ColumnType& type = table.type(column);
    // pandas counts Arrow's bools among the others.
    if (params.numeric_only && kind_of(type) == Kind::arrow) no_form(op, "numeric_only beside Arrow's types");
    if (params.numeric_only && kind_of(type) != Kind::number) continue;
    if (is_unknown || !has_aggregate(parse_aggregation(op), type))
      no_form(op, fmt::format("column '{}' of type {}", column, name(type)));
    (type.kind == TypeKind::bool_ ? has_bools : has_others) = true;
  }
  const bool is_choice = params.reduction == Reduction::min || params.reduction == Reduction::max;
  if (is_choice && has_bools && has_others) no_form(op, "bools beside numbers");
}

void require_native_groupby(const Table& table, const GroupBySpec& spec) {
  for (const std::string& key : spec.keys) {
    if (!spec.observed && table.type(key).kind == TypeKind::category)
      no_form("groupby", "categories without rows are groups, too");
  }
  for (const Aggregate& aggregate : spec.aggregates) {
    if (aggregate.column.empty()) continue;
    for (const std::string& column : {aggregate.column, aggregate.other}) {
      if (column.empty()) continue;
      const ColumnType& type = table.type(column);
      if (!has_aggregate(aggregate.function, type))
        no_form(name(aggregate.function), fmt::format("column '{}' of type {}", column, name(type)));
    }
  }
}

void require_native_value_counts(const Table& series) {
  if (series.schema().columns.front().type.kind == TypeKind::category)
    no_form("value_counts", "categories without values count, too");
}

void require_native_describe(const Table& table) {
  bool has_numbers = false;
  for (const std::string& column : table.names()) {
    const ColumnType& type = table.type(column);
    const bool is_other_number =
        !is_plain_number(type) &&
        (is_numeric(type.kind) ||
         (type.kind == TypeKind::bool_ && type.family != TypeFamily::numpy && type.family != TypeFamily::object));
    if (is_other_number || type.kind == TypeKind::datetime || type.kind == TypeKind::timedelta)
      no_form("describe", fmt::format("column '{}' of type {}", column, name(type)));
    has_numbers = has_numbers || is_plain_number(type);
  }
  if (!has_numbers) no_form("describe", "there are no numbers");
}

void require_order(const Table& table, const std::vector<std::string>& columns, std::string_view method) {
  for (const std::string& column : columns) {
    const ColumnType& type = table.type(column);
    const Kind kind = kind_of(type);
    if (kind == Kind::number || kind == Kind::datetime || kind == Kind::timedelta || kind == Kind::object) continue;
    throw type_error(
        fmt::format("Column '{}' has dtype {}, cannot use method '{}' with this dtype; expected numbers or dates",
                    column, name(type), method));
  }
}

ColumnType type_of_counts(const ColumnType& values, bool normalize) {
  const TypeKind kind = normalize ? TypeKind::float64 : TypeKind::int64;
  if (values.family == TypeFamily::arrow || (values.family == TypeFamily::nullable && values.kind == TypeKind::string))
    return {.kind = kind, .family = TypeFamily::arrow};
  return {.kind = kind, .family = values.family == TypeFamily::nullable ? TypeFamily::nullable : TypeFamily::numpy};
}

ColumnType type_of_sizes(const ColumnType& values) {
  const bool is_other = values.family == TypeFamily::arrow || values.family == TypeFamily::nullable;
  return {.kind = TypeKind::int64, .family = is_other ? values.family : TypeFamily::numpy};
}

}  // namespace plait
