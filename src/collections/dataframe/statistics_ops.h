// Builders of statistics that look at all rows: reductions over the kernels of kernels/table/statistics.h.
#pragma once

#include "collections/dataframe/frame_op.h"
#include "kernels/table/rank.h"
#include "kernels/table/statistics.h"

namespace plait {

// One of kStatistics. Its params need no meta.
ExprPtr statistic_expr(ExprPtr rows, StatisticParams params);
// The rank of each row among all rows.
ExprPtr rank_expr(ExprPtr rows, RankParams params);
// The most frequent values of a series.
ExprPtr mode_expr(ExprPtr series, bool dropna);
// cov, corr. With `of_two`, of a frame of two columns.
ExprPtr covariance_expr(ExprPtr frame, CovarianceParams params);

}  // namespace plait
