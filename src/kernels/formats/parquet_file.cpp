#include "kernels/formats/parquet_file.h"

#include <arrow/io/file.h>
#include <fmt/format.h>
#include <parquet/metadata.h>
#include <parquet/statistics.h>
#include <sys/stat.h>

#include <algorithm>
#include <cmath>

#include "kernels/formats/parquet_access.h"
#include "kernels/table/table_memory.h"

namespace plait {
namespace {

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

// Whether all of the chunk are codes, and the dictionary is so small that rows share its texts many times over.
bool is_encoded(const parquet::ColumnChunkMetaData& chunk, const parquet::ColumnDescriptor& column) {
  if (column.physical_type() != parquet::Type::BYTE_ARRAY || !chunk.has_dictionary_page()) return false;
  bool has_codes = false;
  for (const parquet::PageEncodingStats& pages : chunk.encoding_stats()) {
    if (pages.page_type == parquet::PageType::DICTIONARY_PAGE) continue;
    if (pages.encoding != parquet::Encoding::PLAIN_DICTIONARY && pages.encoding != parquet::Encoding::RLE_DICTIONARY)
      return false;
    has_codes = true;
  }
  const std::int64_t dictionary_bytes = chunk.data_page_offset() - chunk.dictionary_page_offset();
  constexpr std::int64_t kMinRowsPerByte = 4;
  return has_codes && dictionary_bytes > 0 && dictionary_bytes * kMinRowsPerByte < chunk.num_values();
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
    statistics.is_encoded = is_encoded(*chunk, column);
    result.columns.push_back(std::move(statistics));
  }
  return result;
}

}  // namespace

void throw_unreadable_parquet(const std::string& path, const std::string& reason) {
  throw io_error(fmt::format("read_parquet: cannot read '{}': {}; the file is truncated, damaged or no Parquet file",
                             path, reason));
}

std::unique_ptr<parquet::ParquetFileReader> open_parquet(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) {
    throw Error(ErrorKind::file_not_found, fmt::format("read_parquet: there is no file '{}'", path));
  }
  auto file = parquet_call(path, [&] { return arrow::io::ReadableFile::Open(path, table_memory()); });
  return parquet_call(path, [&] {
    return parquet::ParquetFileReader::Open(std::move(file), parquet::ReaderProperties(table_memory()));
  });
}

ParquetFile read_parquet_file(const std::string& path) {
  const auto file = open_parquet(path);
  return parquet_call(path, [&] {
    const auto metadata = file->metadata();
    ParquetFile result{path, metadata->num_rows(), {}};
    for (int i = 0; i < metadata->num_row_groups(); ++i) result.row_groups.push_back(describe(*metadata->RowGroup(i)));
    return result;
  });
}

}  // namespace plait
