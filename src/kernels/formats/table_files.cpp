#include "kernels/formats/table_files.h"

#include <arrow/api.h>

#include <algorithm>

#include "kernels/formats/csv_writer.h"
#include "kernels/formats/parquet_writer.h"
#include "kernels/table/arrow_table.h"

namespace plait {
namespace {

bool is_unnamed_level(const std::string& column) {
  return column.starts_with("__index_level_") || column == "__null_dask_index__";
}

FileIndex file_index(const Table& table) {
  const IndexSpec& index = table.index();
  FileIndex out{.columns = index.columns, .start = index.start, .step = index.step, .range_name = index.range_name};
  for (const std::string& column : index.columns) out.names.push_back(is_unnamed_level(column) ? "" : column);
  return out;
}

// Text as text: dictionaries that only stand for it are a matter of our memory.
std::shared_ptr<arrow::Table> plain_arrow(const Table& table) {
  auto arrow = arrow_of(table);
  for (const NamedColumn& column : named_columns_of(table)) {
    if (!column.encoded_text) continue;
    arrow::ArrayVector chunks;
    for (const auto& chunk : column.values->chunks()) chunks.push_back(decoded(chunk));
    const auto type = static_cast<const arrow::DictionaryType&>(*column.values->type()).value_type();
    const int position = arrow->schema()->GetFieldIndex(column.name);
    arrow = value_or_throw(arrow->SetColumn(position, arrow::field(column.name, type),
                                            std::make_shared<arrow::ChunkedArray>(chunks, type)),
                           "write");
  }
  return arrow;
}

}  // namespace

void write_csv_file(const Table& table, const NewFile& file, const TableCsvOptions& options) {
  CsvWriteOptions write{.sep = options.sep, .na_rep = options.na_rep, .header = options.header, .index = options.index};
  write.file_index = file_index(table);
  write_csv(*plain_arrow(table), file, write);
}

void write_parquet_file(const Table& table, const NewFile& file, const TableParquetOptions& options) {
  ParquetWriteOptions write{.compression = options.compression};
  write.file_index = file_index(table);
  write.index = options.index;
  write_parquet(*plain_arrow(table), file, write);
}

}  // namespace plait
