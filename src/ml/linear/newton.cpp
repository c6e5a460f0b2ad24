// Newton's method. Each iteration is one pass that gives gradient and Hessian together; where the penalty has an
// absolute part, the step is the optimum of the quadratic model with that penalty, found coefficient by coefficient.
#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/array/lapack.h"
#include "ml/linear/objective.h"

namespace plait::ml {
namespace {

// The step that makes g'd + d'Hd/2 + the absolute penalty at c + d small, coefficient by coefficient.
Coefficients shrinking_step(const Slope& slope, const Coefficients& c, const Penalty& penalty) {
  constexpr int kMostRounds = 1000;
  const std::size_t n = c.size();
  Coefficients step(n, 0.0), slopes = slope.gradient;  // slopes: g + H d
  for (int round = 0; round < kMostRounds; ++round) {
    double largest_change = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double curvature = std::max(slope.hessian[i * n + i], 1e-300);
      const double here = c[i] + step[i];
      const double there = shrunk(here - slopes[i] / curvature, penalty.absolute[i] / curvature);
      const double change = there - here;
      if (change == 0 || !std::isfinite(change)) continue;
      step[i] += change;
      for (std::size_t j = 0; j < n; ++j) slopes[j] += slope.hessian[i * n + j] * change;
      largest_change = std::max(largest_change, std::abs(change) * curvature);
    }
    if (largest_change <= 1e-3 * violation(c, slope.gradient, penalty) * 1e-3 + 1e-16) break;
  }
  return step;
}

double absolute_at(const Coefficients& c, const Penalty& penalty) { return penalty.at(c) - penalty.squared_at(c); }

Coefficients newton_step(const Slope& slope) {
  Coefficients step = CurvatureFactor(slope.hessian).solve(slope.gradient);
  for (double& each : step) each = -each;
  return step;
}

}  // namespace

CurvatureFactor::CurvatureFactor(const Coefficients& hessian) {
  const auto n = static_cast<std::size_t>(std::llround(std::sqrt(static_cast<double>(hessian.size()))));
  double largest = 0;
  for (std::size_t i = 0; i < n; ++i) largest = std::max(largest, hessian[i * n + i]);
  if (largest == 0) largest = 1;
  const BlasThreads one_thread;
  const auto side = static_cast<lapack_int>(n);
  for (double ridge = 0;; ridge = ridge == 0 ? 1e-12 * largest : ridge * 100) {
    factor_ = hessian;
    for (std::size_t i = 0; i < n; ++i) factor_[i * n + i] += ridge;
    const lapack_int info = scipy_LAPACKE_dpotrf(LAPACK_ROW_MAJOR, 'L', side, factor_.data(), side);
    // A pivot that is all rounding makes steps that are nothing else.
    double smallest = largest;
    for (std::size_t i = 0; i < n && info == 0; ++i)
      smallest = std::min(smallest, factor_[i * n + i] * factor_[i * n + i]);
    if ((info == 0 && smallest > 1e-14 * largest) || ridge > largest) return;
  }
}

Coefficients CurvatureFactor::solve(Coefficients right) const {
  const BlasThreads one_thread;
  const auto side = static_cast<lapack_int>(right.size());
  scipy_LAPACKE_dpotrs(LAPACK_ROW_MAJOR, 'L', side, 1, factor_.data(), side, right.data(), 1);
  return right;
}

Solution newton(Objective& objective, Start start, const Limits& limits) {
  const Penalty& penalty = objective.penalty();
  const bool is_smooth = penalty.is_smooth();
  Coefficients c = std::move(start.coefficients);
  Slope slope = objective.at(c, true);
  double value = slope.value + absolute_at(c, penalty);
  Solution found;
  for (found.iterations = 0;; ++found.iterations) {
    found.violation = violation(c, slope.gradient, penalty);
    if (limits.watch) limits.watch(found.iterations, value, found.violation);
    found.is_converged = found.violation <= limits.tolerance && (found.iterations > 0 || start.is_enough());
    if (found.is_converged || found.iterations == limits.max_iterations || !std::isfinite(value)) break;

    const Coefficients step = is_smooth ? newton_step(slope) : shrinking_step(slope, c, penalty);
    double descent = 0;
    for (std::size_t i = 0; i < c.size(); ++i) {
      descent += slope.gradient[i] * step[i] + penalty.absolute[i] * (std::abs(c[i] + step[i]) - std::abs(c[i]));
    }
    // What is left is rounding.
    const double rounding = 8 * std::numeric_limits<double>::epsilon() * (std::abs(value) + 1e-300);
    bool has_moved = false;
    for (double length = 1; length > 1e-10; length /= 2) {
      Coefficients there = c;
      for (std::size_t i = 0; i < c.size(); ++i) there[i] += length * step[i];
      Slope next = objective.at(there, true);
      const double then = next.value + absolute_at(there, penalty);
      if (!(then <= value + 1e-4 * length * descent + rounding)) continue;
      has_moved = std::abs(value - then) > rounding || violation(there, next.gradient, penalty) < found.violation;
      c = std::move(there);
      slope = std::move(next);
      value = then;
      break;
    }
    if (!has_moved) {  // as close as numbers go
      found.violation = violation(c, slope.gradient, penalty);
      found.is_converged = std::abs(descent) <= 1e3 * rounding;
      break;
    }
  }
  found.value = value;
  found.coefficients = std::move(c);
  found.hessian = std::move(slope.hessian);
  return found;
}

}  // namespace plait::ml
