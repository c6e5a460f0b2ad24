// What a Parquet file holds: its row groups and what is known of their columns.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "plait/table.h"

namespace plait {

using ParquetBound = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Timestamp>;

// Bounds hold for the values that are not missing; NaN does not count. A bound that the file does not know is empty;
// those of float32 are a step wider, as constants that are compared with them are rounded.
struct ParquetStatistics {
  std::string column;  // a dotted path for nested columns
  ParquetBound min;
  ParquetBound max;
  std::optional<std::int64_t> num_nulls;
  bool is_encoded = false;     // text that is few different values: stored as codes into a small dictionary
  std::int64_t num_bytes = 0;  // about, in memory
  double num_distinct = 0;     // about, of values that are stored as codes; 0: they are not

  static constexpr auto fields =
      std::tuple{&ParquetStatistics::column,      &ParquetStatistics::min,        &ParquetStatistics::max,
                 &ParquetStatistics::num_nulls,   &ParquetStatistics::is_encoded, &ParquetStatistics::num_bytes,
                 &ParquetStatistics::num_distinct};
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
// Some of its row groups.
std::vector<ParquetRowGroup> read_row_groups(const std::string& path, const std::vector<int>& groups);

}  // namespace plait
