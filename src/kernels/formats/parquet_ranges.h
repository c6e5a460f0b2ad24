// Which row groups of a Parquet file can hold rows that somebody wants, as far as their statistics tell.
#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "kernels/formats/parquet_file.h"
#include "kernels/table/table_value.h"

namespace plait {

// Values between two bounds; a missing bound is none. Missing values lie in no range.
struct ParquetRange {
  std::string column;
  Literal lower;
  Literal upper;
  bool is_above = false;  // without the lower bound itself
  bool is_below = false;  // without the upper bound itself
  static constexpr auto fields = std::tuple{&ParquetRange::column, &ParquetRange::lower, &ParquetRange::upper,
                                            &ParquetRange::is_above, &ParquetRange::is_below};
};
std::string to_string(const ParquetRange& range);

// Rows of which every value lies in its range.
using ParquetRanges = std::vector<ParquetRange>;

// Whether the group may have a row that lies in the ranges of one alternative. No alternatives: every row is wanted.
// Bounds that cannot be compared, or that the file does not know, rule nothing out.
bool may_have(const ParquetRowGroup& group, const std::vector<ParquetRanges>& alternatives);

}  // namespace plait
