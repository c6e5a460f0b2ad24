#include "kernels/table/distinct.h"

#include <arrow/api.h>

#include <algorithm>
#include <numeric>

#include "kernels/table/arrow_table.h"
#include "kernels/table/column_output.h"
#include "kernels/table/key_parts.h"
#include "kernels/table/key_table.h"
#include "kernels/table/rows.h"
#include "kernels/table/table_parts.h"
#include "kernels/table/take.h"

namespace plait {
namespace {

struct RowIds {
  PooledVector<std::uint32_t> ids;
  std::uint32_t num_groups = 0;
};

// Missing values are equal to each other.
RowIds ids_of(const Table& table, const std::vector<std::string>& names) {
  if (names.empty()) {  // nothing that could be equal
    RowIds all{PooledVector<std::uint32_t>(table.num_rows()), static_cast<std::uint32_t>(table.num_rows())};
    std::iota(all.ids.begin(), all.ids.end(), 1);
    return all;
  }
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

// In order. Ids are numbered as they come.
PooledVector<std::int64_t> kept_rows_of(const RowIds& rows, Keep keep) {
  PooledVector<std::int64_t> kept;
  const auto count = static_cast<std::int64_t>(rows.ids.size());
  if (keep == Keep::first) {
    std::uint32_t seen = 0;
    for (std::int64_t i = 0; i < count; ++i) {
      if (rows.ids[i] <= seen) continue;
      kept.push_back(i);
      seen = rows.ids[i];
    }
  } else if (keep == Keep::last) {
    std::vector<bool> seen(rows.num_groups + std::size_t{1});
    for (std::int64_t i = count - 1; i >= 0; --i) {
      if (!seen[rows.ids[i]]) kept.push_back(i);
      seen[rows.ids[i]] = true;
    }
    std::reverse(kept.begin(), kept.end());
  } else {
    PooledVector<std::uint32_t> times(rows.num_groups + std::size_t{1}, 0);
    for (const std::uint32_t id : rows.ids) ++times[id];
    for (std::int64_t i = 0; i < count; ++i) {
      if (times[rows.ids[i]] == 1) kept.push_back(i);
    }
  }
  return kept;
}

Table rows_at(const Table& table, const PooledVector<std::int64_t>& rows) {
  return take(table, NdArray::from<std::int64_t>({static_cast<std::int64_t>(rows.size())},
                                                 std::span<const std::int64_t>(rows)));
}

// Where almost all of many rows are different, looking for equal ones at once finds next to nothing.
bool looks_distinct(const Table& table, const std::vector<std::string>& names) {
  constexpr std::int64_t kSample = 8 * 1024;
  if (table.num_rows() < 4 * kSample) return false;
  return ids_of(table.slice(0, kSample), names).num_groups > kSample / 10 * 9;
}

Table with_flags(const Table& table, const std::vector<std::uint8_t>& flags) {
  ColumnOutput<std::uint8_t> out(table.num_rows());
  std::copy(flags.begin(), flags.end(), out.values());
  std::vector<NamedColumn> columns = named_columns_of(table);
  std::erase_if(columns, [](const NamedColumn& column) { return column.name == kRepeated; });
  columns.push_back({std::string(kRepeated), chunked(out.finish(arrow::boolean()))});
  return table_of(columns, table.index(), TableForm::frame, table.num_rows());
}

// For every id whether it stands for several rows.
std::vector<bool> repeated(const Table& table, const RowIds& rows) {
  std::vector<bool> seen(rows.num_groups + std::size_t{1}), again(rows.num_groups + std::size_t{1});
  const auto flags = table.has(kRepeated) ? array_of(table, kRepeated) : nullptr;
  for (std::size_t i = 0; i < rows.ids.size(); ++i) {
    const std::uint32_t id = rows.ids[i];
    const bool was_repeated =
        flags && static_cast<const arrow::BooleanArray&>(*flags).Value(static_cast<std::int64_t>(i));
    if (seen[id] || was_repeated) again[id] = true;
    seen[id] = true;
  }
  return again;
}

// One row of each, with whether it stands for several.
Table flagged_rows(const Table& table, const std::vector<std::string>& subset) {
  const RowIds ids = ids_of(table, subset);
  const std::vector<bool> again = repeated(table, ids);
  const PooledVector<std::int64_t> rows = kept_rows_of(ids, Keep::first);
  std::vector<std::uint8_t> flags;
  for (const std::int64_t row : rows) flags.push_back(again[ids.ids[row]]);
  return with_flags(rows_at(table, rows), flags);
}

// Tells which rows positions name.
std::vector<bool> kept_of(const std::vector<Table>& tables) {
  std::vector<bool> kept(static_cast<std::size_t>(tables.front().num_rows()));
  for (std::size_t i = 1; i < tables.size(); ++i) {
    const auto positions = array_of(tables[i], kPosition);
    const auto* from = positions->data()->GetValues<std::int64_t>(1);
    for (std::int64_t k = 0; k < positions->length(); ++k) kept.at(static_cast<std::size_t>(row_of(from[k]))) = true;
  }
  return kept;
}

Table wanted_columns(const Table& table, const KeptRowsParams& params) {
  const std::vector<std::string> names = params.columns ? *params.columns : table.names();
  std::vector<NamedColumn> columns;
  for (const std::string& name : names) {
    if (name != kRepeated) columns.push_back(named_column_of(table, name));
  }
  if (!params.keep_index) return table_of(columns, {}, params.form, table.num_rows());
  for (const std::string& level : table.index().columns) columns.push_back(named_column_of(table, level));
  return table_of(columns, table.index(), params.form, table.num_rows());
}

}  // namespace

Table drop_duplicates(const Table& table, const DropDuplicatesParams& params) {
  const std::vector<std::string> names = params.subset.empty() ? table.names() : params.subset;
  return rows_at(table, kept_rows_of(ids_of(table, names), params.keep));
}

Table candidate_rows(const Table& table, const KeptRowsParams& params) {
  const bool is_distinct = looks_distinct(table, params.subset);
  if (params.keep != Keep::none) return is_distinct ? table : drop_duplicates(table, {params.subset, params.keep});
  if (!is_distinct) return flagged_rows(table, params.subset);
  if (table.has(kRepeated)) return table;
  return with_flags(table, std::vector<std::uint8_t>(static_cast<std::size_t>(table.num_rows()), 0));
}

std::vector<Table> kept_rows(const std::vector<Table>& parts, const KeptRowsParams& params) {
  const Table all = concat(parts, {.are_partitions = true});
  const RowIds ids = ids_of(all, params.subset);
  PooledVector<std::int64_t> rows = kept_rows_of(ids, params.keep);
  if (params.keep == Keep::none && all.has(kRepeated)) {
    const std::vector<bool> again = repeated(all, ids);
    std::erase_if(rows, [&](std::int64_t row) { return again[ids.ids[row]]; });
  }
  // Parts come in the order of their partitions.
  const auto positions = array_of(all, kPosition);
  const auto* from = positions->data()->GetValues<std::int64_t>(1);
  std::vector<std::int64_t> starts(static_cast<std::size_t>(params.npartitions) + 1, 0);
  for (std::int64_t& row : rows) {
    row = from[row];
    ++starts.at(static_cast<std::size_t>(partition_of(row)) + 1);
  }
  for (std::size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
  return cut_into_parts(table_of({position_column(rows)}), starts);
}

Table take_kept(const std::vector<Table>& tables, const KeptRowsParams& params) {
  const std::vector<bool> kept = kept_of(tables);
  PooledVector<std::int64_t> rows;
  for (std::size_t row = 0; row < kept.size(); ++row) {
    if (kept[row]) rows.push_back(static_cast<std::int64_t>(row));
  }
  const Table wanted = wanted_columns(tables.front(), params);
  return rows.size() == kept.size() ? wanted : rows_at(wanted, rows);
}

Table mark_kept(const std::vector<Table>& tables, const KeptRowsParams&) {
  const Table& table = tables.front();
  const std::vector<bool> kept = kept_of(tables);
  ColumnOutput<std::uint8_t> out(table.num_rows());
  for (std::size_t row = 0; row < kept.size(); ++row) out.set(static_cast<std::int64_t>(row), kept[row] ? 0 : 1);
  const std::string name = table.form() == TableForm::frame ? std::string(kUnnamed) : table.names().front();
  std::vector<NamedColumn> columns = {{name, chunked(out.finish(arrow::boolean()))}};
  for (const std::string& level : table.index().columns) columns.push_back(named_column_of(table, level));
  return table_of(columns, table.index(), TableForm::series, table.num_rows());
}

}  // namespace plait
