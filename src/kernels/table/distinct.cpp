#include "kernels/table/distinct.h"

#include <arrow/compute/api.h>

#include <algorithm>

#include "kernels/table/arrow_table.h"
#include "kernels/table/groupby.h"
#include "kernels/table/key_table.h"
#include "kernels/table/rows.h"
#include "kernels/table/sort.h"
#include "kernels/table/take.h"

namespace plait {
namespace {

struct RowIds {
  PooledVector<std::uint32_t> ids;
  std::uint32_t num_groups = 0;
};

// Missing values are equal to each other.
RowIds ids_of(const Table& table, const std::vector<std::string>& names) {
  std::vector<std::shared_ptr<arrow::Array>> columns;
  std::vector<std::shared_ptr<arrow::DataType>> types;
  for (const std::string& name : names) {
    columns.push_back(array_of(table, name));
    types.push_back(columns.back()->type());
  }
  KeyTable keys(types, true);
  RowIds out{PooledVector<std::uint32_t>(table.num_rows())};
  keys.add(columns, table.num_rows(), out.ids.data());
  out.num_groups = keys.num_groups();
  return out;
}

PooledVector<std::int64_t> kept_rows(const RowIds& rows, Keep keep) {
  PooledVector<std::int64_t> chosen(rows.num_groups + 1, -1);
  PooledVector<std::int64_t> count(rows.num_groups + 1, 0);
  for (std::size_t i = 0; i < rows.ids.size(); ++i) {
    const std::uint32_t id = rows.ids[i];
    if (count[id]++ == 0 || keep == Keep::last) chosen[id] = static_cast<std::int64_t>(i);
  }
  PooledVector<std::int64_t> kept;
  for (std::uint32_t id = 1; id <= rows.num_groups; ++id) {
    if (keep != Keep::none || count[id] == 1) kept.push_back(chosen[id]);
  }
  std::sort(kept.begin(), kept.end());
  return kept;
}

NdArray positions_of(const PooledVector<std::int64_t>& rows) {
  return NdArray::from<std::int64_t>({static_cast<std::int64_t>(rows.size())}, std::span<const std::int64_t>(rows));
}

const GroupBySpec& counting() {
  static const auto* spec = new GroupBySpec{.keys = {"value"},
                                            .aggregates = {{"", Aggregation::size, "count"}},
                                            .sort = false,
                                            .dropna = false,
                                            .as_index = false};
  return *spec;
}

}  // namespace

Table unique(const Table& series) {
  const std::string name = series.names().at(0);
  const Table plain =
      series.reset_index(true).with_form(series.form() == TableForm::index ? TableForm::index : TableForm::series);
  return take(plain, positions_of(kept_rows(ids_of(plain, {name}), Keep::first))).reset_index(true);
}

Table drop_duplicates(const Table& table, const DropDuplicatesParams& params) {
  const std::vector<std::string> names = params.subset.empty() ? table.names() : params.subset;
  if (names.empty()) return table;
  const Table from = params.ignore_index ? table.reset_index(true) : table;
  const Table out = take(from, positions_of(kept_rows(ids_of(from, names), params.keep)));
  return params.ignore_index ? out.reset_index(true) : out;
}

Table value_counts_partial(const Table& series) {
  NamedColumn values = named_column_of(series, series.names().at(0));
  values.name = "value";
  return groupby(table_of({values}), counting());
}

Table value_counts_combine(const std::vector<Table>& partials) {
  const Table all = concat(partials, {.ignore_index = true});
  GroupBySpec spec = counting();
  spec.aggregates = {{"count", Aggregation::sum, "count"}};
  return groupby(all, spec);
}

Table value_counts_finalize(const Table& combined, const ValueCountsParams& params) {
  Table counts = combined;
  if (params.dropna) counts = dropna(counts, {.subset = {"value"}});
  if (params.sort) counts = sort(counts, {.by = {"count"}, .ascending = {params.ascending}});
  NamedColumn values = named_column_of(counts, "value");
  NamedColumn numbers = named_column_of(counts, "count");
  values.name = params.index_name.empty()      ? "__index_level_0__"
                : params.index_name == "count" ? std::string(kIndexPrefix) + "count"
                                               : params.index_name;
  if (params.normalize) {
    const std::vector<double> rows = counts.column("count").to_vector<double>();
    double total = 0;
    for (double count : rows) total += count;
    NdArray shares = NdArray::empty(DType::float64, {static_cast<std::int64_t>(rows.size())});
    for (std::size_t i = 0; i < rows.size(); ++i) shares.mutable_data<double>()[i] = rows[i] / total;
    numbers = {"proportion", chunked(arrow_array_of(shares))};
  }
  const std::string label = values.name;
  return table_of({numbers, values}, {.columns = {label}}, TableForm::series, counts.num_rows());
}

Table mode_finalize(const Table& combined, const ModeParams& params) {
  const Table counts = params.dropna ? dropna(combined, {.subset = {"value"}}) : combined;
  const std::vector<double> numbers = counts.column("count").to_vector<double>();
  double most = 0;
  for (const double number : numbers) most = std::max(most, number);
  PooledVector<std::int64_t> rows;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] == most) rows.push_back(static_cast<std::int64_t>(i));
  }
  // A missing time comes before all others, as in pandas.
  const TypeKind kind = counts.type("value").kind;
  const bool is_time = kind == TypeKind::datetime || kind == TypeKind::timedelta;
  const Table modes = sort(take(counts, positions_of(rows)), {.by = {"value"}, .ascending = {}, .na_first = is_time});
  NamedColumn values = named_column_of(modes, "value");
  values.name = params.name;
  return table_of({values}, {}, TableForm::series, modes.num_rows());
}

}  // namespace plait
