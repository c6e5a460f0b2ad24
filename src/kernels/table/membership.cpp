// Conditions and choices by value: isin, between, where and mask, map.
#include <algorithm>

#include "kernels/table/elementwise.h"
#include "kernels/table/elementwise_apply.h"
#include "kernels/table/key_column.h"
#include "kernels/table/type_rules.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

// The literals that can be values of this type, as an array of it.
std::shared_ptr<arrow::Array> candidates(const std::vector<Literal>& values,
                                         const std::shared_ptr<arrow::DataType>& type) {
  std::vector<Literal> fitting;
  const bool is_float = arrow::is_floating(type->id());
  for (const Literal& value : values) {
    if (std::holds_alternative<Missing>(value)) continue;
    try {
      const auto scalar = scalar_like(value, type);
      // 1.5 is in no integer column, 1.0 is; 2.1 is in no column of float32, whose nearest number is another.
      const auto cast = arrow::compute::Cast(scalar, type);
      if (!cast.ok()) continue;
      const bool is_rounded =
          is_float && arrow::is_numeric(scalar->type->id()) && scalar_number(*cast->scalar()) != scalar_number(*scalar);
      if (is_rounded) continue;
      fitting.push_back(is_float ? Literal(scalar_number(*cast->scalar())) : literal_of(*cast->scalar()));
    } catch (const Error&) {
      // A literal of another kind matches nothing.
    }
  }
  return array_from_literals(fitting, type);
}

bool wants_missing(const std::vector<Literal>& values) {
  return std::any_of(values.begin(), values.end(), [](const Literal& v) { return std::holds_alternative<Missing>(v); });
}

std::shared_ptr<arrow::Array> as_bools(const std::vector<std::uint32_t>& codes) {
  arrow::BooleanBuilder builder;
  check_arrow(builder.Reserve(static_cast<std::int64_t>(codes.size())), "isin");
  for (std::uint32_t code : codes) builder.UnsafeAppend(code != 0);
  return value_or_throw(builder.Finish(), "isin");
}

ColumnOperand side_of(const Table& table, const std::string& name) {
  ColumnOperand side =
      operand_of(named_column_of(table, table.form() == TableForm::frame ? name : table.names().at(0)));
  if (side.type()->id() == arrow::Type::DICTIONARY) side.values = decoded(side.values.make_array());
  if (table.form() == TableForm::scalar) side.values = value_or_throw(side.values.make_array()->GetScalar(0), "where");
  return side;
}

// Whether there are values, of which none is to be replaced.
bool keeps_all(const arrow::Datum& test) {
  if (!test.is_array() || test.length() == 0) return false;
  return static_cast<const arrow::BooleanArray&>(*test.make_array()).true_count() == test.length();
}

}  // namespace

Table isin(const Table& table, const IsinParams& params) {
  return apply_columns(table, [&](const NamedColumn& column) {
    const auto array = array_of(column.values);
    const auto type = array->type_id() == arrow::Type::DICTIONARY
                          ? static_cast<const arrow::DictionaryType&>(*array->type()).value_type()
                          : array->type();
    auto known = make_key_column(array->type(), true);
    std::vector<std::uint32_t> codes(params.values.size() + 1);
    known->add(*cast_like(candidates(params.values, type), array->type()), codes.data());
    if (wants_missing(params.values))
      known->add(*value_or_throw(arrow::MakeArrayOfNull(array->type(), 1), "isin"), codes.data());
    std::vector<std::uint32_t> found(array->length());
    known->find(*array, found.data());
    // pandas answers with a nullable bool for its nullable numbers only.
    const bool is_nullable = column.family == TypeFamily::nullable && !is_text(*type);
    return NamedColumn{"", chunked(as_bools(found)), is_nullable ? TypeFamily::nullable : TypeFamily::numpy};
  });
}

Table between(const Table& table, const BetweenParams& params) {
  const bool with_left = params.inclusive == Inclusive::both || params.inclusive == Inclusive::left;
  const bool with_right = params.inclusive == Inclusive::both || params.inclusive == Inclusive::right;
  return binary(binary(table, params.left, with_left ? BinaryOp::ge : BinaryOp::gt),
                binary(table, params.right, with_right ? BinaryOp::le : BinaryOp::lt), BinaryOp::and_);
}

Table where(const Table& table, const Table& condition, const std::optional<Table>& other, const WhereParams& params) {
  return apply_columns(table, [&](const NamedColumn& column) {
    arrow::Datum test = side_of(condition, column.name).values;
    if (test.type()->id() != arrow::Type::BOOL)
      throw type_error("where: the condition has type " + test.type()->ToString() + ", expected bool");
    // Where the condition is missing, values are replaced, by where and by mask.
    const arrow::Datum replaced = arrow::Datum(std::make_shared<arrow::BooleanScalar>(params.invert));
    if (test.is_array() && test.null_count() > 0) test = call("coalesce", {test, replaced});
    if (params.invert) test = call("invert", {test});
    if (keeps_all(test)) return column;  // and its type
    ColumnOperand kept = side_of(table, column.name);
    if (kept.is_scalar()) kept.values = value_or_throw(arrow::MakeArrayFromScalar(*kept.values.scalar(), 1), "where");
    arrow::Datum replacement = other ? side_of(*other, column.name).values
                               : params.other && !std::holds_alternative<Missing>(*params.other)
                                   ? arrow::Datum(scalar_like(*params.other, kept.type()))
                                   : arrow::Datum(arrow::MakeNullScalar(kept.type()));
    // A whole number takes the column's type, a fraction that of a column of floats.
    const auto given = replacement.type()->id();
    const bool literal_fits = !other && ((arrow::is_numeric(kept.type()->id()) && arrow::is_integer(given)) ||
                                         (arrow::is_floating(kept.type()->id()) && arrow::is_floating(given)));
    const auto type = literal_fits ? kept.type() : unified_type(kept.type(), replacement.type());
    const arrow::Datum values = call("if_else", {test, cast_datum(kept.values, type), cast_datum(replacement, type)});
    const bool is_category = column.values->type()->id() == arrow::Type::DICTIONARY && !column.encoded_text;
    if (is_category)
      return NamedColumn{"", chunked(in_categories(values.make_array(), array_of(column.values))), column.family};
    return column_of(values, column.family);
  });
}

Table map_values(const Table& table, const MapValuesParams& params) {
  std::vector<Literal> from, to;
  for (const auto& [key, value] : params.values) {
    from.push_back(key);
    to.push_back(value);
  }
  return apply_columns(table, [&](const NamedColumn& column) {
    const auto array = operand_of(column).values.make_array();
    const auto plain = decoded(array);
    auto known = make_key_column(plain->type(), false);
    std::vector<std::uint32_t> code_of_entry(1);
    // The last entry for a key wins, as in a dict.
    arrow::Int64Builder positions;
    std::vector<std::int64_t> entry_of_code = {-1};
    for (std::size_t i = 0; i < from.size(); ++i) {
      const auto key = candidates({from[i]}, plain->type());
      if (key->length() == 0) continue;
      known->add(*key, code_of_entry.data());
      if (code_of_entry[0] >= entry_of_code.size())
        entry_of_code.push_back(static_cast<std::int64_t>(i));
      else
        entry_of_code[code_of_entry[0]] = static_cast<std::int64_t>(i);
    }
    std::vector<std::uint32_t> codes(plain->length());
    known->find(*plain, codes.data());
    for (std::uint32_t code : codes)
      check_arrow(code == 0 ? positions.AppendNull() : positions.Append(entry_of_code[code]), "map");
    const arrow::Datum values =
        call("take", {arrow::Datum(array_from_literals(to)), arrow::Datum(value_or_throw(positions.Finish(), "map"))});
    return column_of(values, TypeFamily::numpy);
  });
}

}  // namespace plait
