#include "kernels/formats/parquet_reader.h"

#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <fmt/format.h>
#include <parquet/arrow/reader.h>
#include <parquet/metadata.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "base/text.h"
#include "kernels/formats/parquet_access.h"
#include "kernels/table/table_memory.h"
#include "plait/error.h"

namespace plait {
namespace {

using FileReaderPtr = std::unique_ptr<parquet::arrow::FileReader>;

// A lookup by name would find neither of the two.
void check_names(const parquet::SchemaDescriptor& schema, const std::string& path) {
  std::set<std::string> seen;
  for (int i = 0; i < schema.group_node()->field_count(); ++i) {
    const std::string& name = schema.group_node()->field(i)->name();
    if (seen.insert(name).second) continue;
    throw value_error(
        fmt::format("read_parquet: '{}' has two columns named '{}'; column names must differ", path, name));
  }
}

FileReaderPtr open_reader(const std::string& path, const ParquetReadOptions& options) {
  auto file = open_parquet(path);
  const parquet::SchemaDescriptor& schema = *file->metadata()->schema();
  check_names(schema, path);
  parquet::ArrowReaderProperties properties(/*use_threads=*/false);
  properties.set_batch_size(options.batch_rows);
  properties.set_pre_buffer(false);
  for (int i = 0; i < schema.num_columns(); ++i) {
    const std::string name = schema.Column(i)->path()->ToDotString();
    if (std::find(options.dictionary.begin(), options.dictionary.end(), name) != options.dictionary.end())
      properties.set_read_dictionary(i, true);
  }
  return parquet_call(path,
                      [&] { return parquet::arrow::FileReader::Make(table_memory(), std::move(file), properties); });
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
    if (wanted.contains(schema.GetColumnRoot(i)->name())) leaves.push_back(i);
  }
  return leaves;
}

void check_groups(const std::vector<int>& groups, int num_groups, const std::string& path) {
  for (const int group : groups) {
    if (group >= 0 && group < num_groups) continue;
    throw index_error(fmt::format("read_parquet: row group {} asked of '{}', which has {}", group, path, num_groups));
  }
}

std::vector<int> positions_of(const std::vector<std::string>& columns, const arrow::Schema& schema) {
  std::vector<int> positions;
  for (const std::string& name : columns) positions.push_back(schema.GetFieldIndex(name));
  return positions;
}

}  // namespace

std::shared_ptr<arrow::Schema> read_parquet_schema(const std::string& path) {
  const FileReaderPtr reader = open_reader(path, {});
  return parquet_call(path, [&]() -> arrow::Result<std::shared_ptr<arrow::Schema>> {
    std::shared_ptr<arrow::Schema> schema;
    ARROW_RETURN_NOT_OK(reader->GetSchema(&schema));
    return schema;
  });
}

struct ParquetBatches::Impl {
  std::string path;
  std::vector<std::string> columns;
  FileReaderPtr file;
  std::unique_ptr<arrow::RecordBatchReader> batches;
};

ParquetBatches::ParquetBatches(std::string path, const std::vector<int>& row_groups,
                               const std::vector<std::string>& columns, const ParquetReadOptions& options)
    : impl_(std::make_unique<Impl>()) {
  impl_->path = std::move(path);
  impl_->columns = columns;
  impl_->file = open_reader(impl_->path, options);
  check_groups(row_groups, impl_->file->num_row_groups(), impl_->path);
  const auto leaves = leaves_of(*impl_->file->parquet_reader()->metadata()->schema(), columns, impl_->path);
  impl_->batches = parquet_call(impl_->path, [&] { return impl_->file->GetRecordBatchReader(row_groups, leaves); });
}
ParquetBatches::~ParquetBatches() = default;

std::shared_ptr<arrow::RecordBatch> ParquetBatches::next() {
  const auto batch = parquet_call(impl_->path, [&] { return impl_->batches->Next(); });
  if (!batch) return nullptr;
  // Texts and codes in a file may lie; later code trusts them.
  const auto valid = batch->ValidateFull();
  if (!valid.ok()) throw_unreadable_parquet(impl_->path, valid.message());
  return parquet_call(impl_->path,
                      [&] { return batch->SelectColumns(positions_of(impl_->columns, *batch->schema())); });
}

std::shared_ptr<arrow::Table> read_parquet_block(const std::string& path, const std::vector<int>& row_groups,
                                                 const std::vector<std::string>& columns,
                                                 const ParquetReadOptions& options) {
  const FileReaderPtr reader = open_reader(path, options);
  std::vector<int> groups = row_groups;
  if (groups.empty()) {
    groups.resize(static_cast<std::size_t>(reader->num_row_groups()));
    std::iota(groups.begin(), groups.end(), 0);
  }
  check_groups(groups, reader->num_row_groups(), path);
  const std::vector<int> leaves = leaves_of(*reader->parquet_reader()->metadata()->schema(), columns, path);
  const auto table = parquet_call(path, [&] { return reader->ReadRowGroups(groups, leaves); });
  const auto valid = table->ValidateFull();
  if (!valid.ok()) throw_unreadable_parquet(path, valid.message());
  return parquet_call(path, [&] { return table->SelectColumns(positions_of(columns, *table->schema())); });
}

}  // namespace plait
