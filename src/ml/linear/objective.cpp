#include "ml/linear/objective.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ml/kept_rows.h"

namespace plait::ml {

bool Penalty::is_smooth() const {
  return std::ranges::all_of(absolute, [](double each) { return each == 0; });
}

double Penalty::squared_at(const Coefficients& c) const {
  double sum = 0;
  for (std::size_t i = 0; i < c.size(); ++i) sum += squared[i] * c[i] * c[i] / 2;
  return sum;
}

double Penalty::at(const Coefficients& c) const {
  double sum = squared_at(c);
  for (std::size_t i = 0; i < c.size(); ++i) sum += absolute[i] * std::abs(c[i]);
  return sum;
}

Objective::Objective(std::vector<ExprPtr> rows, GlmPoint model, Penalty penalty, ComputeOptions options)
    : rows_(std::move(rows)),
      unchecked_(rows_.at(0)),
      model_(std::move(model)),
      penalty_(std::move(penalty)),
      options_(std::move(options)) {}

Objective Objective::on(std::vector<ExprPtr> sample) const {
  Objective of_sample = *this;
  of_sample.rows_ = std::move(sample);
  return of_sample;
}

Slope Objective::at(const Coefficients& c, bool wants_hessian) {
  GlmPoint here = model_;
  here.coefficients = c;
  here.wants_hessian = wants_hessian;
  const ExprPtr fold =
      row_fold(rows_, "glm", {.partial = glm_kernel(std::move(here)), .combine = add_partials_kernel()});
  const Value total = compute({fold}, options_)[0];
  GlmSums sums = glm_sums_of(total.as<NdArray>(), static_cast<std::int64_t>(c.size()));
  if (unchecked_ && !std::isfinite(std::accumulate(sums.gradient.begin(), sums.gradient.end(), sums.loss))) {
    refuse_missing(unchecked_, "X", options_);
    unchecked_ = nullptr;
  }
  weights_ = sums.weights;
  if (!(weights_ > 0)) throw value_error("the sum of the sample weights is zero: no row is left to learn from");
  Slope slope{sums.loss / weights_ + penalty_.squared_at(c), std::move(sums.gradient), std::move(sums.hessian)};
  for (double& each : slope.gradient) each /= weights_;
  for (double& each : slope.hessian) each /= weights_;
  for (std::size_t i = 0; i < c.size(); ++i) {
    slope.gradient[i] += penalty_.squared[i] * c[i];
    if (wants_hessian) slope.hessian[i * c.size() + i] += penalty_.squared[i];
  }
  return slope;
}

double shrunk(double value, double by) {
  if (value > by) return value - by;
  if (value < -by) return value + by;
  return 0;
}

double violation(const Coefficients& c, const Coefficients& gradient, const Penalty& penalty) {
  double most = 0;
  for (std::size_t i = 0; i < c.size(); ++i) {
    const double by = penalty.absolute[i];
    const double left =
        c[i] == 0 ? std::max(0.0, std::abs(gradient[i]) - by) : std::abs(gradient[i] + (c[i] > 0 ? by : -by));
    if (!(left <= most)) most = left;  // NaN, too
  }
  return most;
}

}  // namespace plait::ml
