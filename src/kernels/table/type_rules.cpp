#include "kernels/table/type_rules.h"

#include <arrow/compute/api.h>

#include "kernels/table/typed_column.h"

namespace plait {
namespace {

const std::shared_ptr<arrow::DataType>& values_of(const std::shared_ptr<arrow::DataType>& type) {
  return type->id() == arrow::Type::DICTIONARY ? static_cast<const arrow::DictionaryType&>(*type).value_type() : type;
}

DType dtype_of_arrow(const std::shared_ptr<arrow::DataType>& type) {
  return numpy_dtype(column_type_of(*arrow::field("", type)));
}

arrow::TimeUnit::type unit_of(const arrow::DataType& type) {
  return type.id() == arrow::Type::TIMESTAMP ? static_cast<const arrow::TimestampType&>(type).unit()
                                             : static_cast<const arrow::DurationType&>(type).unit();
}

// Categories whose values and order are of one kind, with codes that hold those of both; else nothing.
std::shared_ptr<arrow::DataType> unified_categories(const arrow::DataType& a, const arrow::DataType& b) {
  const auto& one = static_cast<const arrow::DictionaryType&>(a);
  const auto& other = static_cast<const arrow::DictionaryType&>(b);
  const bool are_texts = is_text(*one.value_type()) && is_text(*other.value_type());
  if (one.ordered() != other.ordered() || !(are_texts || one.value_type()->Equals(*other.value_type()))) return nullptr;
  const auto& codes = one.index_type()->byte_width() >= other.index_type()->byte_width() ? one : other;
  return arrow::dictionary(codes.index_type(), unified_type(one.value_type(), other.value_type()), one.ordered());
}

// With codes and values of other types.
std::shared_ptr<arrow::Array> cast_categories(const arrow::DictionaryArray& array,
                                              const std::shared_ptr<arrow::DataType>& type) {
  const auto& wanted = static_cast<const arrow::DictionaryType&>(*type);
  const auto codes = cast_like(array.indices(), wanted.index_type());
  const auto values = cast_like(array.dictionary(), wanted.value_type());
  return value_or_throw(arrow::DictionaryArray::FromArrays(type, codes, values), "categories");
}

// Lists, structs, decimals and the like.
bool is_other(const arrow::DataType& type) { return arrow::is_nested(type.id()) || arrow::is_decimal(type.id()); }

}  // namespace

std::shared_ptr<arrow::DataType> unified_type(const std::shared_ptr<arrow::DataType>& a,
                                              const std::shared_ptr<arrow::DataType>& b) {
  if (a->Equals(*b)) return a;
  if (a->id() == arrow::Type::NA) return b;
  if (b->id() == arrow::Type::NA) return a;
  if (a->id() == arrow::Type::DICTIONARY && b->id() == arrow::Type::DICTIONARY) {
    if (auto both = unified_categories(*a, *b)) return both;
  }
  if (a->id() == arrow::Type::DICTIONARY || b->id() == arrow::Type::DICTIONARY)
    return unified_type(values_of(a), values_of(b));
  if (is_text(*a) && is_text(*b)) return arrow::large_utf8();
  if (is_number(*a) && is_number(*b)) return arrow_type_of(column_type(promote(dtype_of_arrow(a), dtype_of_arrow(b))));
  const bool same_kind = a->id() == b->id();
  if (same_kind && a->id() == arrow::Type::TIMESTAMP) {
    const auto& zone_a = static_cast<const arrow::TimestampType&>(*a).timezone();
    const auto& zone_b = static_cast<const arrow::TimestampType&>(*b).timezone();
    if (zone_a.empty() == zone_b.empty()) {
      return arrow::timestamp(std::max(unit_of(*a), unit_of(*b)), zone_a == zone_b ? zone_a : "UTC");
    }
  }
  if (same_kind && is_other(*a)) {
    const auto both = arrow::field("", a)->MergeWith(*arrow::field("", b), arrow::Field::MergeOptions::Permissive());
    if (both.ok()) return (*both)->type();
  }
  if (same_kind && a->id() == arrow::Type::DURATION) return arrow::duration(std::max(unit_of(*a), unit_of(*b)));
  throw NoNativeForm("columns of types " + a->ToString() + " and " + b->ToString() +
                     " do not go together; convert one with astype");
}

std::shared_ptr<arrow::Array> cast_like(const std::shared_ptr<arrow::Array>& array,
                                        const std::shared_ptr<arrow::DataType>& type) {
  if (array->type()->Equals(*type)) return array;
  initialize_arrow();
  if (array->type_id() == arrow::Type::DICTIONARY && type->id() == arrow::Type::DICTIONARY)
    return cast_categories(static_cast<const arrow::DictionaryArray&>(*array), type);
  if (array->type_id() == arrow::Type::DICTIONARY) return cast_like(decoded(array), type);
  if (type->id() == arrow::Type::DICTIONARY) {
    return value_or_throw(arrow::compute::DictionaryEncode(cast_like(array, values_of(type))), "encode").make_array();
  }
  arrow::compute::CastOptions options(true);
  options.to_type = type;
  options.allow_float_truncate = true;  // integers beyond 2^53 become the nearest double, as NumPy casts them
  const auto out = value_or_throw(arrow::compute::Cast(arrow::Datum(array), options), "cast").make_array();
  if (out->null_count() == 0 || !arrow::is_floating(type->id()) || array->type_id() == type->id()) return out;
  return array_of(table_of({{"x", chunked(out)}}), "x");
}

std::shared_ptr<arrow::Array> in_categories(const std::shared_ptr<arrow::Array>& values,
                                            const std::shared_ptr<arrow::Array>& like) {
  initialize_arrow();
  const auto& dictionary = static_cast<const arrow::DictionaryArray&>(*like);
  const auto typed = cast_like(values, dictionary.dictionary()->type());
  const arrow::compute::SetLookupOptions options(dictionary.dictionary(), arrow::compute::SetLookupOptions::SKIP);
  const auto codes =
      value_or_throw(arrow::compute::CallFunction("index_in", {typed}, &options), "categories").make_array();
  if (codes->null_count() > typed->null_count()) {
    throw type_error("Cannot setitem on a Categorical with a new category; add it to the categories first");
  }
  const auto& type = static_cast<const arrow::DictionaryType&>(*like->type());
  const auto index = value_or_throw(arrow::compute::Cast(*codes, type.index_type()), "categories");
  return value_or_throw(arrow::DictionaryArray::FromArrays(like->type(), index, dictionary.dictionary()), "categories");
}

std::shared_ptr<arrow::Array> with_sorted_categories(const std::shared_ptr<arrow::Array>& array) {
  initialize_arrow();
  const auto& dictionary = static_cast<const arrow::DictionaryArray&>(*array);
  const auto order = value_or_throw(arrow::compute::SortIndices(*dictionary.dictionary()), "categories");
  const auto categories = value_or_throw(arrow::compute::Take(*dictionary.dictionary(), *order), "categories");
  // Where each category went: the positions that would undo the order.
  const auto places = value_or_throw(arrow::compute::SortIndices(*order), "categories");
  auto codes = value_or_throw(arrow::compute::Take(*places, *dictionary.indices()), "categories");
  const auto& type = static_cast<const arrow::DictionaryType&>(*array->type());
  codes = value_or_throw(arrow::compute::Cast(*codes, type.index_type()), "categories");
  return value_or_throw(arrow::DictionaryArray::FromArrays(array->type(), codes, categories), "categories");
}

std::shared_ptr<arrow::Scalar> scalar_like(const Literal& literal, const std::shared_ptr<arrow::DataType>& type) {
  initialize_arrow();
  const auto scalar = arrow_scalar_of(literal);
  const auto& to = values_of(type);
  if (scalar->type->Equals(*to)) return scalar;
  const bool is_time = to->id() == arrow::Type::TIMESTAMP || to->id() == arrow::Type::DATE32;
  if (std::holds_alternative<std::string>(literal) && is_time) {
    const auto parsed = arrow::compute::Cast(scalar, arrow::timestamp(arrow::TimeUnit::NANO));
    if (!parsed.ok())
      throw value_error("'" + std::get<std::string>(literal) +
                        "' is no date or time; expected one such as 2013-01-31 12:00");
    return value_or_throw(arrow::compute::Cast(*parsed, arrow::compute::CastOptions::Unsafe(to)), "literal").scalar();
  }
  const auto unified = unified_type(scalar->type, to);
  return unified->Equals(*scalar->type) ? scalar
                                        : value_or_throw(arrow::compute::Cast(scalar, unified), "literal").scalar();
}

}  // namespace plait
