#include "kernels/table/group_matrices.h"

#include <utility>

#include "kernels/table/column_output.h"
#include "kernels/table/index_levels.h"
#include "kernels/table/take.h"
#include "kernels/table/typed_column.h"

namespace plait {

std::size_t pair_number(std::size_t x, std::size_t y, std::size_t num_columns) {
  if (x > y) std::swap(x, y);
  return x * num_columns - x * (x + 1) / 2 + y;
}

Table group_matrices(const Table& table, const GroupMatricesParams& params) {
  const std::size_t n = params.names.size();
  const std::int64_t num_rows = table.num_rows() * static_cast<std::int64_t>(n);
  PooledVector<std::int64_t> groups, rows_of_matrix;
  for (std::int64_t group = 0; group < table.num_rows(); ++group) {
    for (std::size_t row = 0; row < n; ++row) {
      groups.push_back(group);
      rows_of_matrix.push_back(static_cast<std::int64_t>(row));
    }
  }
  std::vector<NamedColumn> columns;
  for (std::size_t y = 0; y < n; ++y) {
    ColumnOutput<double> out(num_rows);
    for (std::size_t x = 0; x < n; ++x) {
      const auto values = array_of(table, std::to_string(pair_number(x, y, n)));
      const auto* from = values->data()->GetValues<double>(1);
      for (std::int64_t group = 0; group < table.num_rows(); ++group)
        out.set(group * static_cast<std::int64_t>(n) + static_cast<std::int64_t>(x), from[group]);
    }
    columns.push_back({params.names[y], chunked(out.finish(arrow::float64()))});
  }
  const Table labels = take(table, array_of_integers(groups, -1, arrow::int64()));
  IndexSpec index;
  append_levels_of(labels, index, columns);
  std::vector<Literal> names(params.names.begin(), params.names.end());
  const Table of_rows = take(table_of({{"name", chunked(array_from_literals(names, arrow::utf8()))}}),
                             array_of_integers(rows_of_matrix, -1, arrow::int64()), false);
  NamedColumn name = named_column_of(of_rows, "name");
  name.name = unnamed_level(index.columns.size());
  append_level(std::move(name), index, columns);
  return table_of(columns, index, TableForm::frame, num_rows);
}

}  // namespace plait
