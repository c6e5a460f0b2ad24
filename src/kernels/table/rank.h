// The ranks of values among all rows: how often each value occurs is counted first, then each partition is ranked by
// itself.
#pragma once

#include <vector>

#include "kernels/table/table_value.h"

namespace plait {

enum class RankMethod : std::uint8_t { average, min, max, dense, first };
enum class MissingRanks : std::uint8_t { keep, top, bottom };
// Throw a value error for another text.
RankMethod parse_rank_method(std::string_view text);
MissingRanks parse_missing_ranks(std::string_view text);

struct RankParams {
  RankMethod method = RankMethod::average;
  bool ascending = true;
  MissingRanks missing = MissingRanks::keep;
  bool pct = false;
  static constexpr auto fields =
      std::tuple{&RankParams::method, &RankParams::ascending, &RankParams::missing, &RankParams::pct};
};

// How often each value of each column occurs, in the order of the values. Throws NoNativeForm for columns other than
// numbers, bools and times.
Table rank_counts(const Table& table);
Table rank_counts_combine(const std::vector<Table>& partials);
// The ranks of the rows of a table, by the counts of all rows. The method `first` ranks equal rows in their order: it
// needs the counts of the rows before the table, which the others do not look at.
Table rank(const Table& table, const Table& counts, const Table& before, const RankParams& params);

}  // namespace plait
