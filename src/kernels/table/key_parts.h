// Partial results cut into parts by a hash of their keys: equal keys are in the same part of every partition, so that
// each part is combined and finished by itself, in as little memory as there are parts. What is left to do is to put
// the finished parts in order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/buffer.h"
#include "kernels/table/reduce.h"

namespace plait {

struct NamedColumn;

// Where a row stood before it was sent away: its partition, and its place there. The order of positions is the order of
// rows.
inline constexpr std::string_view kPosition = "__position__";
inline std::int64_t position_of(std::int64_t partition, std::int64_t row) { return partition << 32 | row; }
inline std::int64_t partition_of(std::int64_t position) { return position >> 32; }
inline std::int64_t row_of(std::int64_t position) { return position & 0xffffffff; }
NamedColumn position_column(const PooledVector<std::int64_t>& positions);

// With the column of positions: the rows of partition `partition`.
Table with_positions(const Table& table, std::int64_t partition);

struct KeyPartsParams {
  std::vector<std::string> keys;
  std::int64_t n = 1;
  bool with_positions = false;
  std::vector<std::string> columns = {};  // that are sent; empty: all, with the index
  static constexpr auto fields =
      std::tuple{&KeyPartsParams::keys, &KeyPartsParams::n, &KeyPartsParams::with_positions, &KeyPartsParams::columns};
};
// Rows by a hash of their keys, n tables.
std::vector<Table> key_parts(const Table& table, const KeyPartsParams& params, std::int64_t partition);

// Rows with positions by the partition that they came from: n tables, a partition each.
struct PositionPartsParams {
  std::int64_t n = 1;
  static constexpr auto fields = std::tuple{&PositionPartsParams::n};
};
std::vector<Table> position_parts(const Table& table, const PositionPartsParams& params);

// A partial of reduce() whose states are lists of different values (nunique), as n of which each has some of them.
struct ReducePartsParams {
  ReduceParams reduce;
  std::int64_t n = 1;
  static constexpr auto fields = std::tuple{&ReducePartsParams::reduce, &ReducePartsParams::n};
};
std::vector<Table> reduce_parts(const Table& partial, const ReducePartsParams& params);
// The sum of what the parts gave: scalars, or series with the same labels.
Table add_parts(const std::vector<Table>& parts);

// Finished parts as one table in order, without its positions. No columns to sort by: in the order of positions.
struct InOrderParams {
  std::vector<std::string> by;
  TableForm form = TableForm::frame;
  bool renumber = false;  // rows are labelled 0, 1, 2, ...
  static constexpr auto fields = std::tuple{&InOrderParams::by, &InOrderParams::form, &InOrderParams::renumber};
};
Table in_order(const std::vector<Table>& parts, const InOrderParams& params);
Table without_positions(const Table& table, const InOrderParams& params);

}  // namespace plait
