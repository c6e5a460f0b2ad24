#include <algorithm>

#include "kernels/table/arrow_table.h"
#include "kernels/table/column_output.h"
#include "kernels/table/elementwise_apply.h"
#include "kernels/table/order_keys.h"
#include "kernels/table/reduced_table.h"
#include "kernels/table/rows.h"
#include "kernels/table/statistics.h"

namespace plait {
namespace {

// A partial has a row, or none of a table without rows. Of column c: its extreme value, its label, and whether a value
// was missing.
std::string value_name(std::size_t c) { return "value_" + std::to_string(c); }
std::string label_name(std::size_t c) { return "label_" + std::to_string(c); }
std::string missing_name(std::size_t c) { return "missing_" + std::to_string(c); }

void require_ordered(const std::string& name, const ColumnType& type, const StatisticParams& params) {
  const bool native = (is_numeric(type.kind) || type.kind == TypeKind::bool_ || type.kind == TypeKind::datetime ||
                       type.kind == TypeKind::timedelta) &&
                      type.family != TypeFamily::object;
  if (!native) throw NoNativeForm(params.name + " of column '" + name + "', which has type " + plait::name(type));
}

struct Found {
  std::int64_t row = -1;
  bool any_missing = false;
};

Found find_extreme(const std::shared_ptr<arrow::Array>& array, bool largest) {
  const OrderKeys keys = order_keys(array);
  Found found;
  std::uint64_t best = 0;
  for (std::size_t i = 0; i < keys.keys.size(); ++i) {
    if (keys.is_missing(i)) {
      found.any_missing = true;
      continue;
    }
    const std::uint64_t key = keys.keys[i];
    if (found.row >= 0 && (largest ? key <= best : key >= best)) continue;
    best = key;
    found.row = static_cast<std::int64_t>(i);
  }
  return found;
}

// Row `row` of a column, or a missing value.
NamedColumn one_row(std::string name, const NamedColumn& column, std::int64_t row) {
  ColumnOutput<std::int64_t> at(1);
  if (row < 0)
    at.set_null(0);
  else
    at.set(0, row);
  initialize_arrow();
  const auto taken = value_or_throw(arrow::compute::Take(array_of(column.values), at.finish(arrow::int64()),
                                                         arrow::compute::TakeOptions::NoBoundsCheck()),
                                    "idxmin");
  return {std::move(name), chunked(taken.make_array()), TypeFamily::arrow, column.encoded_text};
}

NamedColumn flag(std::string name, bool value, std::int64_t rows) {
  auto array = value_or_throw(arrow::MakeArrayFromScalar(arrow::BooleanScalar(value), rows), "idxmin");
  return {std::move(name), chunked(std::move(array)), TypeFamily::arrow};
}

bool wants_largest(const StatisticParams& params) { return params.name == kIdxmax.name; }

// pandas' errors where there is no label.
void check_extreme(const Table& partial, std::size_t c, const StatisticParams& params) {
  if (partial.num_rows() == 0)
    throw value_error(std::string("attempt to get ") + (wants_largest(params) ? "argmax" : "argmin") +
                      " of an empty sequence");
  const auto flags = array_of(partial, missing_name(c));
  if (!params.skipna && static_cast<const arrow::BooleanArray&>(*flags).Value(0))
    throw value_error("Encountered an NA value with skipna=False");
  if (find_extreme(array_of(partial, value_name(c)), false).row < 0) throw value_error("Encountered all NA values");
}

// One value of the type; integers of family numpy cannot be missing.
std::shared_ptr<arrow::Array> made_up(const std::shared_ptr<arrow::DataType>& type) {
  if (!arrow::is_integer(type->id())) return value_or_throw(arrow::MakeArrayOfNull(type, 1), "idxmin");
  return value_or_throw(arrow::MakeArrayFromScalar(*value_or_throw(arrow::MakeScalar(type, 0), "idxmin"), 1), "idxmin");
}

Table extreme_label_partial(const Table& table, const StatisticParams& params) {
  const Table labels = table.index_values();
  if (labels.names().size() != 1) throw NoNativeForm(params.name + " of rows with several labels each");
  const NamedColumn index = named_column_of(labels, labels.names().front());
  const std::vector<std::string> names = table.names();
  std::vector<NamedColumn> columns;
  for (std::size_t c = 0; c < names.size(); ++c) {
    require_ordered(names[c], table.type(names[c]), params);
    const NamedColumn column = named_column_of(table, names[c]);
    if (table.num_rows() == 0) {
      columns.push_back({value_name(c), column.values, TypeFamily::arrow});
      columns.push_back({label_name(c), index.values, TypeFamily::arrow, index.encoded_text});
      columns.push_back(flag(missing_name(c), false, 0));
      continue;
    }
    const Found found = find_extreme(array_of(column.values), wants_largest(params));
    columns.push_back(one_row(value_name(c), column, found.row));
    columns.push_back(one_row(label_name(c), index, found.row));
    columns.push_back(flag(missing_name(c), found.any_missing, 1));
  }
  return table_of(columns, {}, TableForm::frame, std::min<std::int64_t>(table.num_rows(), 1));
}

Table extreme_label_combine(const std::vector<Table>& partials, const StatisticParams& params) {
  if (partials.size() == 1) return partials.front();
  const Table all = concat(partials, {.ignore_index = true});
  if (all.num_rows() <= 1) return all;
  std::vector<NamedColumn> columns;
  for (std::size_t c = 0; c < all.names().size() / 3; ++c) {
    const NamedColumn values = named_column_of(all, value_name(c));
    const Found found = find_extreme(array_of(values.values), wants_largest(params));
    const auto flags = array_of(all, missing_name(c));
    columns.push_back(one_row(value_name(c), values, found.row));
    columns.push_back(one_row(label_name(c), named_column_of(all, label_name(c)), found.row));
    columns.push_back(flag(missing_name(c), static_cast<const arrow::BooleanArray&>(*flags).true_count() > 0, 1));
  }
  return table_of(columns, {}, TableForm::frame, 1);
}

Table extreme_label_finalize(const std::vector<Table>& partials, const StatisticParams& params) {
  const Table& partial = partials.front();
  const Table labels = params.meta.index_values();
  const TypeFamily family = labels.type(labels.names().front()).family;
  const std::vector<std::string> names = params.meta.names();
  std::vector<Reduced> reduced;
  for (std::size_t c = 0; c < names.size(); ++c) {
    const auto found = decoded(array_of(partial, label_name(c)));
    if (!params.only_schema) check_extreme(partial, c, params);
    reduced.push_back({names[c], params.only_schema ? made_up(found->type()) : found, family});
  }
  return reduced_table(reduced, params.meta.form());
}

}  // namespace

const StatisticSteps kIdxmin{"idxmin", extreme_label_partial, extreme_label_combine, extreme_label_finalize, true};
const StatisticSteps kIdxmax{"idxmax", extreme_label_partial, extreme_label_combine, extreme_label_finalize, true};

}  // namespace plait
