#pragma once

#include <vector>

#include "expr/plan.h"

namespace plait::ml {

// X, y and, if there are some, weights: lined up, checked to be finite, made once and kept.
std::vector<ExprPtr> kept_numbers(ExprPtr rows, ExprPtr targets, ExprPtr weights, const ComputeOptions& options);

}  // namespace plait::ml
