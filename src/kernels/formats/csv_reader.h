// Reads CSV files: split them into blocks, infer a schema, parse blocks into Arrow memory.
//
//   CsvSplit split = split_csv({"flights-*.csv"}, options, 64'000'000);
//   CsvSchema schema = infer_csv_schema(split, options);
//   std::shared_ptr<arrow::Table> table = parse_csv_block(split.blocks[0], {"carrier", "dep_delay"}, schema, options);
//
// Blocks hold whole records whatever the quotes contain. Splitting reads the start of each file and a little around
// each block boundary; only a file whose quotes are seen there, or `exact_split`, is read once to find its boundaries.
// A block whose boundary was taken without (`exact` false) checks it while parsing: all blocks of a file together prove
// the split, and a wrong one throws an error with the detail WrongCsvSplit. Types are inferred from samples of all
// blocks and proved by parsing: a value that does not fit throws an error with the detail SchemaWidening, or
// Error(value) for a given dtype. Functions may be called from any thread.
#pragma once

#include <arrow/type_fwd.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "kernels/formats/csv_schema.h"

namespace plait {

// Paths may be patterns (*, ?, [...]), whose files come in order of name. `blocksize` 0 keeps each file whole, as do
// compressed files. Throws Error(file_not_found) for a pattern without files.
CsvSplit split_csv(const std::vector<std::string>& paths, const CsvOptions& options, std::int64_t blocksize);

// What the first `max_bytes` of a block show (-1: all of it), added to `schema`.
CsvSchema infer_csv_block(const CsvBlock& block, const CsvSchema& schema, const CsvOptions& options,
                          std::int64_t max_bytes);
// From samples of all blocks.
CsvSchema infer_csv_schema(const CsvSplit& split, const CsvOptions& options,
                           std::int64_t sample_bytes_per_block = 64 * 1024);

// The Arrow schema of some columns. Field metadata says what Arrow's types cannot (kernels/table/column_metadata.h):
// "plait.family" is "object" or "nullable" where pandas' dtype is, "plait.text" is "1" for text stored as codes.
std::shared_ptr<arrow::Schema> csv_arrow_schema(const CsvSchema& schema, const std::vector<std::string>& columns);

// All rows of a block, in one piece. Without columns the table has just a number of rows.
std::shared_ptr<arrow::Table> parse_csv_block(const CsvBlock& block, const std::vector<std::string>& columns,
                                              const CsvSchema& schema, const CsvOptions& options);

// The rows of a block a cache-sized batch at a time, so that a filter or an aggregation behind it works in cache too.
class CsvBatchReader {
 public:
  CsvBatchReader(const CsvBlock& block, const std::vector<std::string>& columns, const CsvSchema& schema,
                 const CsvOptions& options);
  ~CsvBatchReader();

  // nullptr at the end.
  std::shared_ptr<arrow::RecordBatch> next();

 private:
  friend std::shared_ptr<arrow::Table> parse_csv_block(const CsvBlock&, const std::vector<std::string>&,
                                                       const CsvSchema&, const CsvOptions&);
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace plait
