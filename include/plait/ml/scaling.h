// What is known of the columns of an array after one pass over its rows.
#pragma once

#include <optional>
#include <vector>

#include "plait/array.h"
#include "plait/compute.h"

namespace plait::ml {

// Of each column; missing values (NaN) are left out.
struct ColumnMoments {
  NdArray count;     // sum of weights, or number of values
  NdArray mean;      // NaN where there is no value
  NdArray variance;  // of the population
  NdArray minimum, maximum;
};

// One pass. `weights`: one a row, none negative.
PLAIT_API ColumnMoments column_moments(const Array& rows, const std::optional<Array>& weights = {},
                                       const RunSettings& settings = {});

// The rows less the means, by the standard deviations: columns of mean 0 and variance 1, lazily. A constant column is
// not divided.
PLAIT_API Array standardized(const Array& rows, const ColumnMoments& moments, Location where = Location::current());

}  // namespace plait::ml
