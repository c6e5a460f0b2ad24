#include "kernels/formats/parquet_reader.h"

#include <arrow/io/file.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <fmt/format.h>
#include <parquet/arrow/reader.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/statistics.h>
#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.h"
#include "plait/error.h"

namespace plait {
namespace {

[[noreturn]] void throw_unreadable(const std::string& path, const std::string& reason) {
  throw io_error(fmt::format("read_parquet: cannot read '{}': {}; the file is truncated, damaged or no Parquet file",
                             path, reason));
}

template <class T>
T value_or_throw(arrow::Result<T> result, const std::string& path) {
  if (!result.ok()) throw_unreadable(path, result.status().message());
  return std::move(result).ValueUnsafe();
}

std::unique_ptr<parquet::ParquetFileReader> open_file(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) {
    throw Error(ErrorKind::file_not_found, fmt::format("read_parquet: there is no file '{}'", path));
  }
  auto file = value_or_throw(arrow::io::ReadableFile::Open(path), path);
  try {
    return parquet::ParquetFileReader::Open(std::move(file));
  } catch (const parquet::ParquetException& error) {
    throw_unreadable(path, error.what());
  }
}

std::unique_ptr<parquet::arrow::FileReader> open_arrow_reader(const std::string& path,
                                                              const ParquetReadOptions& options) {
  auto file = open_file(path);
  parquet::ArrowReaderProperties properties(/*use_threads=*/false);
  const auto& columns = *file->metadata()->schema();
  for (int i = 0; i < columns.num_columns(); ++i) {
    const std::string name = columns.Column(i)->path()->ToDotString();
    if (std::find(options.dictionary.begin(), options.dictionary.end(), name) != options.dictionary.end()) {
      properties.set_read_dictionary(i, true);
    }
  }
  return value_or_throw(parquet::arrow::FileReader::Make(arrow::default_memory_pool(), std::move(file), properties),
                        path);
}

bool is_unsigned(const parquet::ColumnDescriptor& column) {
  const auto& type = column.logical_type();
  return type && type->is_int() && !static_cast<const parquet::IntLogicalType&>(*type).is_signed();
}

template <class PhysicalType>
const parquet::TypedStatistics<PhysicalType>& typed(const parquet::Statistics& statistics) {
  return static_cast<const parquet::TypedStatistics<PhysicalType>&>(statistics);
}

ParquetBound integer_bound(std::int64_t value, const parquet::ColumnDescriptor& column, int bits) {
  if (!is_unsigned(column)) return value;
  return bits == 32 ? std::uint64_t{static_cast<std::uint32_t>(value)} : static_cast<std::uint64_t>(value);
}

ParquetBound float_bound(double value) {
  if (std::isnan(value)) return {};
  return value;
}

// Writers may cut long texts short: the bounds still hold for a min, but a cut max does not, so only whole texts count.
ParquetBound text_bound(const parquet::ByteArray& value, const parquet::ColumnDescriptor& column) {
  const auto& type = column.logical_type();
  if (!type || !type->is_string() || value.len >= 64) return {};
  return std::string(reinterpret_cast<const char*>(value.ptr), value.len);
}

void add_bounds(const parquet::Statistics& from, const parquet::ColumnDescriptor& column, ParquetStatistics& to) {
  switch (column.physical_type()) {
    case parquet::Type::BOOLEAN:
      to.min = typed<parquet::BooleanType>(from).min();
      to.max = typed<parquet::BooleanType>(from).max();
      break;
    case parquet::Type::INT32:
      to.min = integer_bound(typed<parquet::Int32Type>(from).min(), column, 32);
      to.max = integer_bound(typed<parquet::Int32Type>(from).max(), column, 32);
      break;
    case parquet::Type::INT64:
      to.min = integer_bound(typed<parquet::Int64Type>(from).min(), column, 64);
      to.max = integer_bound(typed<parquet::Int64Type>(from).max(), column, 64);
      break;
    case parquet::Type::FLOAT:
      to.min = float_bound(typed<parquet::FloatType>(from).min());
      to.max = float_bound(typed<parquet::FloatType>(from).max());
      break;
    case parquet::Type::DOUBLE:
      to.min = float_bound(typed<parquet::DoubleType>(from).min());
      to.max = float_bound(typed<parquet::DoubleType>(from).max());
      break;
    case parquet::Type::BYTE_ARRAY:
      to.min = text_bound(typed<parquet::ByteArrayType>(from).min(), column);
      to.max = text_bound(typed<parquet::ByteArrayType>(from).max(), column);
      break;
    default:
      break;
  }
}

// Decimals are integers of another meaning; their bounds are left out.
bool has_plain_bounds(const parquet::ColumnDescriptor& column) {
  const auto& type = column.logical_type();
  return !type || !type->is_decimal();
}

ParquetRowGroup describe(const parquet::RowGroupMetaData& group) {
  ParquetRowGroup result{group.num_rows(), group.total_byte_size(), {}};
  for (int i = 0; i < group.num_columns(); ++i) {
    const auto chunk = group.ColumnChunk(i);
    const auto& column = *group.schema()->Column(i);
    ParquetStatistics statistics;
    statistics.column = column.path()->ToDotString();
    if (const auto known = chunk->statistics()) {
      if (known->HasNullCount()) statistics.num_nulls = known->null_count();
      if (known->HasMinMax() && has_plain_bounds(column)) add_bounds(*known, column, statistics);
    }
    result.columns.push_back(std::move(statistics));
  }
  return result;
}

// Leaf columns of the fields asked for.
std::vector<int> leaves_of(const parquet::SchemaDescriptor& schema, const std::vector<std::string>& columns,
                           const std::string& path) {
  std::vector<std::string> known;
  for (int i = 0; i < schema.group_node()->field_count(); ++i) known.push_back(schema.group_node()->field(i)->name());
  for (const std::string& name : columns) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    throw key_error(fmt::format("read_parquet: '{}' has no column '{}'{}", path, name, did_you_mean(name, known)));
  }
  const std::set<std::string> wanted(columns.begin(), columns.end());
  std::vector<int> leaves;
  for (int i = 0; i < schema.num_columns(); ++i) {
    if (wanted.count(schema.GetColumnRoot(i)->name()) != 0) leaves.push_back(i);
  }
  return leaves;
}

std::shared_ptr<arrow::Table> in_order(const arrow::Table& table, const std::vector<std::string>& columns) {
  std::vector<int> positions;
  for (const std::string& name : columns) positions.push_back(table.schema()->GetFieldIndex(name));
  return table.SelectColumns(positions).ValueOrDie();
}

}  // namespace

ParquetFile read_parquet_file(const std::string& path) {
  const auto file = open_file(path);
  const auto metadata = file->metadata();
  ParquetFile result{path, metadata->num_rows(), {}};
  try {
    for (int i = 0; i < metadata->num_row_groups(); ++i) result.row_groups.push_back(describe(*metadata->RowGroup(i)));
  } catch (const parquet::ParquetException& error) {
    throw_unreadable(path, error.what());
  }
  return result;
}

std::shared_ptr<arrow::Schema> read_parquet_schema(const std::string& path) {
  std::shared_ptr<arrow::Schema> schema;
  const auto status = open_arrow_reader(path, {})->GetSchema(&schema);
  if (!status.ok()) throw_unreadable(path, status.message());
  return schema;
}

std::shared_ptr<arrow::Table> read_parquet_block(const std::string& path, const std::vector<int>& row_groups,
                                                 const std::vector<std::string>& columns,
                                                 const ParquetReadOptions& options) {
  const auto reader = open_arrow_reader(path, options);
  const auto& metadata = *reader->parquet_reader()->metadata();
  std::vector<int> groups = row_groups;
  if (groups.empty()) {
    for (int i = 0; i < metadata.num_row_groups(); ++i) groups.push_back(i);
  }
  for (const int group : groups) {
    if (group >= 0 && group < metadata.num_row_groups()) continue;
    throw index_error(
        fmt::format("read_parquet: row group {} asked of '{}', which has {}", group, path, metadata.num_row_groups()));
  }
  const std::vector<int> leaves = leaves_of(*metadata.schema(), columns, path);
  std::shared_ptr<arrow::Table> table;
  try {
    table = value_or_throw(reader->ReadRowGroups(groups, leaves), path);
  } catch (const parquet::ParquetException& error) {
    throw_unreadable(path, error.what());
  }
  // Offsets and codes in a file may lie; later code trusts them.
  const auto valid = table->ValidateFull();
  if (!valid.ok()) throw_unreadable(path, valid.message());
  return in_order(*table, columns);
}

}  // namespace plait
