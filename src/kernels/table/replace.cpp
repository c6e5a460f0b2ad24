#include "kernels/table/replace.h"

#include <arrow/compute/api.h>

#include <cmath>

#include "kernels/table/elementwise_apply.h"
#include "kernels/table/key_column.h"
#include "kernels/table/type_rules.h"

namespace plait {
namespace {

using ScalarPtr = std::shared_ptr<arrow::Scalar>;
using Pairs = std::vector<std::pair<Literal, Literal>>;

bool is_missing(const Literal& value) {
  const auto* number = std::get_if<double>(&value);
  return std::holds_alternative<Missing>(value) || (number && std::isnan(*number));
}
bool is_number(const Literal& value) {
  return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
}

// What this looks for and what it puts there is decided for columns of NumPy's types; pandas does the others.
enum class Kind : std::uint8_t { bools, numbers, texts, moments, spans };

Kind kind_of(const NamedColumn& column, const ColumnType& type) {
  if (type.family == TypeFamily::numpy) {
    if (is_numeric(type.kind)) return Kind::numbers;
    if (type.kind == TypeKind::bool_) return Kind::bools;
    if (type.kind == TypeKind::string) return Kind::texts;
    if (type.kind == TypeKind::datetime) return Kind::moments;
    if (type.kind == TypeKind::timedelta) return Kind::spans;
  }
  throw NoNativeForm("replace in column '" + column.name + "', which has type " + plait::name(type));
}

bool is_of(Kind kind, const Literal& value) {
  switch (kind) {
    case Kind::bools:
      return std::holds_alternative<bool>(value);
    case Kind::numbers:
      return is_number(value);
    case Kind::texts:
      return std::holds_alternative<std::string>(value);
    case Kind::moments:
      return std::holds_alternative<Timestamp>(value);
    case Kind::spans:
      return std::holds_alternative<Timedelta>(value);
  }
  return false;
}

// The literal as a value of the type, or null if the type has no such value.
ScalarPtr as_value(const Literal& literal, const std::shared_ptr<arrow::DataType>& type) {
  const ScalarPtr scalar = scalar_like(literal, type);
  if (scalar->type->Equals(*type)) return scalar;
  // Floats are rounded to the type, as NumPy does.
  const auto options = arrow::is_floating(type->id()) ? arrow::compute::CastOptions::Unsafe(type)
                                                      : arrow::compute::CastOptions::Safe(type);
  const auto cast = arrow::compute::Cast(scalar, options);
  return cast.ok() ? cast->scalar() : nullptr;
}

std::shared_ptr<arrow::Array> array_of_scalars(const arrow::ScalarVector& scalars,
                                               const std::shared_ptr<arrow::DataType>& type) {
  const auto builder = value_or_throw(arrow::MakeBuilder(type), "replace");
  check_arrow(builder->AppendScalars(scalars), "replace");
  return value_or_throw(builder->Finish(), "replace");
}

// What values of one column are replaced by.
class Replacements {
 public:
  Replacements(Kind kind, const ColumnType& type, std::shared_ptr<arrow::DataType> arrow_type, const Pairs& pairs)
      : kind_(kind), type_(type), arrow_type_(std::move(arrow_type)), known_(make_key_column(arrow_type_, true)) {
    for (const auto& [from, to] : pairs) add(from, to);
  }

  bool empty() const { return values_.empty(); }

  arrow::Datum applied(const std::shared_ptr<arrow::Array>& array) const {
    std::vector<std::uint32_t> codes(static_cast<std::size_t>(array->length()));
    known_->find(*array, codes.data());
    arrow::Int64Builder places;
    arrow::BooleanBuilder found;
    for (const std::uint32_t code : codes) {
      const std::int64_t place = code < place_of_code_.size() ? place_of_code_[code] : -1;
      check_arrow(found.Append(place >= 0), "replace");
      check_arrow(place < 0 ? places.AppendNull() : places.Append(place), "replace");
    }
    const auto taken =
        call("take", {array_of_scalars(values_, arrow_type_), value_or_throw(places.Finish(), "replace")});
    return call("if_else", {value_or_throw(found.Finish(), "replace"), taken, array});
  }

 private:
  void add(const Literal& from, const Literal& to) {
    const bool can_miss = kind_ != Kind::bools && (kind_ != Kind::numbers || is_floating(type_.kind));
    if (is_missing(from) ? !can_miss : !is_of(kind_, from)) {
      if (kind_ == Kind::moments && std::holds_alternative<std::string>(from))
        throw NoNativeForm("replace: text that stands for a date");
      return;  // no value of this column
    }
    const ScalarPtr key = is_missing(from) ? arrow::MakeNullScalar(arrow_type_) : as_value(from, arrow_type_);
    if (!key) return;
    const ScalarPtr value = is_missing(to)     ? (can_miss ? arrow::MakeNullScalar(arrow_type_) : nullptr)
                            : is_of(kind_, to) ? as_value(to, arrow_type_)
                                               : nullptr;
    if (!value) throw NoNativeForm("replace: " + to_string(to) + " in a column of type " + plait::name(type_));
    std::uint32_t code = 0;
    known_->add(*array_of_scalars({key}, arrow_type_), &code);
    if (code >= place_of_code_.size()) place_of_code_.resize(code + 1, -1);
    place_of_code_[code] = static_cast<std::int64_t>(values_.size());
    values_.push_back(value);
  }

  Kind kind_;
  const ColumnType& type_;
  std::shared_ptr<arrow::DataType> arrow_type_;
  std::unique_ptr<KeyColumn> known_;
  std::vector<std::int64_t> place_of_code_;  // among values_; -1: none
  arrow::ScalarVector values_;
};

}  // namespace

Table replace(const Table& table, const ReplaceParams& params) {
  initialize_arrow();
  return apply_columns(table, [&](const NamedColumn& column) {
    const auto own = params.pairs.find(column.name);
    const auto pairs = own == params.pairs.end() ? params.pairs.find("") : own;
    if (pairs == params.pairs.end()) return column;
    const ColumnType& type = table.type(column.name);
    const Kind kind = kind_of(column, type);
    const auto array = operand_of(column).values.make_array();
    const Replacements replacements(kind, type, array->type(), pairs->second);
    return replacements.empty() ? column : column_of(replacements.applied(array), column.family);
  });
}

}  // namespace plait
