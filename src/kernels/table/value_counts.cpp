// Counts of values, and what is made of them.
#include <algorithm>
#include <numeric>

#include "kernels/table/arrow_table.h"
#include "kernels/table/column_output.h"
#include "kernels/table/distinct.h"
#include "kernels/table/groupby.h"
#include "kernels/table/key_parts.h"
#include "kernels/table/rows.h"
#include "kernels/table/sort.h"
#include "kernels/table/take.h"

namespace plait {
namespace {

const GroupBySpec& counting() {
  static const auto* spec = new GroupBySpec{.keys = {"value"},
                                            .aggregates = {{"", Aggregation::size, "count"}},
                                            .sort = false,
                                            .dropna = false,
                                            .as_index = false};
  return *spec;
}

}  // namespace

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

Table value_counts_finalize(const Table& combined, const ValueCountsParams& params,
                            const std::optional<double>& total) {
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
    const double all = total.value_or(std::accumulate(rows.begin(), rows.end(), 0.0));
    NdArray shares = NdArray::empty(DType::float64, {static_cast<std::int64_t>(rows.size())});
    for (std::size_t i = 0; i < rows.size(); ++i) shares.mutable_data<double>()[i] = rows[i] / all;
    numbers = {"proportion", chunked(arrow_array_of(shares))};
  }
  const std::string label = values.name;
  return table_of({numbers, values}, {.columns = {label}}, TableForm::series, counts.num_rows());
}

Table order_counts(const Table& combined, const OrderCountsParams& params) {
  const Table counts = params.counts.dropna ? dropna(combined, {.subset = {"value"}}) : combined;
  // Bits for the count, the partition and the row: what does not fit shares a value.
  constexpr int kCountBits = 20, kPartitionBits = 20, kRowBits = 23;
  constexpr std::int64_t kMostCount = (std::int64_t{1} << kCountBits) - 1;
  constexpr std::int64_t kMostPartition = (std::int64_t{1} << kPartitionBits) - 1;
  const auto numbers = array_of(counts, "count"), positions = array_of(counts, kPosition);
  ColumnOutput<std::int64_t> order(counts.num_rows());
  for (std::int64_t i = 0; i < counts.num_rows(); ++i) {
    const std::int64_t position = positions->data()->GetValues<std::int64_t>(1)[i];
    const std::int64_t count = std::min(numbers->data()->GetValues<std::int64_t>(1)[i], kMostCount);
    const std::int64_t by_count = !params.counts.sort ? 0 : params.counts.ascending ? count : kMostCount - count;
    const std::int64_t by_partition = std::min(partition_of(position), kMostPartition);
    order.set(i,
              by_count << (kPartitionBits + kRowBits) | by_partition << kRowBits | row_of(position) >> (32 - kRowBits));
  }
  std::vector<NamedColumn> columns = named_columns_of(counts);
  columns.push_back({std::string(kCountOrder), chunked(order.finish(arrow::int64()))});
  return table_of(columns, counts.index(), counts.form(), counts.num_rows());
}

Table most_frequent(const Table& combined, const ModeParams& params) {
  const Table counts = params.dropna ? dropna(combined, {.subset = {"value"}}) : combined;
  const std::vector<double> numbers = counts.column("count").to_vector<double>();
  double most = 0;
  for (const double number : numbers) most = std::max(most, number);
  PooledVector<std::int64_t> rows;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] == most) rows.push_back(static_cast<std::int64_t>(i));
  }
  return take(counts, NdArray::from<std::int64_t>({static_cast<std::int64_t>(rows.size())},
                                                  std::span<const std::int64_t>(rows)));
}

Table mode_finalize(const Table& combined, const ModeParams& params) {
  const Table counts = most_frequent(combined, params);
  // A missing time comes before all others, as in pandas.
  const TypeKind kind = counts.type("value").kind;
  const bool is_time = kind == TypeKind::datetime || kind == TypeKind::timedelta;
  const Table modes = sort(counts, {.by = {"value"}, .ascending = {}, .na_first = is_time});
  NamedColumn values = named_column_of(modes, "value");
  values.name = params.name;
  return table_of({values}, {}, TableForm::series, modes.num_rows());
}

}  // namespace plait
