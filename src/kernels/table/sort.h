// Sorting of one table, and the largest and smallest rows.
#pragma once

#include <string>
#include <vector>

#include "kernels/table/table_value.h"

namespace plait {

// Stable. `by` names columns or index levels; empty: the index (or the only column of a series with `by_values`).
struct SortParams {
  std::vector<std::string> by;
  std::vector<bool> ascending;  // one for all, or one a key
  bool na_first = false;
  bool ignore_index = false;
  static constexpr auto fields =
      std::tuple{&SortParams::by, &SortParams::ascending, &SortParams::na_first, &SortParams::ignore_index};
};
Table sort(const Table& table, const SortParams& params);
// The order of the rows as positions (int64).
NdArray sort_positions(const Table& table, const SortParams& params);

// The first n rows of the sorted table.
struct SortedHeadParams {
  SortParams order;
  std::int64_t n = 5;
  static constexpr auto fields = std::tuple{&SortedHeadParams::order, &SortedHeadParams::n};
};
Table sorted_head(const Table& table, const SortedHeadParams& params);

// keep="first" of equal rows. Rows with a missing first key are left out as pandas does, unless too few remain.
struct TopParams {
  std::int64_t n = 5;
  std::vector<std::string> by;
  bool largest = true;
  static constexpr auto fields = std::tuple{&TopParams::n, &TopParams::by, &TopParams::largest};
};
Table top(const Table& table, const TopParams& params);

// Sorted divisions -> the partition each row belongs to: for sort_values and set_index. Values beyond the last division
// belong to the last partition; missing ones to the last (or first) partition.
struct RangePartitionParams {
  std::string by;   // empty: the index
  Table divisions;  // one column, sorted; partition i holds [divisions[i], divisions[i + 1])
  bool ascending = true;
  bool na_first = false;
  static constexpr auto fields = std::tuple{&RangePartitionParams::by, &RangePartitionParams::divisions,
                                            &RangePartitionParams::ascending, &RangePartitionParams::na_first};
};
std::vector<Table> range_partition(const Table& table, const RangePartitionParams& params);
// About `n` evenly spaced values (sorted, one column, with their weights) of a column: merged, they give divisions.
struct SampleQuantilesParams {
  std::string by;  // empty: the index
  std::int64_t n = 100;
  static constexpr auto fields = std::tuple{&SampleQuantilesParams::by, &SampleQuantilesParams::n};
};
Table sample_quantiles(const Table& table, const SampleQuantilesParams& params);
// n + 1 divisions (min and max at the ends, duplicates dropped) from the samples of all partitions.
struct DivisionsParams {
  std::int64_t n = 1;
  static constexpr auto fields = std::tuple{&DivisionsParams::n};
};
Table divisions_from_samples(const std::vector<Table>& samples, const DivisionsParams& params);

}  // namespace plait
