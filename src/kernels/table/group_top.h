// The largest or smallest values of each group.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kernels/table/table_value.h"

namespace plait {

// The n largest (or smallest) values of a column in each group, in the order in which pandas' sort gives them: missing
// ones come last, of equal ones the first.
struct GroupTopParams {
  std::vector<std::string> keys;  // columns or index levels
  std::string column;
  std::int64_t n = 5;
  bool largest = true;
  bool dropna = true;                    // leave out rows with a missing key
  std::vector<std::string> levels = {};  // what the result calls the keys
  static constexpr auto fields = std::tuple{&GroupTopParams::keys,    &GroupTopParams::column, &GroupTopParams::n,
                                            &GroupTopParams::largest, &GroupTopParams::dropna, &GroupTopParams::levels};
};
// The rows of a partition that may be among them, where they are.
Table group_top_rows(const Table& table, const GroupTopParams& params);
// Of rows in the order of their keys, with all rows of each of their groups: the values as a series, group by group,
// labelled by the keys and the rows' own labels.
Table group_top(const Table& table, const GroupTopParams& params);

}  // namespace plait
