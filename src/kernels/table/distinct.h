// Different values and rows: unique, drop_duplicates, value_counts, mode.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernels/table/table_value.h"

namespace plait {

// First (or last) row of each combination of the columns (empty: all but the index), or with keep="none" the rows that
// no other equals.
enum class Keep : std::uint8_t { first, last, none };
struct DropDuplicatesParams {
  std::vector<std::string> subset;
  Keep keep = Keep::first;
  static constexpr auto fields = std::tuple{&DropDuplicatesParams::subset, &DropDuplicatesParams::keep};
};
Table drop_duplicates(const Table& table, const DropDuplicatesParams& params);

// The same over all partitions, in four steps. Only keys and positions go from one partition to others (key_parts.h):
//
//   candidate_rows  the rows of a partition that may be kept. Where few are equal they are all of them;
//   key_parts       their keys with their positions, by a hash of the keys;
//   kept_rows       of one part of all partitions, in their order: the positions that are kept, a table a partition;
//   take_kept       the rows of a partition at the positions that came back, or
//   mark_kept       of every row, whether it is not among them: duplicated().
struct KeptRowsParams {
  std::vector<std::string> subset;
  Keep keep = Keep::first;
  std::int64_t npartitions = 1;
  TableForm form = TableForm::frame;                // of the rows
  std::optional<std::vector<std::string>> columns;  // take_kept: that are wanted; none: all
  bool keep_index = true;
  static constexpr auto fields =
      std::tuple{&KeptRowsParams::subset, &KeptRowsParams::keep,    &KeptRowsParams::npartitions,
                 &KeptRowsParams::form,   &KeptRowsParams::columns, &KeptRowsParams::keep_index};
};
// Of a row that stands for several: with keep="none" it is evidence against others, and not kept itself.
inline constexpr std::string_view kRepeated = "__repeated__";
Table candidate_rows(const Table& table, const KeptRowsParams& params);
std::vector<Table> kept_rows(const std::vector<Table>& parts, const KeptRowsParams& params);
// The first table has the rows, the others positions.
Table take_kept(const std::vector<Table>& tables, const KeptRowsParams& params);
Table mark_kept(const std::vector<Table>& tables, const KeptRowsParams& params);

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
// `total`, if given, is what shares are of; else the sum of the counts.
Table value_counts_finalize(const Table& combined, const ValueCountsParams& params,
                            const std::optional<double>& total = {});

// Counts with positions (key_parts.h) and a column by which they may be cut into ranges: it rises with the order in
// which counts are given, though many may share a value of it.
inline constexpr std::string_view kCountOrder = "__count_order__";
struct OrderCountsParams {
  ValueCountsParams counts;
  static constexpr auto fields = std::tuple{&OrderCountsParams::counts};
};
Table order_counts(const Table& combined, const OrderCountsParams& params);

// The most frequent of the counted values, in order: a series that counts from 0. Of counts in parts, first the most
// frequent of each.
struct ModeParams {
  bool dropna = true;
  std::string name;  // of the series
  static constexpr auto fields = std::tuple{&ModeParams::dropna, &ModeParams::name};
};
Table most_frequent(const Table& counts, const ModeParams& params);
Table mode_finalize(const Table& combined, const ModeParams& params);

}  // namespace plait
