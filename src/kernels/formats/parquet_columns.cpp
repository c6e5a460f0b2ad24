#include "kernels/formats/parquet_columns.h"

#include <arrow/api.h>
#include <parquet/column_reader.h>
#include <parquet/metadata.h>
#include <parquet/statistics.h>

#include <algorithm>

#include "base/buffer.h"
#include "kernels/table/column_output.h"

namespace plait {
namespace {

[[noreturn]] void throw_damaged(const char* what) { throw parquet::ParquetException(what); }

// Where rows have no value. Levels are read only where the file does not say that there are none.
class Presence {
 public:
  Presence(bool may_miss, std::int64_t num_rows) {
    if (may_miss) levels_.resize(static_cast<std::size_t>(num_rows));
  }
  std::int16_t* levels_from(std::int64_t row) { return levels_.empty() ? nullptr : levels_.data() + row; }

  // The values, which stand side by side, go to their rows.
  template <class T>
  void spread(ColumnOutput<T>& column, std::int64_t num_values) const {
    const auto num_rows = static_cast<std::int64_t>(levels_.size());
    if (num_rows == 0 || num_values == num_rows) return;
    if (std::count(levels_.begin(), levels_.end(), 1) != num_values)
      throw_damaged("a page holds another number of values than it says");
    T* values = column.values();
    for (std::int64_t row = num_rows - 1; row >= 0; --row) {
      if (levels_[static_cast<std::size_t>(row)] == 1)
        values[row] = values[--num_values];
      else
        column.set_null(row);
    }
  }

 private:
  PooledVector<std::int16_t> levels_;  // by row, 1: there is a value
};

// What the file says of a column in the row group that is read.
class GroupColumn {
 public:
  explicit GroupColumn(int leaf) : leaf_(leaf) {}

  void begin(parquet::RowGroupReader& group) {
    const auto chunk = group.metadata()->ColumnChunk(leaf_);
    const auto statistics = chunk->statistics();
    const bool has_none = statistics && statistics->HasNullCount() && statistics->null_count() == 0;
    may_miss_ = group.metadata()->schema()->Column(leaf_)->max_definition_level() > 0 && !has_none;
  }

  // `read(place of the levels, rows wanted, rows read before, values read before, values read now)` gives the rows that
  // it has read. The number of values.
  template <class T, class Read>
  void fill(ColumnOutput<T>& column, std::int64_t num_rows, const Read& read) const {
    Presence presence(may_miss_, num_rows);
    std::int64_t rows = 0;
    std::int64_t values = 0;
    while (rows < num_rows) {
      std::int64_t num_values = 0;
      const std::int64_t found =
          read(num_rows - rows, presence.levels_from(rows), column.values() + values, num_values);
      if (found <= 0) throw_damaged("a column has fewer rows than its row group");
      if (!may_miss_ && found != num_values) throw_damaged("a page holds another number of values than it says");
      rows += found;
      values += num_values;
    }
    presence.spread(column, values);
  }

  int leaf() const { return leaf_; }

 private:
  int leaf_;
  bool may_miss_ = true;
};

template <class PhysicalType>
class Numbers final : public ParquetColumn {
 public:
  using T = typename PhysicalType::c_type;

  Numbers(int leaf, std::shared_ptr<arrow::DataType> type) : group_(leaf), type_(std::move(type)) {}

  void begin(parquet::RowGroupReader& group) override {
    group_.begin(group);
    reader_ = std::static_pointer_cast<parquet::TypedColumnReader<PhysicalType>>(group.Column(group_.leaf()));
  }
  std::shared_ptr<arrow::Array> next(std::int64_t num_rows) override {
    ColumnOutput<T> column(num_rows);
    group_.fill(column, num_rows, [&](std::int64_t wanted, std::int16_t* levels, T* to, std::int64_t& num_values) {
      return reader_->ReadBatch(wanted, levels, nullptr, to, &num_values);
    });
    return column.finish(type_);
  }

 private:
  GroupColumn group_;
  std::shared_ptr<arrow::DataType> type_;
  std::shared_ptr<parquet::TypedColumnReader<PhysicalType>> reader_;
};

// Texts as codes; each row group has a dictionary of its own.
class TextCodes final : public ParquetColumn {
 public:
  TextCodes(int leaf, std::shared_ptr<arrow::DataType> type) : group_(leaf), type_(std::move(type)) {}

  void begin(parquet::RowGroupReader& group) override {
    group_.begin(group);
    reader_ = std::static_pointer_cast<parquet::ByteArrayReader>(
        group.ColumnWithExposeEncoding(group_.leaf(), parquet::ExposedEncoding::DICTIONARY));
    if (reader_->GetExposedEncoding() != parquet::ExposedEncoding::DICTIONARY)
      throw_damaged("a column of codes has pages of another encoding");
    dictionary_.reset();
  }
  std::shared_ptr<arrow::Array> next(std::int64_t num_rows) override {
    ColumnOutput<std::int32_t> codes(num_rows);
    group_.fill(codes, num_rows,
                [&](std::int64_t wanted, std::int16_t* levels, std::int32_t* to, std::int64_t& num_values) {
                  const parquet::ByteArray* texts = nullptr;
                  std::int32_t num_texts = 0;
                  const std::int64_t rows =
                      reader_->ReadBatchWithDictionary(wanted, levels, nullptr, to, &num_values, &texts, &num_texts);
                  if (!dictionary_ && texts) dictionary_ = texts_of(texts, num_texts);
                  check_codes(to, num_values);
                  return rows;
                });
    if (!dictionary_) dictionary_ = texts_of(nullptr, 0);
    return std::make_shared<arrow::DictionaryArray>(type_, codes.finish(arrow::int32()), dictionary_);
  }

 private:
  void check_codes(const std::int32_t* codes, std::int64_t count) const {
    const auto num_texts = static_cast<std::uint32_t>(dictionary_ ? dictionary_->length() : 0);
    std::uint32_t largest = 0;
    for (std::int64_t i = 0; i < count; ++i) largest = std::max(largest, static_cast<std::uint32_t>(codes[i]));
    if (count > 0 && largest >= num_texts) throw_damaged("a code is beyond its dictionary");
  }

  std::shared_ptr<arrow::Array> texts_of(const parquet::ByteArray* texts, std::int32_t count) const {
    const auto& value_type = static_cast<const arrow::DictionaryType&>(*type_).value_type();
    const auto fill = [&](auto builder) {
      for (std::int32_t i = 0; i < count; ++i)
        check_arrow(
            builder.Append(reinterpret_cast<const char*>(texts[i].ptr), static_cast<std::int32_t>(texts[i].len)),
            "read_parquet");
      return value_or_throw(builder.Finish(), "read_parquet");
    };
    const auto array = value_type->id() == arrow::Type::LARGE_STRING ? fill(arrow::LargeStringBuilder(table_memory()))
                                                                     : fill(arrow::StringBuilder(table_memory()));
    const auto valid = array->ValidateFull();
    if (!valid.ok()) throw_damaged(valid.message().c_str());
    return array;
  }

  GroupColumn group_;
  std::shared_ptr<arrow::DataType> type_;
  std::shared_ptr<parquet::ByteArrayReader> reader_;
  std::shared_ptr<arrow::Array> dictionary_;
};

// Whether every page of the chunk is codes, which the library's reader looks at in the same way.
bool is_all_codes(const parquet::ColumnChunkMetaData& chunk) {
  const auto& stats = chunk.encoding_stats();
  if (!chunk.has_dictionary_page() || stats.size() < 2 || stats[0].page_type != parquet::PageType::DICTIONARY_PAGE)
    return false;
  const auto is_dictionary = stats[0].encoding;
  if (is_dictionary != parquet::Encoding::PLAIN && is_dictionary != parquet::Encoding::PLAIN_DICTIONARY) return false;
  return std::all_of(stats.begin() + 1, stats.end(), [](const parquet::PageEncodingStats& pages) {
    return pages.encoding == parquet::Encoding::RLE_DICTIONARY || pages.encoding == parquet::Encoding::PLAIN_DICTIONARY;
  });
}

bool has_unit(const parquet::ColumnDescriptor& column, const arrow::DataType& type) {
  const auto& logical = column.logical_type();
  if (!logical || !logical->is_timestamp()) return false;
  switch (static_cast<const arrow::TimestampType&>(type).unit()) {
    case arrow::TimeUnit::MILLI:
      return static_cast<const parquet::TimestampLogicalType&>(*logical).time_unit() ==
             parquet::LogicalType::TimeUnit::MILLIS;
    case arrow::TimeUnit::MICRO:
      return static_cast<const parquet::TimestampLogicalType&>(*logical).time_unit() ==
             parquet::LogicalType::TimeUnit::MICROS;
    case arrow::TimeUnit::NANO:
      return static_cast<const parquet::TimestampLogicalType&>(*logical).time_unit() ==
             parquet::LogicalType::TimeUnit::NANOS;
    default:
      return false;
  }
}

// Whether what is stored are the values of the array.
bool is_stored_as(const parquet::ColumnDescriptor& column, const arrow::DataType& type) {
  switch (column.physical_type()) {
    case parquet::Type::INT32:
      return type.id() == arrow::Type::INT32 || type.id() == arrow::Type::DATE32;
    case parquet::Type::INT64:
      return type.id() == arrow::Type::INT64 || (type.id() == arrow::Type::TIMESTAMP && has_unit(column, type));
    case parquet::Type::FLOAT:
      return type.id() == arrow::Type::FLOAT;
    case parquet::Type::DOUBLE:
      return type.id() == arrow::Type::DOUBLE;
    default:
      return false;
  }
}

bool is_text_codes(const parquet::ColumnDescriptor& column, const arrow::DataType& type) {
  if (column.physical_type() != parquet::Type::BYTE_ARRAY || type.id() != arrow::Type::DICTIONARY) return false;
  const auto& dictionary = static_cast<const arrow::DictionaryType&>(type);
  const auto values = dictionary.value_type()->id();
  return dictionary.index_type()->id() == arrow::Type::INT32 &&
         (values == arrow::Type::STRING || values == arrow::Type::LARGE_STRING);
}

}  // namespace

std::unique_ptr<ParquetColumn> parquet_column(const parquet::FileMetaData& file, const std::vector<int>& row_groups,
                                              int leaf, const arrow::Field& field) {
  const parquet::ColumnDescriptor& column = *file.schema()->Column(leaf);
  const bool is_flat = column.max_repetition_level() == 0 && column.max_definition_level() <= 1 &&
                       column.path()->ToDotVector().size() == 1;
  if (!is_flat) return nullptr;
  if (is_text_codes(column, *field.type())) {
    const bool are_codes = std::all_of(row_groups.begin(), row_groups.end(), [&](int group) {
      return is_all_codes(*file.RowGroup(group)->ColumnChunk(leaf));
    });
    return are_codes ? std::make_unique<TextCodes>(leaf, field.type()) : nullptr;
  }
  if (!is_stored_as(column, *field.type())) return nullptr;
  switch (column.physical_type()) {
    case parquet::Type::INT32:
      return std::make_unique<Numbers<parquet::Int32Type>>(leaf, field.type());
    case parquet::Type::INT64:
      return std::make_unique<Numbers<parquet::Int64Type>>(leaf, field.type());
    case parquet::Type::FLOAT:
      return std::make_unique<Numbers<parquet::FloatType>>(leaf, field.type());
    default:
      return std::make_unique<Numbers<parquet::DoubleType>>(leaf, field.type());
  }
}

}  // namespace plait
