// Means, variances and extremes of columns in one pass.
#pragma once

#include <optional>

#include "expr/plan.h"
#include "plait/ml/scaling.h"

namespace plait::ml {

// One block: a 2-d array of one column for each column of `rows`, and the rows count, mean, sum of squared distances
// from the mean, minimum, maximum.
ExprPtr moments_fold(const ExprPtr& rows, const ExprPtr& weights);
ColumnMoments moments_of(const NdArray& folded);

// The weights may be null.
ColumnMoments column_moments(const ExprPtr& rows, const ExprPtr& weights, const ComputeOptions& options);

void register_moments_kernels();

}  // namespace plait::ml
