#include "collections/dataframe/categories.h"

#include <arrow/compute/api.h>
#include <fmt/format.h>

#include "collections/dataframe/partition_ops.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/categories.h"
#include "kernels/table/elementwise_apply.h"
#include "kernels/table/label_kernels.h"
#include "kernels/table/type_rules.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

using ArrayPtr = std::shared_ptr<arrow::Array>;

// What the schema of a series says of its categories.
struct Known {
  ArrayPtr values;
  bool ordered = false;
};

Known known(const ExprPtr& series) {
  const Table& table = frame_meta(series).empty();
  const std::string name = table.names().front();
  if (table.type(name).kind != TypeKind::category) throw NoNativeForm("a series that is no category");
  const ArrayPtr array = array_of(table, name);
  const ArrayPtr values = static_cast<const arrow::DictionaryArray&>(*array).dictionary();
  if (values->length() == 0) throw NoNativeForm("categories that are not known");
  return {values, static_cast<const arrow::DictionaryType&>(*array->type()).ordered()};
}

// The values of a table of one column, as they can be compared with other categories.
ArrayPtr values_of(const Table& table) {
  const std::string name = table.names().front();
  if (table.type(name).kind == TypeKind::category || table.type(name).family != TypeFamily::numpy)
    throw NoNativeForm("categories of type " + plait::name(table.type(name)));
  return decoded(array_of(table, name));
}

bool are_comparable(const ArrayPtr& a, const ArrayPtr& b) {
  if (is_text(*a->type()) || is_text(*b->type())) return is_text(*a->type()) && is_text(*b->type());
  return a->type()->Equals(*b->type()) || (arrow::is_numeric(a->type_id()) && arrow::is_numeric(b->type_id()));
}

// Whether each of `values` is among `categories`.
arrow::Datum are_among(const ArrayPtr& values, const ArrayPtr& categories) {
  if (!are_comparable(values, categories))
    return value_or_throw(arrow::MakeArrayFromScalar(arrow::BooleanScalar(false), values->length()), "categories");
  const auto type = unified_type(values->type(), categories->type());
  const arrow::compute::SetLookupOptions options(cast_like(categories, type));
  return call("is_in", {cast_like(values, type)}, &options);
}

ArrayPtr chosen(const ArrayPtr& values, const arrow::Datum& keep) {
  return call("array_filter", {values, keep}).make_array();
}

arrow::Datum inverted(const arrow::Datum& truth) { return call("invert", {truth}); }

// {'low', 'mid'}
std::string text_of(const ArrayPtr& values) {
  std::string text;
  for (std::int64_t i = 0; i < values->length(); ++i) {
    const Literal value = literal_of(*value_or_throw(values->GetScalar(i), "categories"));
    const bool is_string = std::holds_alternative<std::string>(value);
    text += (i > 0 ? ", " : "") + (is_string ? "'" + std::get<std::string>(value) + "'" : to_string(value));
  }
  return "{" + text + "}";
}

void require_categories(const ArrayPtr& values) {
  if (values->length() == 0) throw NoNativeForm("no categories at all");
  if (values->null_count() > 0) throw value_error("Categorical categories cannot be null");
  if (call("unique", {values}).length() != values->length())
    throw value_error("Categorical categories must be unique; found " + text_of(values));
}

ExprPtr recoded(ExprPtr series, const Known& to, bool rename, const std::string& method) {
  require_categories(to.values);
  const Table from = frame_meta(series).empty();
  return elementwise_call({std::move(series)},
                          table_kernel::recode({from, category_schema(to.values, to.ordered), rename}),
                          "cat." + method);
}

ArrayPtr joined(const ArrayPtr& a, const ArrayPtr& b) {
  if (!are_comparable(a, b))
    throw NoNativeForm("categories of type " + a->type()->ToString() + " beside others of type " +
                       b->type()->ToString());
  const auto type = unified_type(a->type(), b->type());
  return value_or_throw(arrow::Concatenate({cast_like(a, type), cast_like(b, type)}), "categories");
}

}  // namespace

Table known_categories(const ExprPtr& series) { return table_of({{"categories", chunked(known(series).values)}}); }

ExprPtr set_categories_expr(ExprPtr series, const Table& categories, std::optional<bool> ordered, bool rename) {
  const Known old = known(series);
  return recoded(std::move(series), {values_of(categories), ordered.value_or(old.ordered)}, rename, "set_categories");
}

ExprPtr add_categories_expr(ExprPtr series, const Table& more) {
  const Known old = known(series);
  const ArrayPtr values = values_of(more);
  const ArrayPtr twice = chosen(values, are_among(values, old.values));
  if (twice->length() > 0) throw value_error("new categories must not include old categories: " + text_of(twice));
  return recoded(std::move(series), {joined(old.values, values), old.ordered}, false, "add_categories");
}

// What remains of categories without an order is sorted, as in pandas.
ExprPtr remove_categories_expr(ExprPtr series, const Table& removals) {
  const Known old = known(series);
  const ArrayPtr values = values_of(removals);
  const ArrayPtr strange = chosen(values, inverted(are_among(values, old.values)));
  if (strange->length() > 0) throw value_error("removals must all be in old categories: " + text_of(strange));
  ArrayPtr kept = chosen(old.values, inverted(are_among(old.values, values)));
  if (!old.ordered) kept = call("array_take", {kept, call("array_sort_indices", {kept})}).make_array();
  return recoded(std::move(series), {kept, old.ordered}, false, "remove_categories");
}

ExprPtr reorder_categories_expr(ExprPtr series, const Table& categories, std::optional<bool> ordered) {
  const Known old = known(series);
  const ArrayPtr values = values_of(categories);
  if (values->length() != old.values->length() ||
      chosen(old.values, are_among(old.values, values))->length() != old.values->length()) {
    throw value_error("items in new_categories are not the same as in old categories: found " + text_of(values) +
                      ", expected those of " + text_of(old.values));
  }
  return recoded(std::move(series), {values, ordered.value_or(old.ordered)}, false, "reorder_categories");
}

ExprPtr rename_categories_expr(ExprPtr series, const Table& names) {
  const Known old = known(series);
  const ArrayPtr values = values_of(names);
  if (values->length() != old.values->length()) {
    throw value_error(fmt::format(
        "new categories need to have the same number of items as the old categories!; found {}, expected {}",
        values->length(), old.values->length()));
  }
  return recoded(std::move(series), {values, old.ordered}, true, "rename_categories");
}

ExprPtr set_ordered_expr(ExprPtr series, bool ordered) {
  const Known old = known(series);
  return recoded(std::move(series), {old.values, ordered}, false, ordered ? "as_ordered" : "as_unordered");
}

ExprPtr category_codes_expr(ExprPtr series) {
  known(series);
  const Table like = frame_meta(series).empty();
  return elementwise_call({std::move(series)}, table_kernel::category_codes({like}), "cat.codes");
}

}  // namespace plait
