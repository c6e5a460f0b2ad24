// Which rows a table has: filter, head, tail, slice, take, concat.
#pragma once

#include <string>
#include <vector>

#include "kernels/table/table_value.h"

namespace plait {

// Rows where a boolean series (same rows) is True; missing is False. Inputs: table, condition.
// Without `keep_index` the result counts from 0: cheaper where nobody looks at the labels.
struct FilterParams {
  bool keep_index = true;
  static constexpr auto fields = std::tuple{&FilterParams::keep_index};
};
Table filter(const Table& table, const Table& condition, const FilterParams& params = {});

// The first n rows; negative n: all but the last -n.
struct HeadParams {
  std::int64_t n = 5;
  static constexpr auto fields = std::tuple{&HeadParams::n};
};
Table head(const Table& table, const HeadParams& params);
Table tail(const Table& table, const HeadParams& params);

struct SliceParams {
  std::int64_t start = 0;
  std::int64_t count = 0;
  static constexpr auto fields = std::tuple{&SliceParams::start, &SliceParams::count};
};

// Rows by position, in the order of `rows` (int64); -1 gives missing values.
Table take(const Table& table, const NdArray& rows);

// Tables one after the other. Columns are matched by name and types are unified as pandas does (int + float -> float64,
// dictionaries are merged); with `ignore_index` rows count from 0. Neighbouring ranges stay a range. A table without
// rows does not count where its labels have other levels than those of the rows.
struct ConcatParams {
  bool ignore_index = false;
  bool outer = true;  // join="outer": a column that a table lacks is missing there; else only shared columns
  // Of one frame: those without rows say nothing of types that depend on values, as integers are floats where some are
  // missing.
  bool are_partitions = false;
  static constexpr auto fields =
      std::tuple{&ConcatParams::ignore_index, &ConcatParams::outer, &ConcatParams::are_partitions};
};
Table concat(const std::vector<Table>& tables, const ConcatParams& params = {});

// Rows without a missing value in any (or in all, how="all") of the columns (empty: every column).
struct DropnaParams {
  std::vector<std::string> subset;
  bool all = false;
  std::int64_t thresh = -1;  // at least so many present values, if not negative
  static constexpr auto fields = std::tuple{&DropnaParams::subset, &DropnaParams::all, &DropnaParams::thresh};
};
Table dropna(const Table& table, const DropnaParams& params);

// Rows whose index label lies in [start, stop], both ends included as in .loc; missing: open.
struct LocParams {
  Literal start;
  Literal stop;
  bool include_stop = true;
  static constexpr auto fields = std::tuple{&LocParams::start, &LocParams::stop, &LocParams::include_stop};
};
Table loc(const Table& table, const LocParams& params);

}  // namespace plait
