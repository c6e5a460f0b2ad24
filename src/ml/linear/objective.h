// What solvers make small: the mean loss over the rows, plus a penalty on the coefficients.
#pragma once

#include <functional>
#include <vector>

#include "expr/plan.h"
#include "ml/linear/glm_pass.h"

namespace plait::ml {

using Coefficients = std::vector<double>;

// Of each coefficient: half of `squared` times its square, plus `absolute` times its amount.
struct Penalty {
  Coefficients squared, absolute;
  bool is_smooth() const;
  double at(const Coefficients& c) const;  // all of it
  double squared_at(const Coefficients& c) const;
};

struct Slope {
  double value = 0;       // without the absolute part of the penalty
  Coefficients gradient;  // of that
  Coefficients hessian;   // of that; empty where it was not wanted
};

class Objective {
 public:
  // `rows`: X, y and perhaps weights, lined up and kept; X may hold what is not finite.
  Objective(std::vector<ExprPtr> rows, GlmPoint model, Penalty penalty, ComputeOptions options);
  // The same on a sample of the rows.
  Objective on(std::vector<ExprPtr> sample) const;

  std::size_t size() const { return penalty_.squared.size(); }
  const Penalty& penalty() const { return penalty_; }
  const std::vector<ExprPtr>& rows() const { return rows_; }
  const GlmPoint& model() const { return model_; }
  const ComputeOptions& options() const { return options_; }
  double weights() const { return weights_; }  // their sum, once there was a pass

  // One pass over the rows. What is not finite in X makes sums that are not: then all rows are looked at once, and an
  // error names the place.
  Slope at(const Coefficients& c, bool wants_hessian);

 private:
  std::vector<ExprPtr> rows_;
  ExprPtr unchecked_;  // all rows of X, also where rows_ are a sample; null once they are known to be finite
  GlmPoint model_;
  Penalty penalty_;
  ComputeOptions options_;
  double weights_ = 0;
};

// How far from an optimum: the largest slope that no step along one coefficient can do without.
double violation(const Coefficients& c, const Coefficients& gradient, const Penalty& penalty);
double shrunk(double value, double by);  // towards zero, as the absolute penalty does

// The factor of a Hessian by which steps are found. One that is not positive definite, as that of collinear columns,
// gets a larger diagonal until it is.
class CurvatureFactor {
 public:
  explicit CurvatureFactor(const Coefficients& hessian);
  // The solution of H d = right.
  Coefficients solve(Coefficients right) const;

 private:
  Coefficients factor_;
};

// Coefficients to begin with and, where they are the optimum of a sample, about what the Hessian is there; else that is
// empty. From a sample at least one step is made: its optimum may satisfy a wide tolerance, and is only near.
struct Start {
  Coefficients coefficients, hessian;
  bool is_enough() const { return hessian.empty(); }
};

struct Limits {
  double tolerance = 1e-4;  // on the violation
  std::int64_t max_iterations = 100;
  // Told after each iteration, for people.
  std::function<void(std::int64_t iteration, double value, double violation)> watch = {};
};

struct Solution {
  Coefficients coefficients;
  std::int64_t iterations = 0;
  bool is_converged = false;
  double value = 0;      // of the objective
  double violation = 0;  // that is left
  Coefficients hessian;  // there, where the solver knows it
};

// The optimum of a sample of the rows, or `given` where rows are few.
Start sampled_start(const Objective& objective, std::int64_t num_rows, Coefficients given, const Limits& limits);

// All find the same optimum; where the penalty is not smooth, `lbfgs` and
// `gradient_descent` cannot be used.
Solution newton(Objective& objective, Start start, const Limits& limits);
Solution lbfgs(Objective& objective, Start start, const Limits& limits);
Solution gradient_descent(Objective& objective, Start start, const Limits& limits);
Solution proximal_gradient(Objective& objective, Start start, const Limits& limits);
Solution admm(Objective& objective, Start start, const Limits& limits);

}  // namespace plait::ml
