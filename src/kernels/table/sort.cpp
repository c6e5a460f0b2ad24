#include "kernels/table/sort.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "kernels/table/arrow_table.h"
#include "kernels/table/order_keys.h"
#include "kernels/table/radix_sort.h"
#include "kernels/table/rows.h"

namespace plait {
namespace {

struct SortKey {
  OrderKeys keys;
  bool ascending = true;
};

std::shared_ptr<arrow::Array> sortable(const Table& table, const std::string& name) {
  const NamedColumn column = named_column_of(table, name);
  return column.encoded_text ? decoded(array_of(column.values)) : array_of(column.values);
}

std::vector<SortKey> sort_keys(const Table& table, const std::vector<std::string>& by,
                               const std::vector<bool>& ascending) {
  if (ascending.size() > 1 && ascending.size() != by.size()) {
    throw value_error("sort: " + std::to_string(ascending.size()) + " directions for " + std::to_string(by.size()) +
                      " keys");
  }
  std::vector<SortKey> keys;
  for (std::size_t k = 0; k < by.size(); ++k) {
    const bool up = ascending.empty() || (ascending.size() == 1 ? ascending[0] : ascending[k]);
    keys.push_back({order_keys(sortable(table, by[k])), up});
  }
  return keys;
}

// Orders `rows` by one key and keeps the order of equal rows; missing ones go to one end.
void sort_by(PooledVector<std::uint32_t>& rows, const SortKey& key, bool na_first) {
  PooledVector<KeyedRow> present;
  PooledVector<std::uint32_t> missing;
  present.reserve(rows.size());
  for (std::uint32_t row : rows) {
    if (key.keys.is_missing(row))
      missing.push_back(row);
    else
      present.push_back({key.ascending ? key.keys.keys[row] : ~key.keys.keys[row], row});
  }
  radix_sort(present);
  auto to = rows.begin();
  if (na_first) to = std::copy(missing.begin(), missing.end(), to);
  for (const KeyedRow& row : present) *to++ = row.row;
  if (!na_first) std::copy(missing.begin(), missing.end(), to);
}

PooledVector<std::uint32_t> all_rows(const Table& table) {
  if (table.num_rows() > std::numeric_limits<std::uint32_t>::max()) {
    throw value_error("sort: a partition of " + std::to_string(table.num_rows()) +
                      " rows is too large; repartition first");
  }
  PooledVector<std::uint32_t> rows(table.num_rows());
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

NdArray positions_of(const PooledVector<std::uint32_t>& rows) {
  NdArray out = NdArray::empty(DType::int64, {static_cast<std::int64_t>(rows.size())});
  std::copy(rows.begin(), rows.end(), out.mutable_data<std::int64_t>());
  return out;
}

// The first n rows by one key: a heap instead of a whole sort.
PooledVector<std::uint32_t> top_by(const Table& table, const SortKey& key, std::int64_t n) {
  PooledVector<KeyedRow> best;
  const auto worse = [](const KeyedRow& a, const KeyedRow& b) {
    return a.key != b.key ? a.key < b.key : a.row < b.row;
  };
  const auto limit = static_cast<std::size_t>(std::max<std::int64_t>(n, 0));
  for (std::uint32_t row = 0; row < table.num_rows() && limit > 0; ++row) {
    if (key.keys.is_missing(row)) continue;
    const KeyedRow candidate{key.ascending ? key.keys.keys[row] : ~key.keys.keys[row], row};
    if (best.size() == limit) {
      if (!worse(candidate, best.front())) continue;
      std::pop_heap(best.begin(), best.end(), worse);
      best.pop_back();
    }
    best.push_back(candidate);
    std::push_heap(best.begin(), best.end(), worse);
  }
  std::sort_heap(best.begin(), best.end(), worse);
  PooledVector<std::uint32_t> rows;
  for (const KeyedRow& row : best) rows.push_back(row.row);
  for (std::uint32_t row = 0; row < table.num_rows() && rows.size() < limit; ++row) {
    if (key.keys.is_missing(row)) rows.push_back(row);
  }
  return rows;
}

}  // namespace

NdArray sort_positions(const Table& table, const SortParams& params) {
  PooledVector<std::uint32_t> rows = all_rows(table);
  const std::vector<SortKey> keys = sort_keys(table, params.by, params.ascending);
  // The last key first: each stable pass keeps the order of those after it.
  for (auto key = keys.rbegin(); key != keys.rend(); ++key) sort_by(rows, *key, params.na_first);
  return positions_of(rows);
}

Table sort(const Table& table, const SortParams& params) { return sorted_head(table, {params, table.num_rows()}); }

Table sorted_head(const Table& table, const SortedHeadParams& params) {
  SortParams by = params.order;
  const std::int64_t count = std::clamp<std::int64_t>(params.n, 0, table.num_rows());
  if (by.by.empty()) by.by = table.index().columns;
  if (by.by.empty()) {
    // By the range itself: it is sorted already, or backwards.
    if ((by.ascending.empty() || by.ascending[0]) == (table.index().step > 0)) return table.slice(0, count);
    NdArray backwards = NdArray::empty(DType::int64, {count});
    for (std::int64_t i = 0; i < count; ++i) backwards.mutable_data<std::int64_t>()[i] = table.num_rows() - 1 - i;
    return take(table, backwards);
  }
  const NdArray positions = sort_positions(table, by).sliced(0, 0, count);
  return by.ignore_index ? take(table.reset_index(true), positions).reset_index(true) : take(table, positions);
}

Table top(const Table& table, const TopParams& params) {
  const std::vector<std::string> by = params.by.empty() ? table.names() : params.by;
  const std::vector<SortKey> keys = sort_keys(table, by, {!params.largest});
  if (keys.size() == 1) return take(table, positions_of(top_by(table, keys.front(), params.n)));
  return take(table, sort_positions(table, {.by = by, .ascending = {!params.largest}})
                         .sliced(0, 0, std::clamp<std::int64_t>(params.n, 0, table.num_rows())));
}

}  // namespace plait
