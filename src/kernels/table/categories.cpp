#include "kernels/table/categories.h"

#include <arrow/compute/api.h>

#include <algorithm>
#include <vector>

#include "kernels/table/column_output.h"
#include "kernels/table/columns.h"
#include "kernels/table/elementwise_apply.h"
#include "kernels/table/type_rules.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

using ArrayPtr = std::shared_ptr<arrow::Array>;

const arrow::DictionaryArray& dictionary_of(const ArrayPtr& array) {
  if (array->type_id() != arrow::Type::DICTIONARY)
    throw type_error("Can only use .cat accessor with a 'category' dtype; found " + array->type()->ToString());
  return static_cast<const arrow::DictionaryArray&>(*array);
}

ArrayPtr first_column(const Table& table) { return array_of(table, table.names().front()); }

// Of each category of `old` its position in `categories`, or -1.
std::vector<std::int64_t> places_in(const ArrayPtr& old, const ArrayPtr& categories) {
  initialize_arrow();
  std::vector<std::int64_t> places(static_cast<std::size_t>(old->length()), -1);
  const bool are_text = is_text(*old->type()) && is_text(*categories->type());
  const bool are_numbers = arrow::is_numeric(old->type_id()) && arrow::is_numeric(categories->type_id());
  // Values of another kind are none of the categories.
  const bool compare = are_text || are_numbers || old->type()->Equals(*categories->type());
  if (!compare || old->length() == 0 || categories->length() == 0) return places;
  const arrow::compute::SetLookupOptions options(categories, arrow::compute::SetLookupOptions::SKIP);
  const auto found = value_or_throw(
      arrow::compute::CallFunction("index_in", {cast_like(old, categories->type())}, &options), "categories");
  const auto codes = found.make_array();
  for (std::int64_t i = 0; i < codes->length(); ++i) {
    if (!codes->IsNull(i)) places[static_cast<std::size_t>(i)] = static_cast<const arrow::Int32Array&>(*codes).Value(i);
  }
  return places;
}

// Each row's place by its code, as integers of a type; null (or -1, if `missing_is_minus_one`) for none that is below
// `end`.
ArrayPtr mapped_codes(const arrow::DictionaryArray& array, const std::vector<std::int64_t>& places, std::int64_t end,
                      const std::shared_ptr<arrow::DataType>& type, bool missing_is_minus_one) {
  const ArrayPtr& codes = array.indices();
  ColumnOutput<std::int64_t> out(codes->length());
  visit_integers(*codes, [&](const auto* values) {
    for (std::int64_t i = 0; i < codes->length(); ++i) {
      const std::int64_t place = codes->IsNull(i) ? -1 : places[static_cast<std::size_t>(values[i])];
      if ((place >= 0 && place < end) || missing_is_minus_one)
        out.set(i, place);
      else
        out.set_null(i);
    }
  });
  return cast_datum(out.finish(arrow::int64()), type).make_array();
}

// As wide as pandas makes them.
std::shared_ptr<arrow::DataType> codes_type(std::int64_t num_categories) {
  if (num_categories < 127) return arrow::int8();
  return num_categories < 32'767 ? arrow::int16() : arrow::int32();
}

}  // namespace

Table recode(const Table& series, const RecodeParams& params) {
  return apply_columns(series, [&](const NamedColumn& column) {
    const ArrayPtr array = array_of(column.values);
    const arrow::DictionaryArray& values = dictionary_of(array);
    const ArrayPtr like = first_column(params.to);
    const arrow::DictionaryArray& to = dictionary_of(like);
    const ArrayPtr matched = params.rename ? dictionary_of(first_column(params.from)).dictionary() : to.dictionary();
    const auto& type = static_cast<const arrow::DictionaryType&>(*like->type());
    const auto places = places_in(values.dictionary(), matched);
    const ArrayPtr codes = mapped_codes(values, places, to.dictionary()->length(), type.index_type(), false);
    return NamedColumn{
        column.name,
        chunked(value_or_throw(arrow::DictionaryArray::FromArrays(like->type(), codes, to.dictionary()), "categories")),
        column.family};
  });
}

Table category_codes(const Table& series, const CategoryCodesParams& params) {
  const Table codes = apply_columns(series, [&](const NamedColumn& column) {
    const ArrayPtr array = array_of(column.values);
    const arrow::DictionaryArray& values = dictionary_of(array);
    const ArrayPtr categories = dictionary_of(first_column(params.like)).dictionary();
    const auto places = places_in(values.dictionary(), categories);
    return NamedColumn{column.name, chunked(mapped_codes(values, places, categories->length(),
                                                         codes_type(categories->length()), true))};
  });
  return rename(codes, {{{series.names().front(), std::string(kUnnamed)}}});  // as in pandas
}

Table category_schema(const std::shared_ptr<arrow::Array>& categories, bool ordered) {
  const auto codes = value_or_throw(arrow::MakeArrayOfNull(codes_type(categories->length()), 1), "categories");
  const auto type = arrow::dictionary(codes->type(), categories->type(), ordered);
  const auto row = value_or_throw(arrow::DictionaryArray::FromArrays(type, codes, categories), "categories");
  return table_of({{std::string(kUnnamed), chunked(row)}}, {}, TableForm::series).slice(0, 0);
}

bool have_other_categories(const Table& a, std::string_view column, const Table& b, std::string_view other) {
  const ArrayPtr of_a = array_of(a, column);
  const ArrayPtr of_b = array_of(b, other);
  const ArrayPtr& ours = dictionary_of(of_a).dictionary();
  const ArrayPtr& theirs = dictionary_of(of_b).dictionary();
  if (ours->length() == 0 || theirs->length() == 0) return false;
  const std::vector<std::int64_t> places = places_in(ours, theirs);
  return ours->length() != theirs->length() || std::ranges::count(places, -1) > 0;
}

}  // namespace plait
