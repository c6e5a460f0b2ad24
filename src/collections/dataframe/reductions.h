// Builders of the reductions: each is a TreeReduction over the table kernels, or, where the result may be as large as
// the input, a PartedReduction whose parts are put in order.
#pragma once

#include <string>
#include <vector>

#include "expr/expr.h"
#include "kernels/table/distinct.h"
#include "kernels/table/groupby.h"
#include "kernels/table/reduce.h"
#include "kernels/table/sort.h"

namespace plait {

// Of a series a scalar, of a frame a series named by its columns.
ExprPtr reduce_expr(ExprPtr input, ReduceParams params);
// The number of rows, as a scalar.
ExprPtr length_expr(ExprPtr input);
ExprPtr groupby_expr(ExprPtr frame, GroupBySpec spec);
ExprPtr value_counts_expr(ExprPtr series, ValueCountsParams params);
ExprPtr top_expr(ExprPtr frame, TopParams params);
ExprPtr quantile_expr(ExprPtr input, QuantileParams params);
ExprPtr describe_expr(ExprPtr input, DescribeParams params);

}  // namespace plait
