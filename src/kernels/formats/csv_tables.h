// CSV blocks as Tables: the reader of csv_reader.h for those who know nothing of Arrow.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kernels/formats/csv_schema.h"
#include "kernels/table/table_value.h"

namespace plait {

// Everything that is known of a set of CSV files: where their blocks are and what their columns hold.
struct CsvScan {
  std::vector<std::string> paths;  // as the user wrote them
  CsvOptions options;
  std::int64_t blocksize = 0;  // 0: a file a block
  std::vector<std::string> files;
  std::vector<std::int64_t> stamps;  // size and time of each file: the same name can hold other text tomorrow
  CsvSplit split;
  CsvSchema schema;
  static constexpr auto fields = std::tuple{&CsvScan::paths,  &CsvScan::options, &CsvScan::blocksize, &CsvScan::files,
                                            &CsvScan::stamps, &CsvScan::split,   &CsvScan::schema};
};

// Finds files, blocks and types. Throws Error(file_not_found) for a pattern without files.
CsvScan scan_csv(const std::vector<std::string>& paths, const CsvOptions& options, std::int64_t blocksize);
// The same files and types cut into blocks of another size.
CsvScan with_blocksize(const CsvScan& scan, std::int64_t blocksize);
// Split by reading every byte of files with quotes, after an error with the detail WrongCsvSplit.
CsvScan with_exact_split(const CsvScan& scan);

// The schema of a table of some columns.
Schema csv_table_schema(const CsvScan& scan, const std::vector<std::string>& columns);

// A block's rows, a cache-sized batch at a time; the index goes on from batch to batch. `encoded` are string columns
// that nobody looks into (group keys): they come as codes into a dictionary.
class CsvTableReader {
 public:
  CsvTableReader(const CsvScan& scan, const CsvBlock& block, const std::vector<std::string>& columns,
                 const std::vector<std::string>& encoded = {});
  ~CsvTableReader();
  // Nothing at the end.
  std::optional<Table> next();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// All rows of a block, with the same columns as codes.
Table read_csv_block(const CsvScan& scan, const CsvBlock& block, const std::vector<std::string>& columns,
                     const std::vector<std::string>& encoded = {});

}  // namespace plait
