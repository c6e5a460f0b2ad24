// Tables written to and read from files: the writers and the Parquet reader for those who know nothing of Arrow.
#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "kernels/formats/whole_file.h"
#include "kernels/table/table_value.h"

namespace plait {

struct TableCsvOptions {
  std::string sep = ",";
  std::string na_rep;
  bool header = true;
  bool index = true;
  static constexpr auto fields =
      std::tuple{&TableCsvOptions::sep, &TableCsvOptions::na_rep, &TableCsvOptions::header, &TableCsvOptions::index};
};
// The files have their names only when they are complete.
void write_csv_file(const Table& table, const NewFile& file, const TableCsvOptions& options);

struct TableParquetOptions {
  std::string compression = "snappy";
  bool index = true;
  static constexpr auto fields = std::tuple{&TableParquetOptions::compression, &TableParquetOptions::index};
};
void write_parquet_file(const Table& table, const NewFile& file, const TableParquetOptions& options);

// Files of one schema, each read whole.
struct ParquetScan {
  std::vector<std::string> files;
  std::vector<std::int64_t> stamps;    // size and time of each file
  std::vector<std::int64_t> num_rows;  // of each file
  std::vector<std::string> names;      // columns without the index
  Table schema;                        // no rows
  static constexpr auto fields = std::tuple{&ParquetScan::files, &ParquetScan::stamps, &ParquetScan::num_rows,
                                            &ParquetScan::names, &ParquetScan::schema};
};
// A file, a pattern, or a folder of *.parquet files.
ParquetScan scan_parquet(const std::vector<std::string>& paths);
// Columns in the order asked for, with the index columns that the file names if `with_index`.
Table read_parquet_table(const std::string& path, const std::vector<std::string>& columns, const Table& schema,
                         bool with_index);

}  // namespace plait
