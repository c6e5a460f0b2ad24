#pragma once

#include <vector>

#include "expr/plan.h"

namespace plait::ml {

// X, y and, if there are some, weights: lined up, made once and kept. y and weights are finite; what reads X tells by
// its sums whether that is (see refuse_missing).
std::vector<ExprPtr> kept_numbers(ExprPtr rows, ExprPtr targets, ExprPtr weights, const ComputeOptions& options);

}  // namespace plait::ml
