// How a column-wise function is applied to a table: to every column of a frame, or to the only one of a series.
#pragma once

#include <arrow/compute/api.h>

#include <functional>
#include <string>
#include <vector>

#include "kernels/table/arrow_table.h"

namespace plait {

// How many rows a loop over slow values does from one look at whether its task is cancelled to the next.
inline constexpr std::int64_t kRowsBetweenChecks = 16 * 1024;

// One column as an operand: values in one array, or a scalar.
struct ColumnOperand {
  arrow::Datum values;
  TypeFamily family = TypeFamily::numpy;
  bool is_literal = false;  // takes the other side's type where NumPy does (NEP 50)

  bool is_scalar() const { return values.is_scalar(); }
  std::shared_ptr<arrow::DataType> type() const { return values.type(); }
};
// Encoded text is decoded.
ColumnOperand operand_of(const NamedColumn& column);
ColumnOperand operand_of(const Literal& literal);

arrow::Datum call(const std::string& function, const std::vector<arrow::Datum>& args,
                  const arrow::compute::FunctionOptions* options = nullptr);
arrow::Datum cast_datum(const arrow::Datum& values, const std::shared_ptr<arrow::DataType>& type);
bool is_numpy(TypeFamily family);

// f(NamedColumn) -> NamedColumn for every column that is not the index. Index and form stay.
template <class F>
Table apply_columns(const Table& table, const F& f) {
  std::vector<NamedColumn> columns;
  for (const std::string& name : table.names()) {
    const NamedColumn column = named_column_of(table, name);
    NamedColumn result = f(column);
    result.name = name;
    columns.push_back(std::move(result));
  }
  for (const std::string& label : table.index().columns) columns.push_back(named_column_of(table, label));
  return table_of(columns, table.index(), table.form(), table.num_rows());
}
// What `f` makes of a column, value by value: of text that is stored as codes it makes it of the different texts, once.
NamedColumn by_value(const NamedColumn& column, const std::function<NamedColumn(const NamedColumn&)>& f);
// The result column of an array or scalar.
NamedColumn column_of(const arrow::Datum& values, TypeFamily family);
NamedColumn column_named(std::string name, NamedColumn column);
// A number as double.
double scalar_number(const arrow::Scalar& scalar);

}  // namespace plait
