// What a Parquet file holds: its row groups and what is known of their columns.
#pragma once

#include <cstdint>
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
  bool is_encoded = false;  // text that is few different values: stored as codes into a small dictionary

  static constexpr auto fields =
      std::tuple{&ParquetStatistics::column, &ParquetStatistics::min, &ParquetStatistics::max,
                 &ParquetStatistics::num_nulls, &ParquetStatistics::is_encoded};
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

// Throws Error(io) that names a file which is damaged or cut off, and Error(file_not_found).
ParquetFile read_parquet_file(const std::string& path);

}  // namespace plait
