#include "kernels/table/columns.h"

#include <algorithm>
#include <set>

#include "base/contains.h"
#include "kernels/table/arrow_table.h"

namespace plait {
namespace {

void append_index(std::vector<NamedColumn>& columns, const Table& table) {
  for (const std::string& label : table.index().columns) columns.push_back(named_column_of(table, label));
}

// Like rename, but by position; index columns follow by name.
Table with_names(const Table& table, const std::vector<std::string>& names, IndexSpec index) {
  return table_of(value_or_throw(arrow_of(table)->RenameColumns(names), "rename"), std::move(index), table.form(),
                  false);
}

std::shared_ptr<arrow::ChunkedArray> repeated(const std::shared_ptr<arrow::Scalar>& scalar, std::int64_t count) {
  auto of_type = scalar;
  if (scalar->type->id() == arrow::Type::NA) of_type = arrow::MakeNullScalar(arrow::float64());
  return chunked(value_or_throw(arrow::MakeArrayFromScalar(*of_type, count), "constant column"));
}

NamedColumn assigned(const Table& table, const Table& value, const std::string& name) {
  NamedColumn column = named_column_of(value, value.names().front());
  column.name = name;
  if (value.form() == TableForm::scalar) {
    column.values = repeated(value_or_throw(array_of(column.values)->GetScalar(0), "assign"), table.num_rows());
  } else if (value.num_rows() != table.num_rows()) {
    throw value_error("assign: the series for '" + name + "' has " + std::to_string(value.num_rows()) +
                      " rows, expected " + std::to_string(table.num_rows()));
  }
  return column;
}

}  // namespace

Table select(const Table& table, const SelectParams& params) {
  std::vector<NamedColumn> columns;
  for (const std::string& name : params.columns) {
    if (contains(table.index().columns, name) && params.as_series) return table.column(name);
    columns.push_back(named_column_of(table, name));
  }
  append_index(columns, table);
  return table_of(columns, table.index(), params.as_series ? TableForm::series : TableForm::frame, table.num_rows());
}

Table drop(const Table& table, const DropParams& params) {
  for (const std::string& name : params.columns) table.schema().field(name);
  std::vector<NamedColumn> kept;
  for (const std::string& name : table.names()) {
    if (!contains(params.columns, name)) kept.push_back(named_column_of(table, name));
  }
  append_index(kept, table);
  return table_of(kept, table.index(), table.form(), table.num_rows());
}

Table rename(const Table& table, const RenameParams& params) {
  std::vector<std::string> names;
  IndexSpec index = table.index();
  const auto new_name = [&](const std::string& name) {
    const auto found = params.names.find(name);
    return found == params.names.end() ? name : found->second;
  };
  for (const Field& field : table.schema().columns) {
    const bool keeps = contains(index.columns, field.name) && !params.index;
    names.push_back(keeps ? field.name : new_name(field.name));
  }
  if (params.index) {
    for (std::string& label : index.columns) label = new_name(label);
    index.range_name = new_name(index.range_name);
  }
  return with_names(table, names, std::move(index));
}

Table set_names(const Table& table, const SetNamesParams& params) {
  if (static_cast<std::int64_t>(params.names.size()) != table.num_columns()) {
    throw value_error("Length mismatch: Expected axis has " + std::to_string(table.num_columns()) +
                      " elements, new values have " + std::to_string(params.names.size()) + " elements");
  }
  std::vector<std::string> names = params.names;
  names.insert(names.end(), table.index().columns.begin(), table.index().columns.end());
  return with_names(table, names, table.index());
}

Table assign(const Table& table, const std::vector<Table>& values, const AssignParams& params) {
  std::vector<NamedColumn> columns = named_columns_of(table);
  columns.resize(table.num_columns());
  std::size_t next = 0;
  for (std::size_t i = 0; i < params.names.size(); ++i) {
    const std::string& name = params.names[i];
    NamedColumn column{name, nullptr};
    if (i < params.literals.size() && params.literals[i]) {
      column.values = repeated(arrow_scalar_of(*params.literals[i]), table.num_rows());
    } else {
      column = assigned(table, values.at(next++), name);
    }
    const auto old = std::find_if(columns.begin(), columns.end(), [&](const NamedColumn& c) { return c.name == name; });
    if (old == columns.end())
      columns.push_back(std::move(column));
    else
      *old = std::move(column);
  }
  append_index(columns, table);
  return table_of(columns, table.index(), TableForm::frame, table.num_rows());
}

Table set_index(const Table& table, const SetIndexParams& params) {
  Table plain = table.reset_index(true);
  if (params.drop) return plain.set_index(params.columns);
  throw NoNativeForm("set_index: drop=False");
}

Table reset_index(const Table& table, const ResetIndexParams& params) { return table.reset_index(params.drop); }

Table set_form(const Table& table, const SetFormParams& params) {
  if (params.form != TableForm::frame && table.num_columns() != 1) {
    throw value_error("a table of " + std::to_string(table.num_columns()) + " columns is no series; select one column");
  }
  Table renamed = table;
  if (!params.name.empty())
    renamed = set_names(table, {{params.name}});
  else if (params.form == TableForm::frame && table.num_columns() == 1 && table.names().front() == kUnnamed)
    renamed = set_names(table, {{"0"}});
  return renamed.with_form(params.form);
}

Table index_of(const Table& table) { return table.index_values(); }

Table concat_columns(const std::vector<Table>& tables) {
  if (tables.empty()) throw value_error("concat: no tables were given");
  std::vector<NamedColumn> columns;
  for (const Table& table : tables) {
    if (table.num_rows() != tables.front().num_rows()) {
      throw value_error("concat(axis=1): the parts have " + std::to_string(tables.front().num_rows()) + " and " +
                        std::to_string(table.num_rows()) + " rows; expected equal rows");
    }
    for (const std::string& name : table.names()) columns.push_back(named_column_of(table, name));
  }
  append_index(columns, tables.front());
  return table_of(columns, tables.front().index(), TableForm::frame, tables.front().num_rows());
}

}  // namespace plait
