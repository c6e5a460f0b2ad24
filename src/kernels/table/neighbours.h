// Operations in which a row takes values of rows before or after it: shift, diff, ffill, bfill. Their second operand is
// what the partition needs of its neighbours: rows of the same columns that stand directly before it (after it, where
// the operation looks ahead), without an index.
#pragma once

#include <optional>
#include <vector>

#include "kernels/table/table_value.h"

namespace plait {

struct NamedColumn;

// Gives a column of the partition and the same of its neighbours one type: text may be of either width, or encoded in
// one of them only.
void make_alike(NamedColumn& own, NamedColumn& neighbours);

// Some rows of a table. Few of many are copied, so that they do not keep the rest in memory.
Table small_part(const Table& table, std::int64_t start, std::int64_t count);

// The last (or first) n rows, without their index.
struct EdgeRowsParams {
  std::int64_t n = 1;
  bool first = false;
  static constexpr auto fields = std::tuple{&EdgeRowsParams::n, &EdgeRowsParams::first};
};
Table edge_rows(const Table& table, const EdgeRowsParams& params);
Table edge_rows_combine(const std::vector<Table>& edges, const EdgeRowsParams& params);

// df.shift(periods): rows come from `periods` rows before; negative: from rows after. Where there is no such row the
// value is `fill`, or missing: integers are then floats, and bools objects. Throws NoNativeForm where `fill` does not
// have the type of a column.
struct ShiftParams {
  std::int64_t periods = 1;
  std::optional<Literal> fill;
  static constexpr auto fields = std::tuple{&ShiftParams::periods, &ShiftParams::fill};
};
Table shift(const Table& table, const Table& neighbours, const ShiftParams& params);

// df.diff(periods): the row minus the row `periods` before. Throws NoNativeForm for columns that are no numbers or
// times.
struct DiffParams {
  std::int64_t periods = 1;
  static constexpr auto fields = std::tuple{&DiffParams::periods};
};
Table diff(const Table& table, const Table& neighbours, const DiffParams& params);

// df.ffill(limit), and df.bfill with `backwards`: a missing value becomes the last (next) one that is not, at most
// `limit` rows away.
struct FillAlongParams {
  std::int64_t limit = 0;  // 0: any
  bool backwards = false;
  static constexpr auto fields = std::tuple{&FillAlongParams::limit, &FillAlongParams::backwards};
};
Table fill_from_neighbours(const Table& table, const Table& neighbours, const FillAlongParams& params);
// The edge without a limit: one row with each column's last (first) value, missing where it has none; no row of none.
Table last_values(const Table& table, const FillAlongParams& params);
Table last_values_combine(const std::vector<Table>& edges, const FillAlongParams& params);

}  // namespace plait
