#include "plait/table.h"

#include <arrow/util/byte_size.h>

#include <algorithm>

#include "base/text.h"
#include "kernels/table/arrow_table.h"

namespace plait {
namespace {

bool is_index_column(const IndexSpec& index, const std::string& name) {
  return std::find(index.columns.begin(), index.columns.end(), name) != index.columns.end();
}

std::vector<NamedColumn> data_columns(const Table& table) {
  std::vector<NamedColumn> columns = named_columns_of(table);
  columns.resize(table.num_columns());
  return columns;
}

NamedColumn range_column(const Table& table) {
  const IndexSpec& index = table.index();
  NdArray labels = NdArray::empty(DType::int64, {table.num_rows()});
  auto* to = labels.mutable_data<std::int64_t>();
  for (std::int64_t i = 0; i < table.num_rows(); ++i) to[i] = index.start + i * index.step;
  return {index.range_name.empty() ? "__index_level_0__" : index.range_name, chunked(arrow_array_of(labels))};
}

std::string reset_name(const std::string& name, bool taken) {
  if (!name.starts_with("__index_level_")) return name;
  const std::string level = name.substr(14, name.size() - 16);
  return level == "0" ? (taken ? "level_0" : "index") : "level_" + level;
}

// Beside columns whose labels have several levels, a label of one has empty ones below it.
std::string as_deep_as(const std::vector<NamedColumn>& columns, std::string name) {
  const auto depth = [](const std::string& label) { return std::ranges::count(label, kLabelSeparator); };
  const auto levels = columns.empty() ? 0 : depth(columns.front().name);
  if (depth(name) < levels) name.append(static_cast<std::size_t>(levels - depth(name)), kLabelSeparator);
  return name;
}

}  // namespace

namespace {

// Columns are mostly asked for in their order: each search begins behind the place that the last one found, so that all
// columns of a wide table take time in proportion to their number.
const Field* found_field(const std::vector<Field>& columns, std::string_view name) {
  thread_local std::size_t last = 0;
  for (std::size_t i = 1; i <= columns.size(); ++i) {
    const std::size_t at = (last + i) % columns.size();
    if (columns[at].name != name) continue;
    last = at;
    return &columns[at];
  }
  return nullptr;
}

}  // namespace

const Field& Schema::field(std::string_view name) const {
  if (const Field* found = found_field(columns, name)) return *found;
  throw key_error("there is no column '" + std::string(name) + "'" + did_you_mean(name, names()));
}

bool Schema::has(std::string_view name) const { return found_field(columns, name) != nullptr; }

std::vector<std::string> Schema::names() const {
  std::vector<std::string> found;
  for (const Field& field : columns) {
    if (!is_index_column(index, field.name)) found.push_back(field.name);
  }
  return found;
}

Table::Table() : Table(table_of(std::vector<NamedColumn>{})) {}

Table::Table(std::initializer_list<Column> columns) : Table(from_columns(columns)) {}

Table Table::from_ndarray(std::string name, const NdArray& values) {
  return table_of({{std::move(name), chunked(arrow_array_of(values))}});
}

Table Table::empty(const Schema& schema) {
  return table_of(value_or_throw(arrow::Table::MakeEmpty(arrow_schema_of(schema)), "empty table"), schema.index,
                  schema.form, false);
}

std::int64_t Table::num_rows() const { return impl_->table->num_rows(); }
std::int64_t Table::num_columns() const {
  return impl_->table->num_columns() - static_cast<std::int64_t>(index().columns.size());
}
std::vector<std::string> Table::names() const { return schema().names(); }
bool Table::has(std::string_view name) const { return schema().has(name); }
const ColumnType& Table::type(std::string_view name) const { return schema().field(name).type; }
const Schema& Table::schema() const { return impl_->schema; }

std::size_t Table::num_bytes() const {
  return static_cast<std::size_t>(value_or_throw(arrow::util::ReferencedBufferSize(*impl_->table), "size of a table"));
}

Table Table::column(std::string_view name) const {
  std::vector<NamedColumn> columns = {named_column_of(*this, name)};
  if (is_index_column(index(), std::string(name))) {
    // The labels of a series that is an index level are the level itself: the same memory under another name.
    return table_of(columns, {.start = index().start, .step = index().step}, TableForm::series);
  }
  for (const std::string& label : index().columns) columns.push_back(named_column_of(*this, label));
  return table_of(columns, index(), TableForm::series);
}

Table Table::index_values() const {
  if (index().is_range()) return table_of({range_column(*this)}, {}, TableForm::index);
  std::vector<NamedColumn> levels;
  for (const std::string& label : index().columns) levels.push_back(named_column_of(*this, label));
  return table_of(levels, {}, levels.size() == 1 ? TableForm::index : TableForm::frame);
}

Table Table::slice(std::int64_t start, std::int64_t count) const {
  start = std::clamp<std::int64_t>(start, 0, num_rows());
  count = std::clamp<std::int64_t>(count, 0, num_rows() - start);
  if (start == 0 && count == num_rows()) return *this;
  IndexSpec sliced = index();
  if (sliced.is_range()) sliced.start += start * sliced.step;
  return table_of(impl_->table->Slice(start, count), std::move(sliced), form(), false);
}

Table Table::with_form(TableForm form) const { return table_of(impl_->table, index(), form, false); }
Table Table::with_index(IndexSpec index) const { return table_of(impl_->table, std::move(index), form(), false); }

Table Table::reset_index(bool drop) const {
  const TableForm to = drop ? form() : TableForm::frame;
  if (drop) return table_of(data_columns(*this), {}, to, num_rows());
  std::vector<NamedColumn> columns;
  if (index().is_range()) {
    columns.push_back(range_column(*this));
  } else {
    for (const std::string& label : index().columns) columns.push_back(named_column_of(*this, label));
  }
  std::vector<NamedColumn> data = data_columns(*this);
  for (NamedColumn& column : columns) column.name = as_deep_as(data, reset_name(column.name, has("index")));
  for (NamedColumn& column : data) {
    if (column.name == kUnnamed) column.name = "0";
    columns.push_back(std::move(column));
  }
  return table_of(columns, {}, to, num_rows());
}

Table Table::set_index(const std::vector<std::string>& columns) const {
  for (const std::string& name : columns) schema().field(name);
  return table_of(data_columns(*this), {.columns = columns}, form());
}

Literal Table::at(std::string_view name, std::int64_t row) const {
  if (row < 0 || row >= num_rows()) {
    throw index_error("at: row " + std::to_string(row) + " is out of range for a table of " +
                      std::to_string(num_rows()) + " rows");
  }
  return literal_of(*value_or_throw(chunks_of(*this, name)->GetScalar(row), "at"));
}

Literal Table::at(std::int64_t row) const {
  if (num_columns() != 1)
    throw value_error("at: the table has " + std::to_string(num_columns()) + " columns; name one");
  return at(names().front(), row);
}

Literal Table::item() const {
  if (num_rows() != 1) throw value_error("item: the table has " + std::to_string(num_rows()) + " rows, expected one");
  return at(0);
}

NdArray Table::as_ndarray() const {
  if (num_columns() != 1) {
    throw value_error("as_ndarray: the table has " + std::to_string(num_columns()) +
                      " columns; take one with column(name)");
  }
  return ndarray_of(array_of(*this, names().front()), type(names().front()));
}

std::vector<std::string> Table::to_strings() const {
  std::vector<std::string> texts;
  for (std::int64_t i = 0; i < num_rows(); ++i) {
    const Literal value = at(i);
    texts.push_back(std::holds_alternative<Missing>(value) ? "" : to_string(value));
  }
  return texts;
}

std::string join_label(const std::vector<std::string>& parts) {
  std::string label;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i) label += kLabelSeparator;
    label += parts[i];
  }
  return label;
}

std::vector<std::string> split_label(std::string_view label) {
  std::vector<std::string> parts;
  while (true) {
    const auto end = label.find(kLabelSeparator);
    parts.emplace_back(label.substr(0, end));
    if (end == std::string_view::npos) return parts;
    label.remove_prefix(end + 1);
  }
}

}  // namespace plait
