#include "kernels/table/key_parts.h"

#include <algorithm>

#include "kernels/table/arrow_table.h"
#include "kernels/table/elementwise_apply.h"
#include "kernels/table/join.h"
#include "kernels/table/rows.h"
#include "kernels/table/sort.h"
#include "kernels/table/take.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

Table sent_columns(const Table& table, const std::vector<std::string>& names) {
  if (names.empty()) return table;
  std::vector<NamedColumn> columns;
  for (const std::string& name : names) columns.push_back(named_column_of(table, name));
  return table_of(columns, {}, TableForm::frame, table.num_rows());
}

// The list of one row, cut into lists by a hash of its items.
std::vector<std::shared_ptr<arrow::Array>> lists_of_parts(const arrow::Array& state, std::int64_t n) {
  const auto& list = static_cast<const arrow::LargeListArray&>(state);
  const Table items = table_of({{"item", chunked(list.value_slice(0)), TypeFamily::arrow}});
  std::vector<std::shared_ptr<arrow::Array>> lists;
  for (const Table& part : hash_partition(items, {.keys = {"item"}, .n = n})) {
    const auto values = array_of(part, "item");
    const auto offsets = array_of_integers({0, values->length()}, -1, arrow::int64());
    lists.push_back(value_or_throw(arrow::LargeListArray::FromArrays(*offsets, *values), "nunique"));
  }
  return lists;
}

}  // namespace

NamedColumn position_column(const PooledVector<std::int64_t>& positions) {
  const NdArray values = NdArray::from<std::int64_t>({static_cast<std::int64_t>(positions.size())},
                                                     std::span<const std::int64_t>(positions));
  return {std::string(kPosition), chunked(arrow_array_of(values))};
}

Table with_positions(const Table& table, std::int64_t partition) {
  PooledVector<std::int64_t> positions(static_cast<std::size_t>(table.num_rows()));
  for (std::size_t row = 0; row < positions.size(); ++row)
    positions[row] = position_of(partition, static_cast<std::int64_t>(row));
  std::vector<NamedColumn> columns = named_columns_of(table);
  columns.push_back(position_column(positions));
  return table_of(columns, table.index(), TableForm::frame, table.num_rows());
}

std::vector<Table> key_parts(const Table& table, const KeyPartsParams& params, std::int64_t partition) {
  const Table sent = sent_columns(table, params.columns);
  const Table placed = params.with_positions ? with_positions(sent, partition) : sent;
  if (params.n == 1) return {placed};
  return hash_partition(placed, {.keys = params.keys, .n = params.n, .keeps_range = false});
}

std::vector<Table> position_parts(const Table& table, const PositionPartsParams& params) {
  const auto positions = array_of(table, kPosition);
  const auto* from = positions->data()->GetValues<std::int64_t>(1);
  PooledVector<std::uint32_t> part_of_row(table.num_rows());
  for (std::size_t row = 0; row < part_of_row.size(); ++row) {
    const std::int64_t partition = partition_of(from[row]);
    if (partition < 0 || partition >= params.n)
      throw value_error("a row says that it came from partition " + std::to_string(partition) + " of " +
                        std::to_string(params.n));
    part_of_row[row] = static_cast<std::uint32_t>(partition);
  }
  return split_rows(table, part_of_row, params.n);
}

std::vector<Table> reduce_parts(const Table& partial, const ReducePartsParams& params) {
  const auto n = static_cast<std::size_t>(params.n);
  std::vector<std::vector<NamedColumn>> parts(n);
  for (const NamedColumn& column : named_columns_of(partial)) {
    if (column.values->type()->id() == arrow::Type::LARGE_LIST) {
      const auto lists = lists_of_parts(*array_of(column.values), params.n);
      for (std::size_t part = 0; part < n; ++part)
        parts[part].push_back({column.name, chunked(lists[part]), column.family});
      continue;
    }
    // Numbers of rows belong to the first part.
    const auto none = chunked(array_of_integers({0}, -1, column.values->type()));
    for (std::size_t part = 0; part < n; ++part)
      parts[part].push_back({column.name, part == 0 ? column.values : none, column.family});
  }
  std::vector<Table> tables;
  for (const auto& columns : parts) tables.push_back(table_of(columns));
  return tables;
}

Table add_parts(const std::vector<Table>& parts) {
  std::vector<NamedColumn> columns = named_columns_of(parts.at(0));
  const std::vector<std::string> names = parts[0].names();
  for (std::size_t c = 0; c < names.size(); ++c) {
    for (std::size_t part = 1; part < parts.size(); ++part) {
      columns[c].values =
          chunked(call("add", {array_of(columns[c].values), array_of(parts[part], names[c])}).make_array());
    }
  }
  return table_of(columns, parts[0].index(), parts[0].form(), parts[0].num_rows());
}

Table in_order(const std::vector<Table>& parts, const InOrderParams& params) {
  const Table whole = parts.size() == 1 ? parts[0] : concat(parts, {.are_partitions = true});
  const std::vector<std::string> by = params.by.empty() ? std::vector{std::string(kPosition)} : params.by;
  return without_positions(sort(whole, {.by = by, .ascending = {true}}), params);
}

Table without_positions(const Table& table, const InOrderParams& params) {
  std::vector<NamedColumn> columns = named_columns_of(table);
  std::erase_if(columns, [](const NamedColumn& column) { return column.name == kPosition; });
  const Table out = table_of(columns, table.index(), params.form, table.num_rows());
  return params.renumber ? out.reset_index(true) : out;
}

}  // namespace plait
