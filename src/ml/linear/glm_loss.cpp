#include "ml/linear/glm_loss.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "kernels/array/tile_loops.h"
#include "ml/column_loops.h"
#include "ml/row_tiles.h"

namespace plait::ml {
namespace {

using Tile = std::array<double, kTileRows>;

void by_loop(ElementOp op, double* out, const double* of, std::int64_t n) {
  const TileOperand operand{of};
  find_loop(op, DType::float64)(out, &operand, n);
}

double logistic_losses(const double* z, const double* y, const double* weights, std::int64_t n, double* residual,
                       double* curvature) {
  Tile e, log1p_e;
  for (std::int64_t i = 0; i < n; ++i) e[static_cast<std::size_t>(i)] = -std::abs(z[i]);
  by_loop(ElementOp::exp, e.data(), e.data(), n);
  by_loop(ElementOp::log1p, log1p_e.data(), e.data(), n);
  return column_loops().logistic(z, e.data(), log1p_e.data(), y, weights, residual, curvature, n);
}

}  // namespace

double point_losses(GlmLoss loss, const double* z, const double* y, const double* weights, std::int64_t n,
                    double* residual, double* curvature) {
  double sum = 0;
  Tile e;
  switch (loss) {
    case GlmLoss::logistic:
      return logistic_losses(z, y, weights, n, residual, curvature);
    case GlmLoss::squared:
      for (std::int64_t i = 0; i < n; ++i) {
        const double distance = z[i] - y[i];
        residual[i] = weights[i] * distance;
        curvature[i] = weights[i];
        sum += weights[i] * distance * distance / 2;
      }
      return sum;
    case GlmLoss::poisson:
      by_loop(ElementOp::exp, e.data(), z, n);
      for (std::int64_t i = 0; i < n; ++i) {
        const double mean = e[static_cast<std::size_t>(i)];
        residual[i] = weights[i] * (mean - y[i]);
        curvature[i] = weights[i] * mean;
        sum += weights[i] * (mean - y[i] * z[i]);
      }
      return sum;
    case GlmLoss::gamma:
      for (std::int64_t i = 0; i < n; ++i) e[static_cast<std::size_t>(i)] = -z[i];
      by_loop(ElementOp::exp, e.data(), e.data(), n);
      for (std::int64_t i = 0; i < n; ++i) {
        const double ratio = y[i] * e[static_cast<std::size_t>(i)];
        residual[i] = weights[i] * (1 - ratio);
        curvature[i] = weights[i] * ratio;
        sum += weights[i] * (z[i] + ratio);
      }
      return sum;
    case GlmLoss::multinomial:
      break;
  }
  PLAIT_CHECK(loss != GlmLoss::multinomial);
  return sum;
}

double multinomial_losses(const double* z, std::int64_t stride, std::int64_t classes, const double* y,
                          const double* weights, std::int64_t n, double* residual, double* likely) {
  Tile highest, total;
  highest.fill(-std::numeric_limits<double>::infinity());
  total.fill(0);
  const auto at = [stride](const double* of, std::int64_t k) { return of + k * stride; };
  for (std::int64_t k = 0; k < classes; ++k)
    for (std::int64_t i = 0; i < n; ++i) {
      double& most = highest[static_cast<std::size_t>(i)];
      most = std::max(most, at(z, k)[i]);
    }
  for (std::int64_t k = 0; k < classes; ++k) {
    double* to = likely + k * stride;
    for (std::int64_t i = 0; i < n; ++i) to[i] = at(z, k)[i] - highest[static_cast<std::size_t>(i)];
    by_loop(ElementOp::exp, to, to, n);
    for (std::int64_t i = 0; i < n; ++i) total[static_cast<std::size_t>(i)] += to[i];
  }
  double sum = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    const auto own = static_cast<std::int64_t>(y[i]);
    const auto here = static_cast<std::size_t>(i);
    sum += weights[i] * (std::log(total[here]) + highest[here] - at(z, own)[i]);
    total[here] = 1 / total[here];
  }
  for (std::int64_t k = 0; k < classes; ++k) {
    double* of_k = likely + k * stride;
    double* to = residual + k * stride;
    for (std::int64_t i = 0; i < n; ++i) {
      of_k[i] *= total[static_cast<std::size_t>(i)];
      to[i] = weights[i] * (of_k[i] - (static_cast<std::int64_t>(y[i]) == k ? 1.0 : 0.0));
    }
  }
  return sum;
}

}  // namespace plait::ml
