#include "kernels/formats/parquet_schema.h"

#include <arrow/api.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "kernels/formats/pandas_families.h"
#include "kernels/formats/parquet_reader.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/index_metadata.h"
#include "kernels/table/type_rules.h"

namespace plait {
namespace {

constexpr const char* kUnnamedStoredIndex = "__null_dask_index__";

// Whether missing values decide the type of a column in pandas.
bool depends_on_missing(const arrow::DataType& type) {
  return arrow::is_integer(type.id()) || type.id() == arrow::Type::BOOL;
}

// Counted in the rows where the file's statistics do not say it, and it matters.
std::int64_t count_missing(const ParquetFile& file, const arrow::Field& field) {
  std::int64_t missing = 0;
  for (const ParquetRowGroup& group : file.row_groups) {
    const auto known = std::find_if(group.columns.begin(), group.columns.end(),
                                    [&](const ParquetStatistics& column) { return column.column == field.name(); });
    if (known != group.columns.end() && known->num_nulls) {
      missing += *known->num_nulls;
    } else if (field.nullable() && depends_on_missing(*field.type())) {
      return read_parquet_block(file.path, {}, {field.name()})->column(0)->null_count();
    }
  }
  return missing;
}

}  // namespace

std::string index_level_name(const std::string& stored, std::size_t level) {
  return stored == kUnnamedStoredIndex ? fmt::format("__index_level_{}__", level) : stored;
}

IndexSpec stored_index(const arrow::Schema& schema) {
  return read_index_metadata(schema.metadata().get(), schema).index;
}

std::vector<ParquetSchema::Column> ParquetSchema::columns_of(const ParquetFile& file, const arrow::Schema& schema) {
  const auto families = pandas_families(schema);
  std::vector<Column> columns;
  for (const auto& field : schema.fields()) {
    const auto family = families.find(field->name());
    const std::int64_t missing = count_missing(file, *field);
    const bool has_values = file.num_rows > missing && field->type()->id() != arrow::Type::NA;
    columns.push_back({field->name(), field->type(), family == families.end() ? TypeFamily::numpy : family->second,
                       has_values, missing > 0 || (!has_values && file.num_rows > 0)});
  }
  return columns;
}

void ParquetSchema::widen(Column& known, const Column& seen, const std::string& path) {
  known.has_missing = known.has_missing || seen.has_missing;
  if (!seen.has_values && (known.has_values || known.type->id() != arrow::Type::NA)) return;
  if (!known.has_values) {
    known.type = seen.type;
    known.family = seen.family;
    known.has_values = seen.has_values;
    return;
  }
  try {
    known.type = unified_type(known.type, seen.type);
  } catch (const Error& error) {
    throw type_error(fmt::format("read_parquet: column '{}' of '{}': {}", known.name, path, error.what()));
  }
  if (known.family == TypeFamily::numpy) known.family = seen.family;
}

void ParquetSchema::add(const ParquetFile& file, const arrow::Schema& schema) {
  std::vector<Column> columns = columns_of(file, schema);
  if (columns_.empty()) {
    columns_ = std::move(columns);
    index_ = stored_index(schema);
    return;
  }
  for (Column& known : columns_) {
    const auto seen =
        std::find_if(columns.begin(), columns.end(), [&](const Column& column) { return column.name == known.name; });
    if (seen != columns.end()) widen(known, *seen, file.path);
  }
  add_index(file, stored_index(schema), columns);
}

// Files may number their rows beside others that label theirs: the numbers are labels then.
void ParquetSchema::add_index(const ParquetFile& file, const IndexSpec& seen, const std::vector<Column>& columns) {
  if (seen.is_range() == index_.is_range()) return;
  const std::vector<std::string> levels = seen.is_range() ? index_.columns : seen.columns;
  if (levels.size() > 1)
    throw type_error(
        fmt::format("read_parquet: '{}' and the files before it do not go together: rows are numbered in one, and have "
                    "the labels {} in the other",
                    file.path, levels));
  const auto is_level = [&](const Column& column) { return column.name == levels.front(); };
  if (index_.is_range()) {
    columns_.push_back(*std::find_if(columns.begin(), columns.end(), is_level));
    index_ = seen;
  }
  const Column numbers{levels.front(), arrow::int64(), TypeFamily::numpy, true, false};
  widen(*std::find_if(columns_.begin(), columns_.end(), is_level), numbers, file.path);
}

std::vector<std::string> ParquetSchema::names() const {
  std::vector<std::string> names;
  for (const Column& column : columns_) {
    if (std::find(index_.columns.begin(), index_.columns.end(), column.name) == index_.columns.end())
      names.push_back(column.name);
  }
  return names;
}

TypeFamily ParquetSchema::family_of(const Column& column) const {
  const arrow::Type::type id = column.type->id();
  if (!family_ || id == arrow::Type::DICTIONARY || id == arrow::Type::NA) return column.family;
  const bool is_text = arrow::is_string(id) || arrow::is_large_binary_like(id);
  const bool is_nullable = arrow::is_integer(id) || arrow::is_floating(id) || id == arrow::Type::BOOL || is_text;
  return *family_ == TypeFamily::nullable && !is_nullable ? column.family : *family_;
}

Table ParquetSchema::table() const {
  IndexSpec index = index_;
  for (std::size_t level = 0; level < index.columns.size(); ++level)
    index.columns[level] = index_level_name(index.columns[level], level);
  std::vector<NamedColumn> columns;
  for (const Column& column : columns_) {
    const auto level = std::find(index_.columns.begin(), index_.columns.end(), column.name);
    NamedColumn named{column.name, nullptr, column.family};
    if (level == index_.columns.end())
      named.family = family_of(column);
    else
      named.name = index.columns[static_cast<std::size_t>(level - index_.columns.begin())];
    auto type = column.type;
    if (named.family == TypeFamily::numpy && column.has_missing) {
      if (arrow::is_integer(type->id())) type = arrow::float64();
      if (type->id() == arrow::Type::BOOL) named.family = TypeFamily::object;
    }
    named.values = std::make_shared<arrow::ChunkedArray>(arrow::ArrayVector{}, type);
    columns.push_back(std::move(named));
  }
  return Table::empty(table_of(columns, std::move(index)).schema());
}

}  // namespace plait
