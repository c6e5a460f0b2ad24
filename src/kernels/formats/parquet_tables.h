// Parquet files as Tables: what a set of files holds, and its row groups read whole or batch by batch.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "kernels/formats/hive_folders.h"
#include "kernels/formats/parquet_parts.h"
#include "kernels/formats/parquet_ranges.h"
#include "kernels/table/table_value.h"

namespace plait {

// Files with the same columns. Their types may differ, where one holds the values of all: a column without any value
// goes with every other. Folders may be columns, too, behind those of the files.
struct ParquetScan {
  std::vector<std::string> files;
  std::vector<std::int64_t> stamps;  // size and time of each file: the same name can hold other rows tomorrow
  std::vector<ParquetPart> parts;
  std::vector<std::string> names;   // columns without the index
  Table schema;                     // no rows
  std::vector<std::int64_t> bytes;  // of each of `names`, about, in memory
  std::vector<double> distinct;     // of each of `names`, about how many values differ; 0: the files do not say
  std::vector<FolderColumn> folders;
  static constexpr auto fields =
      std::tuple{&ParquetScan::files,  &ParquetScan::stamps, &ParquetScan::parts,    &ParquetScan::names,
                 &ParquetScan::schema, &ParquetScan::bytes,  &ParquetScan::distinct, &ParquetScan::folders};

  // The column that folders are; null for one that the files hold.
  const FolderColumn* folder(std::string_view column) const;
  // About how many different values a column has; 0: that is not known.
  double distinct_of(std::string_view column) const;
  // About what some of the columns take in memory.
  std::int64_t bytes_of(const std::vector<std::string>& columns) const;
};
// Files, patterns, or folders of *.parquet files and of folders that are columns. Reads no rows, only what the files
// say of themselves. `family`: of the columns' types (see ParquetSchema).
ParquetScan scan_parquet(const std::vector<std::string>& paths, const ParquetPartSizes& sizes = {},
                         std::optional<TypeFamily> family = std::nullopt);

// A part's rows, a cache-sized batch at a time; the index goes on from batch to batch. Columns come in the order asked
// for, with the index columns that the files name if `with_index`. Row groups without a row in `wanted` are left out
// (parquet_ranges.h). Throws Error(io) for a file that has changed since it was scanned.
class ParquetTableReader {
 public:
  ParquetTableReader(const ParquetScan& scan, const ParquetPart& part, const std::vector<std::string>& columns,
                     bool with_index, const std::vector<ParquetRanges>& wanted = {});
  ~ParquetTableReader();
  // Nothing at the end.
  std::optional<Table> next();
  // All rows at once.
  Table all();
  Table no_rows() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};
}  // namespace plait
