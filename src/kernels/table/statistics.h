// Statistics that look at all values at once, in three steps as the reductions of reduce.h: a partial a partition,
// partials put together, and the result, which is a scalar for a series and a series labelled by the columns for a
// frame.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/table/table_value.h"

namespace plait {

struct StatisticParams {
  std::string name;
  bool skipna = true;
  Table meta = {};           // the input's, without rows
  bool only_schema = false;  // asks what the result looks like: the partial is of no rows, which may be an error else
  static constexpr auto fields = std::tuple{&StatisticParams::name, &StatisticParams::skipna, &StatisticParams::meta,
                                            &StatisticParams::only_schema};
};

// What a statistic of the family is made of. The first step throws NoNativeForm for columns that it has no result of.
struct StatisticSteps {
  std::string_view name;
  Table (*partial)(const Table& table, const StatisticParams& params);
  // None: partials are sorted keys, of which the last step takes the middle ones (ranked_keys.h).
  Table (*combine)(const std::vector<Table>& partials, const StatisticParams& params);
  Table (*finalize)(const std::vector<Table>& partials, const StatisticParams& params);
  bool reads_index = false;
};

extern const StatisticSteps kMedian;  // exact
extern const StatisticSteps kSkew;
extern const StatisticSteps kKurt;
extern const StatisticSteps kIdxmin;  // the label of the first smallest value
extern const StatisticSteps kIdxmax;
extern const StatisticSteps kIsMonotonicIncreasing;
extern const StatisticSteps kIsMonotonicDecreasing;
inline constexpr std::array kStatistics = {
    &kMedian, &kSkew, &kKurt, &kIdxmin, &kIdxmax, &kIsMonotonicIncreasing, &kIsMonotonicDecreasing,
};

// Throws a value error for a name that is none of them.
const StatisticSteps& statistic_named(std::string_view name);

// The covariance, or Pearson's correlation, of every two numeric columns over the rows where both have a value.
struct CovarianceParams {
  bool correlation = false;
  int ddof = 1;
  std::int64_t min_periods = 1;
  bool of_two = false;  // the input has two columns, and their one value is the result
  static constexpr auto fields = std::tuple{&CovarianceParams::correlation, &CovarianceParams::ddof,
                                            &CovarianceParams::min_periods, &CovarianceParams::of_two};
};
struct CovarianceFinalizeParams {
  CovarianceParams covariance;
  std::vector<std::string> names;
  static constexpr auto fields = std::tuple{&CovarianceFinalizeParams::covariance, &CovarianceFinalizeParams::names};
};
Table covariance_partial(const Table& table, const CovarianceParams& params);
Table covariance_combine(const std::vector<Table>& partials, const CovarianceParams& params);
Table covariance_finalize(const Table& partial, const CovarianceFinalizeParams& params);

}  // namespace plait
