// Linear models: least squares, and generalized linear models by several solvers, all of which find the same optimum.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "plait/array.h"
#include "plait/compute.h"

namespace plait::ml {

struct GlmOptions {
  // "squared", "logistic" (y is 0 or 1), "multinomial" (y counts classes from 0), "poisson", "gamma"
  std::string loss = "logistic";
  std::int64_t outputs = 1;  // of multinomial: the number of classes
  bool fit_intercept = true;
  // The objective is the mean loss over the weighted rows, plus squared_penalty/2 times the sum of squares of the
  // coefficients, plus absolute_penalty times the sum of their amounts. With `penalty_per_sum` penalties are added to
  // the sum of the losses instead. The intercept is free of both, unless `intercept_penalty` times as much is asked
  // for.
  double squared_penalty = 0;
  double absolute_penalty = 0;
  bool penalty_per_sum = false;
  double intercept_penalty = 0;
  // "newton", "lbfgs", "gradient_descent", "proximal_grad", "admm"; "auto" takes Newton's method while the Hessian is
  // small.
  std::string solver = "auto";
  double tolerance = 1e-4;  // on the largest slope that is left
  std::int64_t max_iterations = 100;
  std::vector<double> start;  // coefficients to begin with; empty: zeros
  // Told after each iteration.
  std::function<void(std::int64_t iteration, double objective, double slope)> watch;
};

struct GlmModel {
  NdArray coefficients;  // (outputs, features)
  NdArray intercepts;    // (outputs,)
  std::int64_t iterations = 0;
  bool is_converged = false;
  double objective = 0;
  double slope = 0;  // the largest that is left
};

// Rows are made once and kept. Throws Error(value) for NaN or infinity, naming row, block and column.
PLAIT_API GlmModel fit_glm(const Array& rows, const Array& targets, const std::optional<Array>& weights = {},
                           const GlmOptions& how = {}, const RunSettings& settings = {});

struct LeastSquaresOptions {
  bool fit_intercept = true;
  // Ridge: added to the sum of squared residuals, times the sum of squares of the coefficients; one a target or one
  // for all.
  std::vector<double> penalty = {0};
};
struct LeastSquares {
  NdArray coefficients;  // (targets, features)
  NdArray intercepts;    // (targets,)
  std::int64_t rank = 0;
  NdArray singular_values;  // of the centred rows, times the roots of their weights
};
// Two passes over rows that are kept. Of collinear columns the shortest coefficients are taken.
PLAIT_API LeastSquares fit_least_squares(const Array& rows, const Array& targets,
                                         const std::optional<Array>& weights = {}, const LeastSquaresOptions& how = {},
                                         const RunSettings& settings = {});

// What a linear model makes of rows, lazily: z = rows @ coefficients.T + intercepts.
//   "scores"         z, of one axis where there is one output
//   "exponentials"   exp(z)
//   "probabilities"  one column a class; of one output those of both classes
//   "labels"         one of `labels`
// Numbers are float64, or float32 where both rows and coefficients are.
PLAIT_API Array apply_linear(const Array& rows, const NdArray& coefficients, const NdArray& intercepts,
                             const std::string& what = "scores", const std::optional<NdArray>& labels = {});

}  // namespace plait::ml
