// Statistics that look at all values at once: what DataFrame and Series have in common. Partitions are reduced by
// themselves, and results are exact.
#pragma once

#include <cstdint>
#include <string>

#include "plait/export.h"
#include "plait/frame_base.h"
#include "plait/location.h"

namespace plait {

struct StatisticOptions {
  bool skipna = true;
  bool numeric_only = false;  // of a frame: columns of numbers and bools
};

struct CovarianceOptions {
  // Fewer rows than that, in which both have a value, give a missing result.
  std::int64_t min_periods = 1;
  int ddof = 1;               // cov
  bool numeric_only = false;  // of a frame
  std::string method = "pearson";
};

struct RankOptions {
  std::string method = "average";  // of equal values: "average", "min", "max", "dense"
  bool ascending = true;
  std::string na_option = "keep";  // "keep": missing values have no rank; "top", "bottom": theirs comes first, last
  bool pct = false;                // as a share of the highest rank
  bool numeric_only = false;
};

// Self is DataFrame or Series. The result is one value for a series; for a frame a series labelled by the columns.
template <class Self>
class PLAIT_API FrameStatistics {
 public:
  using Statistic = typename ReducedTo<Self>::type;

  Statistic median(const StatisticOptions& how = {}, Location where = Location::current()) const {
    return statistic("median", how, where);
  }
  // pandas' estimators without bias; a normal distribution has none of either.
  Statistic skew(const StatisticOptions& how = {}, Location where = Location::current()) const {
    return statistic("skew", how, where);
  }
  Statistic kurt(const StatisticOptions& how = {}, Location where = Location::current()) const {
    return statistic("kurt", how, where);
  }
  // The label of the first smallest (largest) value. Computing them is a value error where there is no value.
  Statistic idxmin(const StatisticOptions& how = {}, Location where = Location::current()) const {
    return statistic("idxmin", how, where);
  }
  Statistic idxmax(const StatisticOptions& how = {}, Location where = Location::current()) const {
    return statistic("idxmax", how, where);
  }
  // Whether values never fall (rise); missing ones have no place in any order.
  Statistic is_monotonic_increasing(Location where = Location::current()) const {
    return statistic("is_monotonic_increasing", {}, where);
  }
  Statistic is_monotonic_decreasing(Location where = Location::current()) const {
    return statistic("is_monotonic_decreasing", {}, where);
  }
  // Any of these by name; throws a value error for another one.
  Statistic statistic(const std::string& name, const StatisticOptions& how = {},
                      Location where = Location::current()) const;

  // The rank of each value among all rows.
  Self rank(const RankOptions& how = {}, Location where = Location::current()) const;
};

}  // namespace plait
