// Methods that need gradients only: L-BFGS, gradient descent, proximal gradients.
#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <optional>

#include "ml/linear/objective.h"

namespace plait::ml {
namespace {

double inner(const Coefficients& a, const Coefficients& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

Coefficients moved(const Coefficients& from, const Coefficients& direction, double length) {
  Coefficients to = from;
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += length * direction[i];
  return to;
}

Coefficients difference(const Coefficients& a, const Coefficients& b) { return moved(a, b, -1); }

double rounding_of(double value) { return 8 * std::numeric_limits<double>::epsilon() * (std::abs(value) + 1e-300); }

// Says where an iteration stands; true if it is the last.
bool is_over(Solution& found, const Start& start, const Coefficients& c, const Slope& slope, const Penalty& penalty,
             const Limits& limits, double value) {
  found.value = value;
  found.violation = violation(c, slope.gradient, penalty);
  if (limits.watch) limits.watch(found.iterations, value, found.violation);
  found.is_converged = found.violation <= limits.tolerance && (found.iterations > 0 || start.is_enough());
  return found.is_converged || found.iterations >= limits.max_iterations || !std::isfinite(value);
}

// The last steps and how the gradient changed along them: an estimate of the Hessian.
class StepMemory {
 public:
  void keep(Coefficients step, Coefficients change) {
    const double curvature = inner(step, change);
    if (!(curvature > 1e-14 * std::sqrt(inner(step, step) * inner(change, change)))) return;
    if (pairs_.size() == kMost) pairs_.pop_front();
    pairs_.push_back({std::move(step), std::move(change), 1 / curvature});
  }
  void forget() { pairs_.clear(); }
  bool is_empty() const { return pairs_.empty(); }

  // Minus the inverse of the estimate, times the gradient. `before`: what was known of the curvature before any step.
  Coefficients direction(const Coefficients& gradient, const std::optional<CurvatureFactor>& before) const {
    Coefficients q = gradient;
    std::vector<double> along(pairs_.size());
    for (std::size_t i = pairs_.size(); i-- > 0;) {
      along[i] = pairs_[i].inverse * inner(pairs_[i].step, q);
      q = moved(q, pairs_[i].change, -along[i]);
    }
    if (before) {
      q = before->solve(std::move(q));
    } else if (!pairs_.empty()) {
      const Pair& last = pairs_.back();
      const double scale = 1 / (last.inverse * inner(last.change, last.change));
      for (double& each : q) each *= scale;
    }
    for (std::size_t i = 0; i < pairs_.size(); ++i)
      q = moved(q, pairs_[i].step, along[i] - pairs_[i].inverse * inner(pairs_[i].change, q));
    for (double& each : q) each = -each;
    return q;
  }

 private:
  static constexpr std::size_t kMost = 10;
  struct Pair {
    Coefficients step, change;
    double inverse;
  };
  std::deque<Pair> pairs_;
};

struct Landing {
  Coefficients c;
  Slope slope;
  bool is_good = false;
};

// A step along `direction` that satisfies Wolfe's conditions, by halving an interval.
Landing searched(Objective& objective, const Coefficients& c, const Slope& slope, const Coefficients& direction,
                 double length) {
  const double descent = inner(slope.gradient, direction);
  double low = 0, high = std::numeric_limits<double>::infinity();
  for (int trial = 0; trial < 40; ++trial) {
    Landing there{moved(c, direction, length), {}, true};
    there.slope = objective.at(there.c, false);
    const bool is_lower = there.slope.value <= slope.value + 1e-4 * length * descent + rounding_of(slope.value);
    if (!is_lower) {
      high = length;
    } else if (inner(there.slope.gradient, direction) < 0.9 * descent) {
      low = length;
    } else {
      return there;
    }
    length = std::isinf(high) ? 2 * length : (low + high) / 2;
  }
  return {};
}

// Curvatures by which steps along the coefficients are scaled; 1 where a Hessian would be too large to look at.
Coefficients scales_of(Objective& objective, const Coefficients& start) {
  constexpr std::size_t kMostForHessian = 2048;
  Coefficients scales(start.size(), 1.0);
  if (start.size() > kMostForHessian) return scales;
  const Slope slope = objective.at(start, true);
  for (std::size_t i = 0; i < scales.size(); ++i) scales[i] = std::max(slope.hessian[i * start.size() + i], 1e-12);
  return scales;
}

}  // namespace

Solution lbfgs(Objective& objective, Start start, const Limits& limits) {
  PLAIT_CHECK(objective.penalty().is_smooth());
  Coefficients c = std::move(start.coefficients);
  Slope slope = objective.at(c, false);
  StepMemory memory;
  std::optional<CurvatureFactor> before;
  if (!start.hessian.empty()) before.emplace(start.hessian);
  Solution found;
  while (!is_over(found, start, c, slope, objective.penalty(), limits, slope.value)) {
    const bool is_first = memory.is_empty() && !before;
    const Coefficients direction = memory.direction(slope.gradient, before);
    const double length = is_first ? 1 / std::max(1.0, std::sqrt(inner(direction, direction))) : 1.0;
    Landing there = searched(objective, c, slope, direction, length);
    if (!there.is_good) {
      if (is_first) break;
      memory.forget();
      before.reset();
      continue;
    }
    memory.keep(difference(there.c, c), difference(there.slope.gradient, slope.gradient));
    c = std::move(there.c);
    slope = std::move(there.slope);
    ++found.iterations;
  }
  found.coefficients = std::move(c);
  return found;
}

// With the step lengths of Barzilai and Borwein, which follow the curvature along the last step; the value may rise
// for a while, but not above the last ten.
Solution gradient_descent(Objective& objective, Start start, const Limits& limits) {
  PLAIT_CHECK(objective.penalty().is_smooth());
  Coefficients c = std::move(start.coefficients);
  const Coefficients scales = scales_of(objective, c);
  Slope slope = objective.at(c, false);
  std::deque<double> values;
  double length = 1;
  Solution found;
  while (!is_over(found, start, c, slope, objective.penalty(), limits, slope.value)) {
    Coefficients direction = slope.gradient;
    for (std::size_t i = 0; i < c.size(); ++i) direction[i] /= -scales[i];
    values.push_back(slope.value);
    if (values.size() > 10) values.pop_front();
    const double bound = *std::ranges::max_element(values), descent = inner(slope.gradient, direction);
    Landing there;
    for (; length > 1e-20; length /= 2) {
      there = {moved(c, direction, length), {}, true};
      there.slope = objective.at(there.c, false);
      if (there.slope.value <= bound + 1e-4 * length * descent + rounding_of(bound)) break;
      there.is_good = false;
    }
    if (!there.is_good) break;
    double moved_by = 0, change = 0;
    for (std::size_t i = 0; i < c.size(); ++i) {
      const double step = there.c[i] - c[i];
      moved_by += step * step * scales[i];
      change += step * (there.slope.gradient[i] - slope.gradient[i]);
    }
    length = change > 0 ? std::clamp(moved_by / change, 1e-10, 1e10) : 1;
    c = std::move(there.c);
    slope = std::move(there.slope);
    ++found.iterations;
  }
  found.coefficients = std::move(c);
  return found;
}

// FISTA: gradient steps from a point ahead, each followed by the shrinking of the absolute penalty; where the value
// rises, it starts again without momentum.
Solution proximal_gradient(Objective& objective, Start start, const Limits& limits) {
  const Penalty& penalty = objective.penalty();
  Coefficients c = std::move(start.coefficients), ahead = c;
  const Coefficients scales = scales_of(objective, c);
  Slope slope = objective.at(c, false), slope_ahead = slope;
  const auto whole = [&](const Coefficients& at, const Slope& of) {
    return of.value + penalty.at(at) - penalty.squared_at(at);
  };
  double curvature = 1, momentum = 1;
  Solution found;
  while (!is_over(found, start, c, slope, penalty, limits, whole(c, slope))) {
    Landing there;
    for (; curvature < 1e20; curvature *= 2) {
      there = {ahead, {}, true};
      double bound = slope_ahead.value;
      for (std::size_t i = 0; i < c.size(); ++i) {
        const double by = 1 / (curvature * scales[i]);
        there.c[i] = shrunk(ahead[i] - by * slope_ahead.gradient[i], by * penalty.absolute[i]);
        const double step = there.c[i] - ahead[i];
        bound += slope_ahead.gradient[i] * step + step * step / (2 * by);
      }
      there.slope = objective.at(there.c, false);
      if (there.slope.value <= bound + rounding_of(bound)) break;
      there.is_good = false;
    }
    if (!there.is_good) break;
    curvature *= 0.9;
    ++found.iterations;
    if (whole(there.c, there.slope) > whole(c, slope) + rounding_of(slope.value) && momentum > 1) {
      ahead = c;
      slope_ahead = slope;
      momentum = 1;
      continue;
    }
    const double next = (1 + std::sqrt(1 + 4 * momentum * momentum)) / 2;
    ahead = moved(there.c, difference(there.c, c), (momentum - 1) / next);
    momentum = next;
    c = std::move(there.c);
    slope = std::move(there.slope);
    slope_ahead = momentum > 1.7 ? objective.at(ahead, false) : slope;
  }
  found.coefficients = std::move(c);
  return found;
}

}  // namespace plait::ml
