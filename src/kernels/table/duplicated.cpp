#include "kernels/table/duplicated.h"

#include "kernels/table/column_output.h"
#include "kernels/table/key_table.h"
#include "kernels/table/rows.h"

namespace plait {
namespace {

// Equal rows have equal numbers; missing values are equal to each other.
PooledVector<std::uint32_t> row_numbers(const Table& table, std::uint32_t& different) {
  std::vector<std::shared_ptr<arrow::Array>> columns;
  std::vector<std::shared_ptr<arrow::DataType>> types;
  for (const std::string& name : table.names()) {
    columns.push_back(array_of(table, name));
    types.push_back(columns.back()->type());
  }
  KeyTable keys(types, true);
  PooledVector<std::uint32_t> numbers(static_cast<std::size_t>(table.num_rows()));
  keys.add(columns, table.num_rows(), numbers.data());
  different = keys.num_groups();
  return numbers;
}

Table as_series(const Table& table, const std::shared_ptr<arrow::Array>& values) {
  const std::string name = table.form() == TableForm::frame ? std::string(kUnnamed) : table.names().front();
  std::vector<NamedColumn> columns = {{name, chunked(values)}};
  for (const std::string& label : table.index().columns) columns.push_back(named_column_of(table, label));
  return table_of(columns, table.index(), TableForm::series, table.num_rows());
}

}  // namespace

Table duplicated_edge(const Table& table, const DuplicatedParams&) {
  return drop_duplicates(table, {.subset = {}, .keep = Keep::first, .ignore_index = true});
}

Table duplicated_combine(const std::vector<Table>& edges, const DuplicatedParams& params) {
  return duplicated_edge(concat(edges, {.ignore_index = true}), params);
}

Table duplicated(const std::vector<Table>& tables, const DuplicatedParams& params) {
  const Table& table = tables.front();
  ColumnOutput<std::uint8_t> out(table.num_rows());
  if (table.names().empty()) {
    for (std::int64_t i = 0; i < table.num_rows(); ++i) out.set(i, 0);
    return as_series(table, out.finish(arrow::boolean()));
  }
  // Put together, columns have one type and one dictionary.
  const Table all = concat(tables, {.ignore_index = true});
  std::uint32_t different = 0;
  const PooledVector<std::uint32_t> numbers = row_numbers(all, different);
  std::vector<std::int64_t> counts(different + 1, 0);
  const auto own = static_cast<std::size_t>(table.num_rows());
  for (std::size_t i = own; i < numbers.size(); ++i) ++counts[numbers[i]];
  if (params.keep == Keep::none) {
    for (std::size_t i = 0; i < own; ++i) ++counts[numbers[i]];
    for (std::size_t i = 0; i < own; ++i) out.set(static_cast<std::int64_t>(i), counts[numbers[i]] > 1);
  } else {
    for (std::size_t step = 0; step < own; ++step) {
      const std::size_t i = params.keep == Keep::first ? step : own - 1 - step;
      out.set(static_cast<std::int64_t>(i), counts[numbers[i]]++ > 0);
    }
  }
  return as_series(table, out.finish(arrow::boolean()));
}

}  // namespace plait
