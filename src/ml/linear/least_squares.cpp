// Least squares from the products of columns.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "collections/array/array_meta.h"
#include "collections/compute_options.h"
#include "kernels/array/lapack.h"
#include "ml/linear/glm_fit.h"
#include "ml/linear/kept_numbers.h"
#include "ml/linear/scatter.h"
#include "ml/weight_sum.h"

namespace plait::ml {
namespace {

using Matrix = std::vector<double>;

// Eigenvalues in rising order; `vectors` becomes their vectors, one a column.
std::vector<double> eigenvalues(Matrix& vectors, std::int64_t side) {
  std::vector<double> values(static_cast<std::size_t>(side));
  const BlasThreads threads;
  const lapack_int info = scipy_LAPACKE_dsyevd(LAPACK_ROW_MAJOR, 'V', 'L', lapack::extent(side), vectors.data(),
                                               lapack::extent(side), values.data());
  if (info != 0) throw value_error("least squares: the products of the columns are not finite");
  return values;
}

// Coefficients of one target. `scaled`: the same with columns of length one, whose factor is at hand where they are
// not collinear.
class NormalEquations {
 public:
  NormalEquations(const Scatter& around, std::int64_t features) : around_(around), features_(features) {
    const auto n = static_cast<std::size_t>(features);
    gram_.resize(n * n);
    for (std::int64_t i = 0; i < features; ++i)
      for (std::int64_t j = 0; j < features; ++j) gram_[at(i, j)] = around.product(i, j);
    vectors_ = gram_;
    values_ = eigenvalues(vectors_, features);
  }

  std::vector<double> singular_values() const {
    std::vector<double> roots(values_.size());
    std::ranges::transform(values_, roots.rbegin(), [](double each) { return std::sqrt(std::max(each, 0.0)); });
    return roots;
  }
  std::int64_t rank() const {
    return std::ranges::count_if(values_, [this](double each) { return counts(each); });
  }

  std::vector<double> solve(std::int64_t target, double penalty) const {
    std::vector<double> right(static_cast<std::size_t>(features_));
    for (std::int64_t i = 0; i < features_; ++i)
      right[static_cast<std::size_t>(i)] = around_.product(features_ + target, i);
    if (std::optional<std::vector<double>> exact = by_cholesky(right, penalty)) return *exact;
    return by_eigenvectors(right, penalty);
  }

 private:
  std::size_t at(std::int64_t i, std::int64_t j) const { return static_cast<std::size_t>(i * features_ + j); }
  // Whether an eigenvalue is more than rounding.
  bool counts(double value) const {
    return value > 1e-13 * static_cast<double>(features_) * std::max(values_.empty() ? 0.0 : values_.back(), 1e-300);
  }

  // With columns scaled to one length, so that their units do not matter; none if they are collinear.
  std::optional<std::vector<double>> by_cholesky(const std::vector<double>& right, double penalty) const {
    std::vector<double> scale(right.size()), step = right;
    Matrix factor = gram_;
    for (std::int64_t i = 0; i < features_; ++i) {
      factor[at(i, i)] += penalty;
      if (!(factor[at(i, i)] > 0)) return std::nullopt;
      scale[static_cast<std::size_t>(i)] = 1 / std::sqrt(factor[at(i, i)]);
    }
    for (std::int64_t i = 0; i < features_; ++i) {
      step[static_cast<std::size_t>(i)] *= scale[static_cast<std::size_t>(i)];
      for (std::int64_t j = 0; j < features_; ++j)
        factor[at(i, j)] *= scale[static_cast<std::size_t>(i)] * scale[static_cast<std::size_t>(j)];
    }
    const Matrix exact = factor;
    const std::vector<double> wanted = step;
    const lapack_int side = lapack::extent(features_);
    const BlasThreads threads;
    if (scipy_LAPACKE_dpotrf(LAPACK_ROW_MAJOR, 'L', side, factor.data(), side) != 0) return std::nullopt;
    for (std::int64_t i = 0; i < features_; ++i)
      if (std::pow(factor[at(i, i)], 2) < 1e-11) return std::nullopt;
    const auto solved = [&](std::vector<double>& of) {
      scipy_LAPACKE_dpotrs(LAPACK_ROW_MAJOR, 'L', side, 1, factor.data(), side, of.data(), 1);
    };
    solved(step);
    // Once more for what rounding left.
    std::vector<double> left = wanted;
    for (std::int64_t i = 0; i < features_; ++i)
      for (std::int64_t j = 0; j < features_; ++j)
        left[static_cast<std::size_t>(i)] -= exact[at(i, j)] * step[static_cast<std::size_t>(j)];
    solved(left);
    for (std::size_t i = 0; i < step.size(); ++i) step[i] = (step[i] + left[i]) * scale[i];
    return step;
  }

  std::vector<double> by_eigenvectors(const std::vector<double>& right, double penalty) const {
    std::vector<double> found(right.size(), 0.0);
    for (std::int64_t k = 0; k < features_; ++k) {
      const double value = values_[static_cast<std::size_t>(k)];
      if (penalty == 0 && !counts(value)) continue;
      double along = 0;
      for (std::int64_t i = 0; i < features_; ++i) along += vectors_[at(i, k)] * right[static_cast<std::size_t>(i)];
      along /= value + penalty;
      for (std::int64_t i = 0; i < features_; ++i) found[static_cast<std::size_t>(i)] += along * vectors_[at(i, k)];
    }
    return found;
  }

  const Scatter& around_;
  std::int64_t features_;
  Matrix gram_, vectors_;
  std::vector<double> values_;
};

}  // namespace

LeastSquares fit_least_squares(ExprPtr rows, ExprPtr targets, ExprPtr weights, const LeastSquaresOptions& how,
                               const ComputeOptions& options) {
  const std::int64_t features = array_meta(rows).shape().at(1);
  const std::int64_t count = array_meta(targets).ndim() == 1 ? 1 : array_meta(targets).shape()[1];
  if (how.penalty.size() != 1 && how.penalty.size() != static_cast<std::size_t>(count))
    throw value_error(fmt::format("Number of targets and number of penalties do not correspond: {} != {}",
                                  how.penalty.size(), count));
  const bool has_weights = weights != nullptr;
  const auto kept = kept_numbers(std::move(rows), std::move(targets), std::move(weights), options);
  row_totals(kept, options);
  CentredScatter found;
  if (how.fit_intercept) {
    found = centred_scatter(kept, has_weights, options);
  } else {
    found.around = scatter(kept, {}, has_weights, options);
    found.means.assign(static_cast<std::size_t>(features + count), 0.0);
  }
  const NormalEquations equations(found.around, features);
  LeastSquares fitted{NdArray::empty(DType::float64, {count, features}), NdArray::empty(DType::float64, {count})};
  for (std::int64_t target = 0; target < count; ++target) {
    const double penalty = how.penalty[how.penalty.size() == 1 ? 0 : static_cast<std::size_t>(target)];
    const std::vector<double> c = equations.solve(target, penalty);
    std::ranges::copy(c, fitted.coefficients.mutable_data<double>() + target * features);
    double intercept = found.means[static_cast<std::size_t>(features + target)];
    for (std::size_t i = 0; i < c.size(); ++i) intercept -= c[i] * found.means[i];
    fitted.intercepts.mutable_data<double>()[target] = how.fit_intercept ? intercept : 0;
  }
  const std::vector<double> singular = equations.singular_values();
  fitted.rank = equations.rank();
  fitted.singular_values = NdArray::from<double>({features}, std::span(singular));
  return fitted;
}

LeastSquares fit_least_squares(const Array& rows, const Array& targets, const std::optional<Array>& weights,
                               const LeastSquaresOptions& how, const RunSettings& settings) {
  return fit_least_squares(rows.expr(), targets.expr(), weights ? weights->expr() : nullptr, how,
                           compute_options(settings));
}

}  // namespace plait::ml
