// Tables written to files: the writers for those who know nothing of Arrow.
#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "base/whole_file.h"
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
// Files have their names only when they are complete.
void write_csv_file(const Table& table, const NewFile& file, const TableCsvOptions& options);

struct TableParquetOptions {
  std::string compression = "snappy";
  bool index = true;
  std::vector<std::string> partition_on;  // columns whose values are folders; see hive_folders.h
  static constexpr auto fields =
      std::tuple{&TableParquetOptions::compression, &TableParquetOptions::index, &TableParquetOptions::partition_on};
};
void write_parquet_file(const Table& table, const NewFile& file, const TableParquetOptions& options);

}  // namespace plait
