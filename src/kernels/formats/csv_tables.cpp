#include "kernels/formats/csv_tables.h"

#include <arrow/api.h>

#include <algorithm>

#include "kernels/formats/csv_reader.h"
#include "kernels/table/arrow_table.h"

namespace plait {
namespace {

TypeFamily family_of(const CsvColumn& column) {
  if (column.type == CsvType::object_boolean) return TypeFamily::object;
  return column.nullable ? TypeFamily::nullable : TypeFamily::numpy;
}

// What the fields' names and families are; their values come later.
std::vector<NamedColumn> named_columns(const arrow::Schema& fields, const CsvSchema& schema) {
  std::vector<NamedColumn> columns;
  for (const auto& field : fields.fields()) {
    const CsvColumn& column = schema.columns[schema.index_of(field->name())];
    NamedColumn named;
    named.name = field->name();
    named.family = family_of(column);
    named.encoded_text = column.dictionary && column.type != CsvType::category;
    columns.push_back(std::move(named));
  }
  return columns;
}

Table table_of_arrays(std::vector<NamedColumn> columns, const std::vector<std::shared_ptr<arrow::ChunkedArray>>& arrays,
                      std::int64_t num_rows, std::int64_t start) {
  for (std::size_t i = 0; i < columns.size(); ++i) columns[i].values = arrays[i];
  return table_of(columns, IndexSpec{.start = start}, TableForm::frame, num_rows);
}

std::vector<std::int64_t> stamps_of(const CsvSplit& split) {
  std::vector<std::int64_t> stamps;
  const std::string* last = nullptr;
  for (const CsvBlock& block : split.blocks) {
    if (last && *last == block.path) continue;
    last = &block.path;
    stamps.push_back(block.stamp.size);
    stamps.push_back(block.stamp.modified);
  }
  return stamps;
}

std::vector<std::string> files_of(const CsvSplit& split) {
  std::vector<std::string> files;
  for (const CsvBlock& block : split.blocks) {
    if (files.empty() || files.back() != block.path) files.push_back(block.path);
  }
  return files;
}

// Other blocks of the same files, which must be what they were: their types are known from what they held.
CsvSplit split_again(const CsvScan& scan, const CsvOptions& options, std::int64_t blocksize) {
  CsvSplit split = split_csv(scan.files, options, blocksize);
  const std::vector<std::int64_t> stamps = stamps_of(split);
  for (std::size_t i = 0; i < scan.stamps.size(); ++i) {
    if (i < stamps.size() && stamps[i] == scan.stamps[i]) continue;
    throw io_error("read_csv: '" + scan.files[i / 2] +
                   "' was changed after read_csv looked at it; call read_csv again");
  }
  return split;
}

// The columns of the scan, these string ones as dictionaries.
CsvSchema encoding(const CsvScan& scan, const std::vector<std::string>& encoded) {
  CsvSchema schema = scan.schema;
  for (const std::string& name : encoded) schema.columns[schema.index_of(name)].dictionary = true;
  return schema;
}

}  // namespace

CsvScan scan_csv(const std::vector<std::string>& paths, const CsvOptions& options, std::int64_t blocksize) {
  CsvScan scan{.paths = paths, .options = options, .blocksize = blocksize};
  scan.split = split_csv(paths, options, blocksize);
  scan.files = files_of(scan.split);
  scan.stamps = stamps_of(scan.split);
  scan.schema = infer_csv_schema(scan.split, options);
  return scan;
}

CsvScan with_blocksize(const CsvScan& scan, std::int64_t blocksize) {
  CsvScan result = scan;
  result.blocksize = blocksize;
  result.split = split_again(scan, scan.options, blocksize);
  return result;
}

CsvScan with_exact_split(const CsvScan& scan) {
  CsvScan result = scan;
  result.options.exact_split = true;
  result.split = split_again(scan, result.options, scan.blocksize);
  return result;
}

Schema csv_table_schema(const CsvScan& scan, const std::vector<std::string>& columns) {
  const auto schema = csv_arrow_schema(scan.schema, columns);
  std::vector<std::shared_ptr<arrow::ChunkedArray>> arrays;
  for (const auto& field : schema->fields()) {
    arrays.push_back(std::make_shared<arrow::ChunkedArray>(arrow::ArrayVector{}, field->type()));
  }
  return table_of_arrays(named_columns(*schema, scan.schema), arrays, 0, 0).schema();
}

struct CsvTableReader::Impl {
  CsvSchema schema;
  CsvBatchReader reader;
  std::vector<NamedColumn> columns;
  std::int64_t num_rows = 0;

  Impl(const CsvScan& scan, const CsvBlock& block, const std::vector<std::string>& names,
       const std::vector<std::string>& encoded)
      : schema(encoding(scan, encoded)),
        reader(block, names, schema, scan.options),
        columns(named_columns(*csv_arrow_schema(schema, names), schema)) {}
};

CsvTableReader::CsvTableReader(const CsvScan& scan, const CsvBlock& block, const std::vector<std::string>& columns,
                               const std::vector<std::string>& encoded)
    : impl_(std::make_unique<Impl>(scan, block, columns, encoded)) {}
CsvTableReader::~CsvTableReader() = default;

std::optional<Table> CsvTableReader::next() {
  const auto batch = impl_->reader.next();
  if (!batch) return std::nullopt;
  std::vector<std::shared_ptr<arrow::ChunkedArray>> arrays;
  for (const auto& array : batch->columns()) arrays.push_back(std::make_shared<arrow::ChunkedArray>(array));
  const std::int64_t start = impl_->num_rows;
  impl_->num_rows += batch->num_rows();
  return table_of_arrays(impl_->columns, arrays, batch->num_rows(), start);
}

Table read_csv_block(const CsvScan& scan, const CsvBlock& block, const std::vector<std::string>& columns,
                     const std::vector<std::string>& encoded) {
  const CsvSchema schema = encoding(scan, encoded);
  const auto table = parse_csv_block(block, columns, schema, scan.options);
  return table_of_arrays(named_columns(*table->schema(), schema), table->columns(), table->num_rows(), 0);
}

}  // namespace plait
