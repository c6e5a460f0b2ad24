// Losses of generalized linear models on a tile of rows: what they are, their residuals (derivatives by z) and
// curvatures (second derivatives), times the weights.
#pragma once

#include <cstdint>

#include "ml/linear/glm_pass.h"

namespace plait::ml {

// Up to kTileRows rows, one z a row. Gives the sum of the losses.
double point_losses(GlmLoss loss, const double* z, const double* y, const double* weights, std::int64_t n,
                    double* residual, double* curvature);

// z, residual and likely (the probabilities) hold class after class, `stride` doubles apart.
double multinomial_losses(const double* z, std::int64_t stride, std::int64_t classes, const double* y,
                          const double* weights, std::int64_t n, double* residual, double* likely);

}  // namespace plait::ml
