#include "kernels/table/group_top.h"

#include <algorithm>
#include <span>

#include "base/kernel.h"
#include "kernels/table/index_levels.h"
#include "kernels/table/join_keys.h"
#include "kernels/table/key_table.h"
#include "kernels/table/order_keys.h"
#include "kernels/table/take.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

constexpr std::uint32_t kGroupsBetweenChecks = 64 * 1024;

// The rows by the group that they belong to; those of group 0 belong to none.
JoinBuckets rows_by_group(const Table& table, const GroupTopParams& params) {
  std::vector<std::shared_ptr<arrow::Array>> keys;
  std::vector<std::shared_ptr<arrow::DataType>> types;
  for (const std::string& key : params.keys) {
    keys.push_back(array_of(table, key));
    types.push_back(keys.back()->type());
  }
  KeyTable groups(types, !params.dropna);
  PooledVector<std::uint32_t> ids(static_cast<std::size_t>(table.num_rows()));
  groups.add(keys, table.num_rows(), ids.data());
  return bucket_rows(ids, groups.num_groups());
}

// The chosen rows, group by group, each in the order of its values.
PooledVector<std::uint32_t> chosen_rows(const Table& table, const GroupTopParams& params) {
  const OrderKeys order = order_keys(array_of(table, params.column));
  const auto comes_first = [&](std::uint32_t a, std::uint32_t b) {
    const bool is_a_missing = order.is_missing(a), is_b_missing = order.is_missing(b);
    if (is_a_missing != is_b_missing) return is_b_missing;
    if (is_a_missing || order.keys[a] == order.keys[b]) return a < b;
    return params.largest ? order.keys[a] > order.keys[b] : order.keys[a] < order.keys[b];
  };
  JoinBuckets groups = rows_by_group(table, params);
  const auto limit = static_cast<std::size_t>(std::max<std::int64_t>(params.n, 0));
  PooledVector<std::uint32_t> chosen;
  for (std::size_t id = 1; id + 1 < groups.starts.size(); ++id) {
    if (id % kGroupsBetweenChecks == 0) check_cancelled();
    std::span rows(groups.rows.begin() + groups.starts[id], groups.rows.begin() + groups.starts[id + 1]);
    const std::size_t count = std::min(limit, rows.size());
    std::partial_sort(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(count), rows.end(), comes_first);
    chosen.insert(chosen.end(), rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return chosen;
}

std::shared_ptr<arrow::Array> as_positions(const PooledVector<std::uint32_t>& rows) {
  PooledVector<std::int64_t> positions(rows.begin(), rows.end());
  return array_of_integers(positions, -1, arrow::int64());
}

}  // namespace

Table group_top_rows(const Table& table, const GroupTopParams& params) {
  const Table rows = with_written_index(table);
  PooledVector<std::uint32_t> chosen = chosen_rows(rows, params);
  std::sort(chosen.begin(), chosen.end());
  return take(rows, as_positions(chosen));
}

Table group_top(const Table& table, const GroupTopParams& params) {
  const Table rows = with_written_index(table);
  const Table chosen = take(rows, as_positions(chosen_rows(rows, params)));
  std::vector<NamedColumn> columns = {named_column_of(chosen, params.column)};
  IndexSpec index;
  for (std::size_t k = 0; k < params.keys.size(); ++k) {
    NamedColumn level = named_column_of(chosen, params.keys[k]);
    level.name = params.levels[k];
    append_level(std::move(level), index, columns);
  }
  append_levels_of(chosen, index, columns);
  return table_of(columns, index, TableForm::series, chosen.num_rows());
}

}  // namespace plait
