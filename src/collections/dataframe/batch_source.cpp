#include "collections/dataframe/batch_source.h"

#include <algorithm>

#include "collections/dataframe/read_csv.h"
#include "collections/dataframe/read_parquet.h"
#include "collections/dataframe/sources.h"
#include "kernels/table/columns.h"

namespace plait {
namespace {

// What a batch holds stays in the near caches.
constexpr std::int64_t kBatchRows = 32 * 1024;

class CsvBlockSource final : public BatchSource {
 public:
  explicit CsvBlockSource(const CsvBlockRead& read)
      : read_(read), reader_(*read.scan, read.block, read.columns, read.encoded) {}
  std::optional<Table> next() override { return reader_.next(); }
  Table empty() const override { return Table::empty(csv_table_schema(*read_.scan, read_.columns)); }

 private:
  const CsvBlockRead& read_;
  CsvTableReader reader_;
};

class ParquetSource final : public BatchSource {
 public:
  explicit ParquetSource(const ParquetPartRead& read)
      : reader_(*read.scan, read.scan->parts.at(static_cast<std::size_t>(read.part)), read.columns, read.with_index) {}
  std::optional<Table> next() override { return reader_.next(); }
  Table empty() const override { return reader_.no_rows(); }

 private:
  ParquetTableReader reader_;
};

class TableSource final : public BatchSource {
 public:
  explicit TableSource(Table table) : table_(std::move(table)) {}
  std::optional<Table> next() override {
    if (at_ >= table_.num_rows()) return std::nullopt;
    const std::int64_t count = std::min(kBatchRows, table_.num_rows() - at_);
    at_ += count;
    return table_.slice(at_ - count, count);
  }
  Table empty() const override { return table_.slice(0, 0); }

 private:
  Table table_;
  std::int64_t at_ = 0;
};

}  // namespace

std::unique_ptr<BatchSource> batch_source(const KernelCall& call, const TaskContext& context) {
  if (const CsvBlockRead* read = read_csv_block_kernel.params_of(call)) return std::make_unique<CsvBlockSource>(*read);
  if (const ParquetPartRead* read = read_parquet_part_kernel.params_of(call))
    return std::make_unique<ParquetSource>(*read);
  return std::make_unique<TableSource>(call.run({}, context).as<Table>());
}

bool is_batch_source(const ExprPtr& node) {
  return dynamic_cast<const ReadCsv*>(node.get()) || dynamic_cast<const ReadParquet*>(node.get()) ||
         is_in_memory(node);
}

bool is_in_memory(const ExprPtr& source) { return dynamic_cast<const FromTables*>(source.get()) != nullptr; }

ExprPtr with_encoded_text(const ExprPtr& reader, const std::vector<std::string>& columns) {
  const auto* csv = dynamic_cast<const ReadCsv*>(reader.get());
  return csv ? make_expr<ReadCsv>(csv->scan, csv->columns, columns) : reader;
}

}  // namespace plait
