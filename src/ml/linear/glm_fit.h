// Fits of linear models with the options of a run as the engine has them: the public functions and Python call these.
#pragma once

#include "expr/plan.h"
#include "plait/ml/linear_model.h"

namespace plait::ml {

GlmModel fit_glm(ExprPtr rows, ExprPtr targets, ExprPtr weights, const GlmOptions& how, const ComputeOptions& options);
LeastSquares fit_least_squares(ExprPtr rows, ExprPtr targets, ExprPtr weights, const LeastSquaresOptions& how,
                               const ComputeOptions& options);

void register_linear_kernels();

}  // namespace plait::ml
