// One sweep over the rows for a generalized linear model: loss, gradient and, where it is asked for, Hessian at given
// coefficients.
#pragma once

#include <cstdint>
#include <vector>

#include "base/kernel.h"
#include "ml/row_fold.h"

namespace plait::ml {

enum class GlmLoss : std::uint8_t {
  squared,      // (z - y)^2 / 2
  logistic,     // y is 0 or 1
  multinomial,  // y counts from 0: one z a class
  poisson,      // exp(z) - y z
  gamma,        // z + y exp(-z)
};

// Coefficients stand output after output; of each, those of the features and then, if there is one, the intercept.
struct GlmPoint {
  GlmLoss loss = GlmLoss::squared;
  std::int64_t outputs = 1;
  bool has_intercept = true;
  bool wants_hessian = false;
  std::vector<double> coefficients;
  static constexpr auto fields = std::tuple{&GlmPoint::loss, &GlmPoint::outputs, &GlmPoint::has_intercept,
                                            &GlmPoint::wants_hessian, &GlmPoint::coefficients};
};

// Sums over rows, times their weights.
struct GlmSums {
  double loss = 0;
  double weights = 0;
  std::vector<double> gradient;
  std::vector<double> hessian;  // C order, both triangles; empty if it was not wanted
};

// Of rows X, y and, if there are three inputs, weights.
GlmSums glm_sums(Inputs block, const GlmPoint& at, const TaskContext& context);

// A fold that gives the sums as one array, which `glm_sums_of` reads.
inline constinit KernelId<GlmPoint> glm_kernel{"ml_glm"};
GlmSums glm_sums_of(const NdArray& folded, std::int64_t num_coefficients);

void register_glm_kernels();

}  // namespace plait::ml
