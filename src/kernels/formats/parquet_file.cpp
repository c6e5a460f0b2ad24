#include "kernels/formats/parquet_file.h"

#include <arrow/io/file.h>
#include <fmt/format.h>
#include <parquet/metadata.h>
#include <parquet/size_statistics.h>
#include <parquet/statistics.h>
#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <mutex>

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

// Integers that are moments; none where they are plain numbers.
std::optional<TimeUnit> unit_of(const parquet::ColumnDescriptor& column) {
  const auto& type = column.logical_type();
  if (!type || !type->is_timestamp()) return std::nullopt;
  switch (static_cast<const parquet::TimestampLogicalType&>(*type).time_unit()) {
    case parquet::LogicalType::TimeUnit::MILLIS:
      return TimeUnit::ms;
    case parquet::LogicalType::TimeUnit::MICROS:
      return TimeUnit::us;
    case parquet::LogicalType::TimeUnit::NANOS:
      return TimeUnit::ns;
    default:
      return std::nullopt;
  }
}

ParquetBound integer_bound(std::int64_t value, const parquet::ColumnDescriptor& column, int bits) {
  if (const auto unit = unit_of(column)) return Timestamp{value, *unit, ""};
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
      to.min = float_bound(std::nextafter(typed<parquet::FloatType>(from).min(), -HUGE_VALF));
      to.max = float_bound(std::nextafter(typed<parquet::FloatType>(from).max(), HUGE_VALF));
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

// Whether bounds mean what they are: decimals, days and times of day are integers of another meaning, and only moments
// say so.
bool has_plain_bounds(const parquet::ColumnDescriptor& column) {
  const auto& type = column.logical_type();
  if (!type || type->is_none()) return true;
  return type->is_int() || type->is_string() || unit_of(column).has_value();
}

// Whether all pages of the chunk are codes.
bool has_only_codes(const parquet::ColumnChunkMetaData& chunk) {
  if (!chunk.has_dictionary_page()) return false;
  bool has_codes = false;
  for (const parquet::PageEncodingStats& pages : chunk.encoding_stats()) {
    if (pages.page_type == parquet::PageType::DICTIONARY_PAGE) continue;
    if (pages.encoding != parquet::Encoding::PLAIN_DICTIONARY && pages.encoding != parquet::Encoding::RLE_DICTIONARY)
      return false;
    has_codes = true;
  }
  return has_codes;
}

std::int64_t dictionary_bytes(const parquet::ColumnChunkMetaData& chunk) {
  return chunk.data_page_offset() - chunk.dictionary_page_offset();
}

// A code is as many bits as tell the values apart.
double num_distinct(const parquet::ColumnChunkMetaData& chunk) {
  if (!has_only_codes(chunk) || chunk.num_values() == 0) return 0;
  const auto num_values = static_cast<double>(chunk.num_values());
  const auto code_bytes =
      static_cast<double>(std::max<std::int64_t>(1, chunk.total_uncompressed_size() - dictionary_bytes(chunk)));
  return std::min(num_values, std::exp2(std::min(60.0, 8 * code_bytes / num_values)));
}

// Whether all of the chunk are codes, and the dictionary is so small that rows share its texts many times over.
bool is_encoded(const parquet::ColumnChunkMetaData& chunk, const parquet::ColumnDescriptor& column) {
  if (column.physical_type() != parquet::Type::BYTE_ARRAY || !has_only_codes(chunk)) return false;
  constexpr std::int64_t kMinRowsPerByte = 4;
  return dictionary_bytes(chunk) > 0 && dictionary_bytes(chunk) * kMinRowsPerByte < chunk.num_values();
}

// Codes of a large dictionary hide how long the texts are, unless the file says it.
std::int64_t bytes_in_memory(const parquet::ColumnChunkMetaData& chunk, const parquet::ColumnDescriptor& column,
                             bool is_encoded) {
  const std::int64_t num_values = chunk.num_values();
  switch (column.physical_type()) {
    case parquet::Type::BOOLEAN:
      return num_values;
    case parquet::Type::INT32:
    case parquet::Type::FLOAT:
      return 4 * num_values;
    case parquet::Type::FIXED_LEN_BYTE_ARRAY:
      return column.type_length() * num_values;
    case parquet::Type::BYTE_ARRAY:
      break;
    default:
      return 8 * num_values;
  }
  if (is_encoded) return 4 * num_values;
  const auto sizes = chunk.size_statistics();
  const std::int64_t stored = std::max<std::int64_t>(chunk.total_uncompressed_size(), 8 * num_values);
  const std::int64_t texts = sizes ? sizes->unencoded_byte_array_data_bytes.value_or(stored) : stored;
  return texts + 8 * num_values;
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
    statistics.num_bytes = bytes_in_memory(*chunk, column, statistics.is_encoded);
    statistics.num_distinct = num_distinct(*chunk);
    result.columns.push_back(std::move(statistics));
  }
  return result;
}

}  // namespace

void throw_unreadable_parquet(const std::string& path, const std::string& reason) {
  throw io_error(fmt::format("read_parquet: cannot read '{}': {}; the file is truncated, damaged or no Parquet file",
                             path, reason));
}

namespace {

// What files say of themselves, for whoever opens them next: each of their parts is read by a task of its own, and
// reading the footer of a large file takes as long as reading some of its pages. Thread-safe.
class KnownFooters {
 public:
  using Footer = std::shared_ptr<parquet::FileMetaData>;

  Footer find(const struct stat& file) {
    std::lock_guard lock(mutex_);
    const auto found =
        std::find_if(known_.begin(), known_.end(), [&](const Known& known) { return known.is_of(file); });
    if (found == known_.end()) return nullptr;
    std::rotate(found, found + 1, known_.end());
    return known_.back().footer;
  }
  void keep(const struct stat& file, Footer footer) {
    if (footer->size() > kMaxBytes || is_fresh(file)) return;
    std::lock_guard lock(mutex_);
    if (known_.size() == kMaxFiles) known_.erase(known_.begin());
    known_.push_back({file.st_dev, file.st_ino, file.st_size, file.st_ctim, std::move(footer)});
  }

 private:
  static constexpr std::size_t kMaxFiles = 16;
  static constexpr std::uint32_t kMaxBytes = 1u << 20;  // in the file

  struct Known {
    dev_t device;
    ino_t inode;
    off_t size;
    timespec changed;
    Footer footer;

    bool is_of(const struct stat& file) const {
      return device == file.st_dev && inode == file.st_ino && size == file.st_size &&
             changed.tv_sec == file.st_ctim.tv_sec && changed.tv_nsec == file.st_ctim.tv_nsec;
    }
  };

  // The clock of files ticks every few milliseconds: what is written now may be written again within the same tick.
  static bool is_fresh(const struct stat& file) {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec - file.st_ctim.tv_sec < 2;
  }

  std::mutex mutex_;
  std::vector<Known> known_;  // the one that was used last is at the end
};

// Never destroyed: files may be read until the program ends.
KnownFooters& known_footers() {
  static auto* footers = new KnownFooters;
  return *footers;
}

}  // namespace

std::unique_ptr<parquet::ParquetFileReader> open_parquet(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) {
    throw Error(ErrorKind::file_not_found, fmt::format("read_parquet: there is no file '{}'", path));
  }
  auto file = parquet_call(path, [&] { return arrow::io::ReadableFile::Open(path, table_memory()); });
  // Column chunks are read as they are decoded: those of a row group may be larger than all that a task should take.
  constexpr std::int64_t kBufferBytes = 256 * 1024;
  parquet::ReaderProperties properties(table_memory());
  properties.enable_buffered_stream();
  properties.set_buffer_size(kBufferBytes);
  // The file that is open, which may be another one than the path named a moment ago.
  if (::fstat(file->file_descriptor(), &status) != 0) throw_unreadable_parquet(path, "its state cannot be read");
  const auto known = known_footers().find(status);
  auto reader =
      parquet_call(path, [&] { return parquet::ParquetFileReader::Open(std::move(file), properties, known); });
  if (!known) known_footers().keep(status, reader->metadata());
  return reader;
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

std::vector<ParquetRowGroup> read_row_groups(const std::string& path, const std::vector<int>& groups) {
  const auto file = open_parquet(path);
  return parquet_call(path, [&] {
    std::vector<ParquetRowGroup> result;
    for (const int group : groups) result.push_back(describe(*file->metadata()->RowGroup(group)));
    return result;
  });
}

}  // namespace plait
