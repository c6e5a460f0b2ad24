// Reads Parquet files: what they hold, and some of their row groups and columns as Arrow memory.
//
// A damaged or truncated file throws Error(io) that names it. Functions may be called from any thread; one call uses
// one.
#pragma once

#include <arrow/type_fwd.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

namespace plait {

// Datetimes are counts of the column's Arrow unit.
using ParquetBound = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string>;

// Bounds hold for the values that are not missing; NaN does not count. A bound that the file does not know is empty.
struct ParquetStatistics {
  std::string column;  // a dotted path for nested columns
  ParquetBound min;
  ParquetBound max;
  std::optional<std::int64_t> num_nulls;

  static constexpr auto fields = std::tuple{&ParquetStatistics::column, &ParquetStatistics::min,
                                            &ParquetStatistics::max, &ParquetStatistics::num_nulls};
};

struct ParquetRowGroup {
  std::int64_t num_rows = 0;
  std::int64_t num_bytes = 0;  // uncompressed
  std::vector<ParquetStatistics> columns;

  static constexpr auto fields =
      std::tuple{&ParquetRowGroup::num_rows, &ParquetRowGroup::num_bytes, &ParquetRowGroup::columns};
};

struct ParquetFile {
  std::string path;
  std::int64_t num_rows = 0;
  std::vector<ParquetRowGroup> row_groups;

  static constexpr auto fields = std::tuple{&ParquetFile::path, &ParquetFile::num_rows, &ParquetFile::row_groups};
};

ParquetFile read_parquet_file(const std::string& path);
// With pandas' metadata under the key "pandas", if the file has it.
std::shared_ptr<arrow::Schema> read_parquet_schema(const std::string& path);

struct ParquetReadOptions {
  std::vector<std::string> dictionary;  // string columns to deliver as codes and a dictionary

  static constexpr auto fields = std::tuple{&ParquetReadOptions::dictionary};
};

// All row groups when `row_groups` is empty; `columns` in the order asked for. Throws Error(key) for an unknown column.
std::shared_ptr<arrow::Table> read_parquet_block(const std::string& path, const std::vector<int>& row_groups,
                                                 const std::vector<std::string>& columns,
                                                 const ParquetReadOptions& options = {});

}  // namespace plait
