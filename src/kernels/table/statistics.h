// Statistics that look at all values at once, in three steps as the reductions of reduce.h: a partial a partition,
// partials put together, and the result, which is a scalar for a series and a series or a frame for a frame.
#pragma once

#include <string>
#include <vector>

#include "kernels/table/table_value.h"

namespace plait {

// The exact median of numbers and times. A partition's partial is its values in order; the finalizing call takes all of
// them and looks for the middle ones without putting them together. Throws NoNativeForm for other columns.
struct MedianParams {
  bool skipna = true;
  bool numeric_only = false;
  static constexpr auto fields = std::tuple{&MedianParams::skipna, &MedianParams::numeric_only};
};
struct MedianFinalizeParams {
  MedianParams median;
  Table meta;  // the input's, without rows
  static constexpr auto fields = std::tuple{&MedianFinalizeParams::median, &MedianFinalizeParams::meta};
};
Table median_partial(const Table& table, const MedianParams& params);
Table median_finalize(const std::vector<Table>& partials, const MedianFinalizeParams& params);

// The label of the first smallest (largest) value of each column.
struct ExtremeLabelParams {
  bool largest = false;
  bool skipna = true;
  static constexpr auto fields = std::tuple{&ExtremeLabelParams::largest, &ExtremeLabelParams::skipna};
};
struct ExtremeLabelFinalizeParams {
  ExtremeLabelParams extreme;
  Table meta;
  bool only_schema = false;  // the partial is of no rows, which would be an error otherwise
  static constexpr auto fields = std::tuple{&ExtremeLabelFinalizeParams::extreme, &ExtremeLabelFinalizeParams::meta,
                                            &ExtremeLabelFinalizeParams::only_schema};
};
Table extreme_label_partial(const Table& table, const ExtremeLabelParams& params);
Table extreme_label_combine(const std::vector<Table>& partials, const ExtremeLabelParams& params);
Table extreme_label_finalize(const Table& partial, const ExtremeLabelFinalizeParams& params);

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

// Skewness and kurtosis.
struct ShapeParams {
  bool kurtosis = false;
  bool skipna = true;
  bool numeric_only = false;
  static constexpr auto fields = std::tuple{&ShapeParams::kurtosis, &ShapeParams::skipna, &ShapeParams::numeric_only};
};
struct ShapeFinalizeParams {
  ShapeParams shape;
  Table meta;
  static constexpr auto fields = std::tuple{&ShapeFinalizeParams::shape, &ShapeFinalizeParams::meta};
};
Table shape_partial(const Table& table, const ShapeParams& params);
Table shape_combine(const std::vector<Table>& partials, const ShapeParams& params);
Table shape_finalize(const Table& partial, const ShapeFinalizeParams& params);

}  // namespace plait
