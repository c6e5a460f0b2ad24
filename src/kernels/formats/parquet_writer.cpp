#include "kernels/formats/parquet_writer.h"

#include <arrow/compute/cast.h>
#include <arrow/compute/initialize.h>
#include <arrow/io/interfaces.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <arrow/util/compression.h>
#include <arrow/util/key_value_metadata.h>
#include <fmt/format.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

#include <algorithm>
#include <exception>
#include <new>

#include "kernels/formats/whole_file.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/table_memory.h"
#include "plait/error.h"

namespace plait {
namespace {

// Lets Arrow write into a WholeFile. An error is kept and thrown again once Arrow's own code has been left.
class WholeFileStream final : public arrow::io::OutputStream {
 public:
  explicit WholeFileStream(WholeFile& file) : file_(file) {}

  arrow::Status Write(const void* data, std::int64_t num_bytes) override {
    try {
      file_.write(data, static_cast<std::size_t>(num_bytes));
      return arrow::Status::OK();
    } catch (...) {
      error_ = std::current_exception();
      return arrow::Status::IOError("writing failed");
    }
  }
  using OutputStream::Write;
  arrow::Result<std::int64_t> Tell() const override { return file_.num_bytes(); }
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return closed_; }
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  WholeFile& file_;
  bool closed_ = false;
  std::exception_ptr error_;
};

arrow::Compression::type codec(const std::string& name) {
  const auto kind = arrow::util::Codec::GetCompressionType(name == "none" || name.empty() ? "uncompressed" : name);
  if (kind.ok() && arrow::util::Codec::IsAvailable(*kind)) return *kind;
  throw value_error(
      fmt::format("to_parquet: compression '{}' is unknown; use snappy, gzip, zstd, brotli, lz4 or none", name));
}

bool is_encoded_text(const arrow::Field& field) {
  return field.type()->id() == arrow::Type::DICTIONARY && field.HasMetadata() &&
         field.metadata()->Get("plait.text").ValueOr("") == "1";
}

// Text stored as codes goes out as plain text, or pandas would take it for a category.
std::shared_ptr<arrow::Table> with_plain_text(std::shared_ptr<arrow::Table> table) {
  for (int i = 0; i < table->num_columns(); ++i) {
    const auto field = table->schema()->field(i);
    if (!is_encoded_text(*field)) continue;
    static const bool ready = arrow::compute::Initialize().ok();
    const auto plain = arrow::compute::Cast(arrow::Datum(table->column(i)), arrow::large_utf8());
    if (!ready || !plain.ok()) throw Error(ErrorKind::runtime, "to_parquet: " + plain.status().message());
    table = value_or_throw(
        table->SetColumn(i, arrow::field(field->name(), arrow::large_utf8()), plain->chunked_array()), "to_parquet");
  }
  return table;
}

// The table as it goes into the file: index columns last, unnamed ones under their stored name, pandas' metadata.
std::shared_ptr<arrow::Table> for_file(const arrow::Table& from, const ParquetWriteOptions& options) {
  FileIndex index = options.file_index;
  std::vector<int> order, index_positions;
  for (const std::string& name : index.columns) {
    const int position = from.schema()->GetFieldIndex(name);
    if (position < 0) throw key_error("to_parquet: there is no index column '" + name + "' in the table");
    index_positions.push_back(position);
  }
  for (int i = 0; i < from.num_columns(); ++i) {
    if (std::find(index_positions.begin(), index_positions.end(), i) == index_positions.end()) order.push_back(i);
  }
  if (options.index) order.insert(order.end(), index_positions.begin(), index_positions.end());
  auto table = value_or_throw(from.SelectColumns(order), "to_parquet");
  if (options.index) {
    auto names = table->ColumnNames();
    for (std::size_t i = 0; i < index.columns.size() && i < index.names.size(); ++i) {
      std::string& stored = names[names.size() - index.columns.size() + i];
      if (index.names[i].empty())
        stored = index.columns.size() == 1 ? options.null_index_name : fmt::format("__index_level_{}__", i);
      else
        stored = index.names[i];
      index.columns[i] = stored;
    }
    table = value_or_throw(table->RenameColumns(names), "to_parquet");
  } else {
    index = {};
  }
  table = with_plain_text(std::move(table));
  const auto metadata = pandas_metadata(*table->schema(), index, table->num_rows());
  arrow::FieldVector fields;
  for (const auto& field : table->schema()->fields())
    fields.push_back(field->HasMetadata() ? field->RemoveMetadata() : field);
  return arrow::Table::Make(arrow::schema(std::move(fields), arrow::key_value_metadata({"pandas"}, {metadata})),
                            table->columns(), table->num_rows());
}

}  // namespace

void write_parquet(const arrow::Table& table, const NewFile& file, const ParquetWriteOptions& options) {
  const auto properties = parquet::WriterProperties::Builder()
                              .compression(codec(options.compression))
                              ->memory_pool(table_memory())
                              ->build();
  const auto arrow_properties = parquet::ArrowWriterProperties::Builder().store_schema()->build();
  const auto written = for_file(table, options);
  WholeFile whole(file, "to_parquet");
  const auto stream = std::make_shared<WholeFileStream>(whole);
  arrow::Status status;
  try {
    status = parquet::arrow::WriteTable(*written, table_memory(), stream, options.row_group_rows, properties,
                                        arrow_properties);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    status = arrow::Status::IOError(error.what());
  }
  stream->rethrow();
  if (!status.ok()) throw io_error(fmt::format("to_parquet: cannot write '{}': {}", file.shown, status.message()));
  whole.commit();
}

}  // namespace plait
