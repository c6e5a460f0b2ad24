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
  // Any of these by name; throws a value error for another one.
  Statistic statistic(const std::string& name, const StatisticOptions& how = {},
                      Location where = Location::current()) const;
};

}  // namespace plait
