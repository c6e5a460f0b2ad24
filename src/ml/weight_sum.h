// How much rows count together.
#pragma once

#include <vector>

#include "expr/plan.h"

namespace plait::ml {

// `rows`: X, y and perhaps weights. The sum of the weights, or the number of rows. Throws Error(value) where a weight
// is negative, and where there is no row.
double weight_sum(const std::vector<ExprPtr>& rows, const ComputeOptions& options);

void register_weight_kernels();

}  // namespace plait::ml
