#include "kernels/table/reduced_table.h"

#include <algorithm>

#include "kernels/table/type_rules.h"

namespace plait {
namespace {

Table scalar_of(const Reduced& reduced) {
  return table_of({{reduced.name, chunked(reduced.value), reduced.family}}, {}, TableForm::scalar);
}

// Columns of several families: one that can hold missing values leads.
TypeFamily joint_family(const std::vector<Reduced>& reduced) {
  for (TypeFamily family : {TypeFamily::arrow, TypeFamily::nullable}) {
    if (std::any_of(reduced.begin(), reduced.end(), [&](const Reduced& r) { return r.family == family; }))
      return family;
  }
  return TypeFamily::numpy;
}

Table series_of(const std::vector<Reduced>& reduced) {
  std::shared_ptr<arrow::DataType> type = reduced.empty() ? arrow::float64() : nullptr;
  std::vector<Literal> labels;
  for (const Reduced& column : reduced) {
    labels.emplace_back(column.name);
    type = type ? unified_type(type, column.value->type()) : column.value->type();
  }
  arrow::ArrayVector values;
  for (const Reduced& column : reduced) values.push_back(cast_like(column.value, type));
  const auto joined =
      values.empty() ? array_from_literals({}, type) : value_or_throw(arrow::Concatenate(values), "reduce");
  return table_of({{std::string(kUnnamed), chunked(joined), joint_family(reduced)},
                   {"__index_level_0__", chunked(array_from_literals(labels, arrow::utf8()))}},
                  {.columns = {"__index_level_0__"}}, TableForm::series);
}

}  // namespace

Table reduced_table(const std::vector<Reduced>& reduced, TableForm of) {
  if (of == TableForm::frame) return series_of(reduced);
  if (reduced.empty()) throw type_error("the series is not numeric; numeric_only leaves nothing to reduce");
  return scalar_of(reduced.front());
}

}  // namespace plait
