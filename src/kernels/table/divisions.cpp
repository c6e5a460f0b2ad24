// Ranges of a sorted whole: which partition a row belongs to, and where the borders lie.
#include <algorithm>
#include <cmath>

#include "kernels/table/arrow_table.h"
#include "kernels/table/order_keys.h"
#include "kernels/table/rows.h"
#include "kernels/table/sort.h"
#include "kernels/table/table_memory.h"
#include "kernels/table/take.h"
#include "kernels/table/type_rules.h"

namespace plait {
namespace {

NamedColumn key_of(const Table& table, const std::string& by) {
  if (!by.empty()) return named_column_of(table, by);
  const Table labels = table.index_values();
  return named_column_of(labels, labels.names().at(0));
}

std::shared_ptr<arrow::Array> plain_array(const NamedColumn& column) {
  const auto array = array_of(column.values);
  return column.encoded_text ? decoded(array) : array;
}

}  // namespace

std::vector<Table> range_partition(const Table& table, const RangePartitionParams& params) {
  const auto values = plain_array(key_of(table, params.by));
  const auto borders = plain_array(named_column_of(params.divisions, params.divisions.names().at(0)));
  const auto n = std::max<std::int64_t>(borders->length() - 1, 1);
  // Keys compare within one array only: rank values and borders together.
  const auto type = unified_type(values->type(), borders->type());
  const auto both = value_or_throw(
      arrow::Concatenate({decoded(cast_like(values, type)), decoded(cast_like(borders, type))}, table_memory()),
      "range_partition");
  const OrderKeys keys = order_keys(both);
  const auto* border_keys = keys.keys.data() + values->length();
  PooledVector<std::uint32_t> part_of_row(values->length());
  for (std::int64_t i = 0; i < values->length(); ++i) {
    std::int64_t part = std::upper_bound(border_keys, border_keys + borders->length(), keys.keys[i]) - border_keys - 1;
    part = std::clamp<std::int64_t>(part, 0, n - 1);
    if (!params.ascending) part = n - 1 - part;
    if (keys.is_missing(i)) part = params.na_first ? 0 : n - 1;
    part_of_row[i] = static_cast<std::uint32_t>(part);
  }
  return split_rows(table, part_of_row, n);
}

Table sample_quantiles(const Table& table, const SampleQuantilesParams& params) {
  NamedColumn key = key_of(table, params.by);
  key.values = chunked(plain_array(key));
  key.name = "value";
  const Table column = dropna(table_of({key}), {});
  const NdArray order = sort_positions(column, {.by = {"value"}});
  const std::int64_t count = std::min(params.n, order.size());
  NdArray chosen = NdArray::empty(DType::int64, {count});
  NdArray weights = NdArray::empty(DType::float64, {count});
  for (std::int64_t i = 0; i < count; ++i) {
    // Both ends are among them.
    const std::int64_t at = count == 1 ? 0 : i * (order.size() - 1) / (count - 1);
    chosen.mutable_data<std::int64_t>()[i] = order.data<std::int64_t>()[at];
    weights.mutable_data<double>()[i] = static_cast<double>(order.size()) / static_cast<double>(count);
  }
  NamedColumn values = named_column_of(take(column.reset_index(true), chosen), "value");
  return table_of({values, {"weight", chunked(arrow_array_of(weights))}});
}

Table divisions_from_samples(const std::vector<Table>& samples, const DivisionsParams& params) {
  const Table all = sort(concat(samples, {.ignore_index = true}), {.by = {"value"}, .ascending = {true}});
  if (all.num_rows() == 0) return Table::empty({.columns = {{"value", all.type("value")}}});
  const std::vector<double> weights = all.column("weight").to_vector<double>();
  double total = 0;
  for (double weight : weights) total += weight;
  std::vector<std::int64_t> rows = {0};
  double seen = 0;
  std::int64_t next = 1;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    while (next < params.n && seen + weights[i] > total * static_cast<double>(next) / static_cast<double>(params.n)) {
      rows.push_back(static_cast<std::int64_t>(i));
      ++next;
    }
    seen += weights[i];
  }
  rows.push_back(all.num_rows() - 1);
  const Table borders = take(
      all, NdArray::from<std::int64_t>({static_cast<std::int64_t>(rows.size())}, std::span<const std::int64_t>(rows)));
  // Equal borders are one, but the last one stays even so: a single value still has a first and a last division.
  const OrderKeys keys = order_keys(array_of(borders, "value"));
  std::vector<std::int64_t> different = {0};
  for (std::int64_t i = 1; i < borders.num_rows(); ++i) {
    if (keys.keys[i] != keys.keys[different.back()]) different.push_back(i);
  }
  if (different.size() == 1) different.push_back(0);
  const NdArray kept = NdArray::from<std::int64_t>({static_cast<std::int64_t>(different.size())},
                                                   std::span<const std::int64_t>(different));
  const Table out = take(borders, kept);
  return table_of({named_column_of(out, "value")});
}

}  // namespace plait
