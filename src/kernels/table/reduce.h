// Reductions of whole columns in three steps: a partial table a partition, partials combined (in any tree shape that
// keeps their order), and the result.
//
// A partial has one row and, for every column, the few numbers its function needs. Sums are exact in the order of
// partitions; variances are merged by Chan's formula.
#pragma once

#include <string>
#include <vector>

#include "kernels/table/table_value.h"

namespace plait {

enum class Reduction : std::uint8_t {
  sum,
  prod,
  count,
  size,
  mean,
  min,
  max,
  var,
  std,
  sem,
  any,
  all,
  nunique,
  first,
  last,
  skew,
  kurtosis
};
std::string_view name(Reduction reduction);
Reduction parse_reduction(std::string_view text);

struct ReduceParams {
  Reduction reduction = Reduction::sum;
  bool skipna = true;
  int ddof = 1;
  std::int64_t min_count = 0;
  bool numeric_only = false;
  // nunique: a partial may hold a value more than once, as another step follows that puts equal ones together.
  bool may_repeat = false;
  static constexpr auto fields =
      std::tuple{&ReduceParams::reduction, &ReduceParams::skipna,       &ReduceParams::ddof,
                 &ReduceParams::min_count, &ReduceParams::numeric_only, &ReduceParams::may_repeat};
};
Table reduce_partial(const Table& table, const ReduceParams& params);
Table reduce_combine(const std::vector<Table>& partials, const ReduceParams& params);
// `schema` is the input's, as a table without rows. Of a series: a scalar. Of a frame: a series indexed by column
// names.
struct ReduceFinalizeParams {
  ReduceParams reduce;
  Table meta;
  static constexpr auto fields = std::tuple{&ReduceFinalizeParams::reduce, &ReduceFinalizeParams::meta};
};
Table reduce_finalize(const Table& combined, const ReduceFinalizeParams& params);
// All three on one table.
Table reduce(const Table& table, const ReduceParams& params);

// Quantiles of numbers and times, exact: each partition's values in order, and from what ranked_keys.h finds among
// those of all, the result. Finalize: of a series, a scalar for one q and a series labelled by q for several; of a
// frame, a series for one q and a frame for several.
struct QuantileParams {
  std::vector<double> q;
  bool single = false;  // q was one number
  Table meta = {};      // the input's, without rows
  static constexpr auto fields = std::tuple{&QuantileParams::q, &QuantileParams::single, &QuantileParams::meta};
};
Table quantile_partial(const Table& table, const QuantileParams& params);
Table quantile_finalize(const Table& ranked, const QuantileParams& params);

// describe() of numeric columns, out of their quantiles and the reductions kDescribed.
inline constexpr Reduction kDescribed[] = {Reduction::count, Reduction::mean, Reduction::std, Reduction::min,
                                           Reduction::max};
struct DescribeParams {
  std::vector<double> percentiles = {0.25, 0.5, 0.75};
  static constexpr auto fields = std::tuple{&DescribeParams::percentiles};
};
Table describe_assemble(const std::vector<Table>& parts, const DescribeParams& params);

}  // namespace plait
