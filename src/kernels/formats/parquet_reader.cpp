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
#include "kernels/formats/parquet_columns.h"
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
  FileReaderPtr file;
  std::vector<int> row_groups;
  std::int64_t batch_rows = 0;
  std::shared_ptr<arrow::Schema> schema;                // of the columns asked for, in that order
  std::vector<std::unique_ptr<ParquetColumn>> columns;  // null: Arrow's reader reads it
  std::vector<int> other_leaves;
  std::size_t next_group = 0;
  std::shared_ptr<parquet::RowGroupReader> group;
  std::int64_t rows_left = 0;  // of the row group
  std::int64_t rows_at_once = 0;
  std::unique_ptr<arrow::RecordBatchReader> others;  // of the row group

  void open(const std::vector<std::string>& names, const ParquetReadOptions& options) {
    const parquet::FileMetaData& metadata = *file->parquet_reader()->metadata();
    other_leaves = leaves_of(*metadata.schema(), names, path);
    const auto stored = parquet_call(path, [&]() -> arrow::Result<std::shared_ptr<arrow::Schema>> {
      std::shared_ptr<arrow::Schema> all;
      ARROW_RETURN_NOT_OK(file->GetSchema(&all));
      return all;
    });
    arrow::FieldVector fields;
    for (const std::string& name : names) {
      fields.push_back(stored->GetFieldByName(name));
      const int leaf = metadata.schema()->ColumnIndex(name);
      columns.push_back(leaf < 0 ? nullptr : parquet_column(metadata, row_groups, leaf, *fields.back()));
      if (columns.back()) std::erase(other_leaves, leaf);
    }
    schema = arrow::schema(std::move(fields));
    batch_rows = options.batch_rows;
  }

  void begin_group() {
    const int number = row_groups[next_group++];
    group = file->parquet_reader()->RowGroup(number);
    for (const auto& column : columns) {
      if (column) column->begin(*group);
    }
    rows_left = group->metadata()->num_rows();
    // Batches of about the same size.
    const std::int64_t num_batches = std::max<std::int64_t>(1, (rows_left + batch_rows - 1) / batch_rows);
    rows_at_once = (rows_left + num_batches - 1) / num_batches;
    others.reset();
    if (!other_leaves.empty())
      others = parquet_call(path, [&] { return file->GetRecordBatchReader({number}, other_leaves); });
  }

  // Of the columns that Arrow's reader reads.
  std::shared_ptr<arrow::RecordBatch> next_others() {
    auto batch = parquet_call(path, [&] { return others->Next(); });
    if (!batch || batch->num_rows() == 0) throw_unreadable_parquet(path, "a column has fewer rows than its row group");
    // Texts and codes in a file may lie; later code trusts them.
    const auto valid = batch->ValidateFull();
    if (!valid.ok()) throw_unreadable_parquet(path, valid.message());
    return batch;
  }

  std::shared_ptr<arrow::RecordBatch> next() {
    const auto rest = others ? next_others() : nullptr;
    const std::int64_t num_rows = rest ? rest->num_rows() : std::min(rows_at_once, rows_left);
    rows_left -= num_rows;
    arrow::ArrayVector arrays;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      arrays.push_back(columns[i] ? columns[i]->next(num_rows)
                                  : rest->GetColumnByName(schema->field(static_cast<int>(i))->name()));
    }
    return arrow::RecordBatch::Make(schema, num_rows, std::move(arrays));
  }
};

ParquetBatches::ParquetBatches(std::string path, const std::vector<int>& row_groups,
                               const std::vector<std::string>& columns, const ParquetReadOptions& options)
    : impl_(std::make_unique<Impl>()) {
  impl_->path = std::move(path);
  impl_->row_groups = row_groups;
  impl_->file = open_reader(impl_->path, options);
  check_groups(row_groups, impl_->file->num_row_groups(), impl_->path);
  impl_->open(columns, options);
}
ParquetBatches::~ParquetBatches() = default;

std::shared_ptr<arrow::RecordBatch> ParquetBatches::next() {
  return parquet_call(impl_->path, [&]() -> std::shared_ptr<arrow::RecordBatch> {
    while (impl_->rows_left == 0) {
      if (impl_->next_group == impl_->row_groups.size()) return nullptr;
      impl_->begin_group();
    }
    return impl_->next();
  });
}

std::shared_ptr<arrow::Schema> ParquetBatches::schema() const { return impl_->schema; }

std::shared_ptr<arrow::Table> read_parquet_block(const std::string& path, const std::vector<int>& row_groups,
                                                 const std::vector<std::string>& columns, ParquetReadOptions options) {
  std::vector<int> groups = row_groups;
  const auto file = open_parquet(path);
  const parquet::FileMetaData& metadata = *file->metadata();
  if (groups.empty()) {
    groups.resize(static_cast<std::size_t>(metadata.num_row_groups()));
    std::iota(groups.begin(), groups.end(), 0);
  }
  check_groups(groups, metadata.num_row_groups(), path);
  options.batch_rows = 1;
  for (const int group : groups)
    options.batch_rows = std::max(options.batch_rows, metadata.RowGroup(group)->num_rows());
  ParquetBatches batches(path, groups, columns, options);
  arrow::RecordBatchVector all;
  while (auto batch = batches.next()) all.push_back(std::move(batch));
  return parquet_call(path, [&] { return arrow::Table::FromRecordBatches(batches.schema(), all); });
}

}  // namespace plait
