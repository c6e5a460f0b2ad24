// Different values and rows: unique, drop_duplicates, value_counts, nunique. Partials combine by concat and again.
#pragma once

#include <string>
#include <vector>

#include "kernels/table/table_value.h"

namespace plait {

// The different values of a series in order of first appearance, a missing one included; a series that counts from 0.
Table unique(const Table& series);

// First (or last) row of each combination of the columns (empty: all but the index). drop_duplicates of the
// concatenated partial results is the result of the whole. keep="none" drops every repeated row and works on whole data
// only.
enum class Keep : std::uint8_t { first, last, none };
struct DropDuplicatesParams {
  std::vector<std::string> subset;
  Keep keep = Keep::first;
  bool ignore_index = false;
  static constexpr auto fields =
      std::tuple{&DropDuplicatesParams::subset, &DropDuplicatesParams::keep, &DropDuplicatesParams::ignore_index};
};
Table drop_duplicates(const Table& table, const DropDuplicatesParams& params);

// Counts of a series' values. Partial: columns "value" and "count". Combine: the same of the concatenated partials.
// Finalize: a series named "count" (or "proportion") indexed by the values, most frequent first, ties by first
// appearance.
struct ValueCountsParams {
  bool sort = true;
  bool ascending = false;
  bool dropna = true;
  bool normalize = false;
  std::string index_name;  // of the values; empty: unnamed
  static constexpr auto fields =
      std::tuple{&ValueCountsParams::sort, &ValueCountsParams::ascending, &ValueCountsParams::dropna,
                 &ValueCountsParams::normalize, &ValueCountsParams::index_name};
};
Table value_counts_partial(const Table& series);
Table value_counts_combine(const std::vector<Table>& partials);
Table value_counts_finalize(const Table& combined, const ValueCountsParams& params);

// The most frequent of the counted values, in order: a series that counts from 0.
struct ModeParams {
  bool dropna = true;
  std::string name;  // of the series
  static constexpr auto fields = std::tuple{&ModeParams::dropna, &ModeParams::name};
};
Table mode_finalize(const Table& combined, const ModeParams& params);

}  // namespace plait
