#include "ml/linear/glm_fit.h"

#include <fmt/format.h>

#include <algorithm>

#include "collections/compute_options.h"
#include "ml/kept_rows.h"
#include "ml/linear/admm.h"
#include "ml/linear/kept_numbers.h"
#include "ml/linear/linear_map.h"
#include "ml/linear/objective.h"
#include "ml/linear/scatter.h"
#include "ml/ml_start.h"
#include "ml/row_map.h"
#include "ml/weight_sum.h"

namespace plait::ml {
namespace {

// Up to so many coefficients a few passes with Hessian are quicker than more passes without.
constexpr std::size_t kMostForNewton = 48;
// With an absolute penalty, whose other solver needs many passes.
constexpr std::size_t kMostToShrink = 640;

GlmLoss loss_named(const std::string& name) {
  constexpr std::pair<const char*, GlmLoss> kLosses[] = {{"squared", GlmLoss::squared},
                                                         {"logistic", GlmLoss::logistic},
                                                         {"multinomial", GlmLoss::multinomial},
                                                         {"poisson", GlmLoss::poisson},
                                                         {"gamma", GlmLoss::gamma}};
  for (const auto& [text, loss] : kLosses)
    if (name == text) return loss;
  throw value_error(
      fmt::format("fit_glm: the loss is '{}', expected squared, logistic, multinomial, poisson or gamma", name));
}

using Solver = Solution (*)(Objective&, Start, const Limits&);
struct NamedSolver {
  const char* name;
  Solver solve;
  bool shrinks;  // takes an absolute penalty
};
constexpr NamedSolver kSolvers[] = {{"newton", newton, true},
                                    {"lbfgs", lbfgs, false},
                                    {"gradient_descent", gradient_descent, false},
                                    {"proximal_grad", proximal_gradient, true},
                                    {"admm", admm, true}};

Solver solver_for(const std::string& name, const Penalty& penalty) {
  if (name == "auto") {
    if (penalty.squared.size() <= kMostForNewton || (!penalty.is_smooth() && penalty.squared.size() <= kMostToShrink))
      return newton;
    return penalty.is_smooth() ? lbfgs : proximal_gradient;
  }
  for (const NamedSolver& each : kSolvers) {
    if (name != each.name) continue;
    if (each.shrinks || penalty.is_smooth()) return each.solve;
    throw value_error(
        fmt::format("fit_glm: solver '{}' does not take an l1 penalty; expected newton, proximal_grad or admm", name));
  }
  throw value_error(fmt::format(
      "fit_glm: the solver is '{}', expected auto, newton, lbfgs, gradient_descent, proximal_grad or admm", name));
}

Penalty penalty_of(const GlmOptions& how, std::int64_t features, double per) {
  Penalty penalty;
  for (std::int64_t k = 0; k < how.outputs; ++k) {
    for (auto [to, amount] :
         {std::pair(&penalty.squared, how.squared_penalty), std::pair(&penalty.absolute, how.absolute_penalty)}) {
      to->insert(to->end(), static_cast<std::size_t>(features), amount / per);
      if (how.fit_intercept) to->push_back(how.intercept_penalty * amount / per);
    }
  }
  return penalty;
}

// Coefficients of features and intercepts apart.
void split(const Coefficients& c, std::int64_t outputs, std::int64_t features, bool has_intercept, GlmModel& to) {
  to.coefficients = NdArray::empty(DType::float64, {outputs, features});
  to.intercepts = NdArray::zeros(DType::float64, {outputs});
  const std::int64_t width = features + (has_intercept ? 1 : 0);
  for (std::int64_t k = 0; k < outputs; ++k) {
    const double* from = c.data() + k * width;
    std::copy_n(from, features, to.coefficients.mutable_data<double>() + k * features);
    if (has_intercept) to.intercepts.mutable_data<double>()[k] = from[features];
  }
}

DType kept_dtype(const ExprPtr& rows) {
  return array_meta(rows).dtype() == DType::float32 ? DType::float32 : DType::float64;
}

}  // namespace

std::vector<ExprPtr> kept_numbers(ExprPtr rows, ExprPtr targets, ExprPtr weights, const ComputeOptions& options) {
  start_ml();
  const DType dtype = kept_dtype(rows);
  std::vector<ExprPtr> all{std::move(rows), std::move(targets)};
  if (weights) all.push_back(std::move(weights));
  all = line_up_rows(std::move(all), {"X", "y", "sample_weight"});
  all[0] = number_rows(all[0], dtype);
  all[1] = finite_rows(all[1], DType::float64, "y");
  if (weights || all.size() > 2) all[2] = finite_rows(all[2], DType::float64, "sample_weight");
  return kept_rows(std::move(all), options);
}

GlmModel fit_glm(ExprPtr rows, ExprPtr targets, ExprPtr weights, const GlmOptions& how, const ComputeOptions& options) {
  const std::int64_t features = array_meta(rows).shape().at(1);
  GlmPoint model{loss_named(how.loss), how.outputs, how.fit_intercept};
  const auto size = static_cast<std::size_t>(how.outputs * (features + (how.fit_intercept ? 1 : 0)));
  solver_for(how.solver, penalty_of(how, features, 1));  // refused before any work is done
  if (model.loss == GlmLoss::multinomial) targets = class_numbers(std::move(targets), how.outputs, "y");
  const auto kept = kept_numbers(std::move(rows), std::move(targets), std::move(weights), options);
  const RowTotals totals = row_totals(kept, options);
  const double per = how.penalty_per_sum ? totals.weights : 1;
  Objective objective(kept, std::move(model), penalty_of(how, features, per), options);
  Start start{how.start.empty() ? Coefficients(size, 0.0) : how.start, {}};
  if (start.coefficients.size() != size)
    throw value_error(
        fmt::format("fit_glm: {} coefficients are given to start with, expected {}", start.coefficients.size(), size));
  Limits limits{how.tolerance, how.max_iterations, how.watch};
  const Solver solve = solver_for(how.solver, objective.penalty());
  // Coefficients of the user's are nearer than those of a sample.
  if (how.start.empty() && limits.max_iterations > 0 && (solve == newton || solve == lbfgs)) {
    start = sampled_start(objective, totals.rows, std::move(start.coefficients), limits);
    // Where the classes are nearly separated small slopes are far from the optimum: a solver that comes from elsewhere
    // leaves a wide tolerance far behind with its last step, one that comes from a sample would stop just within it.
    if (!start.is_enough()) limits.tolerance = std::min(how.tolerance, std::max(1e-6, 1e-2 * how.tolerance));
  }
  const Solution found = solve(objective, std::move(start), limits);
  GlmModel fitted;
  split(found.coefficients, how.outputs, features, how.fit_intercept, fitted);
  fitted.iterations = found.iterations;
  fitted.is_converged = found.is_converged || found.violation <= how.tolerance;
  fitted.objective = found.value;
  fitted.slope = found.violation;
  return fitted;
}

GlmModel fit_glm(const Array& rows, const Array& targets, const std::optional<Array>& weights, const GlmOptions& how,
                 const RunSettings& settings) {
  return fit_glm(rows.expr(), targets.expr(), weights ? weights->expr() : nullptr, how, compute_options(settings));
}

void register_linear_kernels() {
  register_glm_kernels();
  register_admm_kernels();
  register_scatter_kernels();
  register_linear_map_kernels();
  register_weight_kernels();
}

}  // namespace plait::ml
