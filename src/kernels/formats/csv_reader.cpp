#include "kernels/formats/csv_reader.h"

#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>
#include <fmt/format.h>

#include "kernels/formats/csv_column.h"
#include "kernels/formats/csv_missing.h"
#include "kernels/formats/csv_place.h"
#include "kernels/formats/csv_rows.h"
#include "kernels/formats/csv_text.h"

namespace plait {

class CsvBatchReader::Impl {
 public:
  Impl(const CsvBlock& block, const std::vector<std::string>& columns, const CsvSchema& schema,
       const CsvOptions& options)
      : block_(block),
        options_(options),
        num_columns_(schema.columns.size()),
        arrow_schema_(csv_arrow_schema(schema, columns)),
        dialect_(csv_dialect(options)),
        text_(block, dialect_) {
    const MissingTextsOfColumns missing(options);
    for (const std::string& name : columns) {
      const std::size_t position = schema.index_of(name);
      columns_.push_back(
          {position, schema.columns[position], make_csv_column_builder(schema.columns[position], missing, traits_)});
    }
  }

  // Appends the next batch to the columns; false at the end.
  bool advance() {
    if (!text_.next()) {
      if (text_.ends_in_quotes()) throw_unterminated_quote(block_, options_, text_.file_offset());
      return false;
    }
    try {
      rows_.build(text_.text(), text_.index(), dialect_, num_columns_, csv_row_lengths(options_));
    } catch (const RaggedRow& row) {
      throw_ragged_row(block_, options_, text_.file_offset() + row.position, row.num_fields, num_columns_);
    }
    traits_.has_non_ascii = text_.index().has_non_ascii();
    for (Column& column : columns_) convert(column);
    num_rows_ += static_cast<std::int64_t>(rows_.num_rows());
    return true;
  }

  // Room for the whole block, as many rows a byte as in the first batch.
  void reserve_all() {
    if (block_.length <= 0 || text_.num_bytes() == 0) return;
    const double batches = static_cast<double>(block_.length) / static_cast<double>(text_.num_bytes());
    const auto expected = static_cast<std::size_t>(1.02 * batches * static_cast<double>(num_rows_)) + 64;
    for (Column& column : columns_) column.builder->reserve(expected);
  }

  std::shared_ptr<arrow::RecordBatch> finish() {
    std::vector<std::shared_ptr<arrow::Array>> arrays;
    for (Column& column : columns_) arrays.push_back(column.builder->finish());
    auto batch = arrow::RecordBatch::Make(arrow_schema_, num_rows_, std::move(arrays));
    num_rows_ = 0;
    return batch;
  }

 private:
  struct Column {
    std::size_t position;
    CsvColumn description;
    std::unique_ptr<CsvColumnBuilder> builder;
  };

  void convert(Column& column) {
    const CsvFields fields = rows_.column(column.position, text_.room());
    try {
      column.builder->append(fields);
    } catch (const BadCsvValue& bad) {
      report(column.description, bad, fields[bad.row]);
    }
  }

  [[noreturn]] void report(const CsvColumn& column, const BadCsvValue& bad, std::string_view value) const {
    const std::string place = csv_place(block_, options_, text_.file_offset() + rows_.row_begin(bad.row));
    const std::string found =
        fmt::format("{}: column '{}' has the value '{}'", place, column.name, value.substr(0, 80));
    if (bad.reason[0] != '\0') throw value_error(fmt::format("{}, which {}", found, bad.reason));
    if (column.given) {
      throw value_error(fmt::format("{}, which does not fit its given dtype {}; correct the file or give another dtype",
                                    found, to_string(column.type)));
    }
    throw DetailedError(
        ErrorKind::value,
        fmt::format("{}, but the sample of the files showed {}; give its dtype, for example dtype={{'{}': 'str'}}",
                    found, to_string(column.type), column.name),
        Value::of(SchemaWidening{block_.path, column.name, bad.evidence}));
  }

  CsvBlock block_;
  CsvOptions options_;
  std::size_t num_columns_;
  std::shared_ptr<arrow::Schema> arrow_schema_;
  CsvDialect dialect_;
  CsvText text_;
  CsvRows rows_;
  CsvBatchTraits traits_;
  std::vector<Column> columns_;
  std::int64_t num_rows_ = 0;
};

CsvBatchReader::CsvBatchReader(const CsvBlock& block, const std::vector<std::string>& columns, const CsvSchema& schema,
                               const CsvOptions& options)
    : impl_(std::make_unique<Impl>(block, columns, schema, options)) {}

CsvBatchReader::~CsvBatchReader() = default;

std::shared_ptr<arrow::RecordBatch> CsvBatchReader::next() { return impl_->advance() ? impl_->finish() : nullptr; }

std::shared_ptr<arrow::Table> parse_csv_block(const CsvBlock& block, const std::vector<std::string>& columns,
                                              const CsvSchema& schema, const CsvOptions& options) {
  CsvBatchReader reader(block, columns, schema, options);
  if (reader.impl_->advance()) {
    reader.impl_->reserve_all();
    while (reader.impl_->advance()) {
    }
  }
  const auto batch = reader.impl_->finish();
  return arrow::Table::Make(batch->schema(), batch->columns(), batch->num_rows());
}

namespace {

// In the words of kernels/table/column_metadata.h.
std::shared_ptr<arrow::KeyValueMetadata> column_metadata(const CsvColumn& column) {
  auto metadata = arrow::key_value_metadata(std::vector<std::string>{}, std::vector<std::string>{});
  if (column.type == CsvType::object_boolean || column.type == CsvType::object)
    metadata->Append("plait.family", "object");
  if (column.nullable) metadata->Append("plait.family", "nullable");
  if (column.dictionary && column.type == CsvType::string) metadata->Append("plait.text", "1");
  return metadata;
}

}  // namespace

std::shared_ptr<arrow::Schema> csv_arrow_schema(const CsvSchema& schema, const std::vector<std::string>& columns) {
  arrow::FieldVector fields;
  for (const std::string& name : columns) {
    const CsvColumn& column = schema.columns[schema.index_of(name)];
    const auto metadata = column_metadata(column);
    const auto field = arrow::field(name, csv_arrow_type(column));
    fields.push_back(metadata->size() == 0 ? field : field->WithMetadata(metadata));
  }
  return arrow::schema(std::move(fields));
}

}  // namespace plait
