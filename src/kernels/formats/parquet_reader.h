// Reads row groups and columns of a Parquet file as Arrow memory.
//
// A damaged or truncated file throws Error(io) that names it. Functions may be called from any thread; one call uses
// one, and so does a reader.
#pragma once

#include <arrow/type_fwd.h>

#include <memory>
#include <string>
#include <vector>

namespace plait {

// With pandas' metadata under the key "pandas", if the file has it. Throws Error(value) for two columns of one name.
std::shared_ptr<arrow::Schema> read_parquet_schema(const std::string& path);

struct ParquetReadOptions {
  std::vector<std::string> dictionary;  // string columns to deliver as codes and a dictionary
  std::int64_t batch_rows = 64 * 1024;
};

// Rows of some row groups, a batch at a time. `columns` in the order asked for; throws Error(key) for an unknown one.
class ParquetBatches {
 public:
  ParquetBatches(std::string path, const std::vector<int>& row_groups, const std::vector<std::string>& columns,
                 const ParquetReadOptions& options = {});
  ~ParquetBatches();
  // Null at the end.
  std::shared_ptr<arrow::RecordBatch> next();
  // Of the batches.
  std::shared_ptr<arrow::Schema> schema() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// All of them at once, a chunk a row group; all row groups when `row_groups` is empty.
std::shared_ptr<arrow::Table> read_parquet_block(const std::string& path, const std::vector<int>& row_groups,
                                                 const std::vector<std::string>& columns,
                                                 ParquetReadOptions options = {});

}  // namespace plait
