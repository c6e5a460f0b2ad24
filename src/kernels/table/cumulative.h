// Running sums, products, minima and maxima. Each partition is folded into one row, its edge; the edges before a
// partition, combined, are where its own running value starts.
#pragma once

#include <string_view>
#include <vector>

#include "kernels/table/table_value.h"

namespace plait {

enum class Cumulative : std::uint8_t { sum, prod, min, max };
std::string_view name(Cumulative function);  // "cumsum", ...

struct CumulativeParams {
  Cumulative function = Cumulative::sum;
  bool skipna = true;  // else everything after a missing value is missing
  static constexpr auto fields = std::tuple{&CumulativeParams::function, &CumulativeParams::skipna};
};
// The running value after the last row: one row, or none where the table has none. For min and max it is missing where
// there was no value yet.
Table cumulative_edge(const Table& table, const CumulativeParams& params);
Table cumulative_combine(const std::vector<Table>& edges, const CumulativeParams& params);
// Every row's running value, going on from `before` (an edge; without rows: from the start). Throws NoNativeForm for
// columns that only pandas accumulates.
Table cumulative(const Table& table, const Table& before, const CumulativeParams& params);

}  // namespace plait
