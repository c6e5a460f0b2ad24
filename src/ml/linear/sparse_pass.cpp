#include "ml/linear/sparse_pass.h"

#include <algorithm>

#include "ml/linear/glm_loss.h"
#include "ml/row_tiles.h"

namespace plait::ml {

void sparse_scores(const SparseRows& x, std::int64_t first, std::int64_t n, const double* coefficients,
                   std::int64_t width, std::int64_t outputs, double* z) {
  for (std::int64_t i = 0; i < n; ++i) {
    const SparseRows::Row row = x.row(first + i);
    for (std::int64_t k = 0; k < outputs; ++k) z[k * kTileRows + i] += row.dot(coefficients + k * width);
  }
}

namespace {

// Sums over the rows of a block, tile after tile.
class SparseSweep {
 public:
  SparseSweep(const SparseRows& x, const GlmPoint& at)
      : x_(x), at_(at), width_(x.num_columns() + (at.has_intercept ? 1 : 0)), all_(width_ * at.outputs) {
    const auto side = static_cast<std::size_t>(kTileRows * at.outputs);
    for (auto* each : {&z_, &residual_, &likely_}) each->resize(side);
    curvature_.resize(static_cast<std::size_t>(kTileRows));
    sums.gradient.resize(static_cast<std::size_t>(all_));
    if (at.wants_hessian) sums.hessian.resize(static_cast<std::size_t>(all_ * all_));
  }

  void tile(std::int64_t first, std::int64_t n, const double* y, const double* weights) {
    const double* coefficients = at_.coefficients.data();
    for (std::int64_t k = 0; k < at_.outputs; ++k)
      std::fill_n(z_.data() + k * kTileRows, n, at_.has_intercept ? coefficients[(k + 1) * width_ - 1] : 0.0);
    sparse_scores(x_, first, n, coefficients, width_, at_.outputs, z_.data());
    const bool is_multinomial = at_.loss == GlmLoss::multinomial;
    sums.loss += is_multinomial ? multinomial_losses(z_.data(), kTileRows, at_.outputs, y, weights, n, residual_.data(),
                                                     likely_.data())
                                : point_losses(at_.loss, z_.data(), y, weights, n, residual_.data(), curvature_.data());
    for (std::int64_t i = 0; i < n; ++i) {
      sums.weights += weights[i];
      const SparseRows::Row row = x_.row(first + i);
      for (std::int64_t k = 0; k < at_.outputs; ++k)
        add(row, residual_[static_cast<std::size_t>(k * kTileRows + i)], sums.gradient.data() + k * width_);
      if (at_.wants_hessian) add_curved(row, i, weights[i]);
    }
  }

  GlmSums sums;

 private:
  // A row and the 1 of its intercept, times a number.
  void add(const SparseRows::Row& row, double times, double* to) const {
    row.add_to(to, times);
    if (at_.has_intercept) to[width_ - 1] += times;
  }
  void add_curved(const SparseRows::Row& row, std::int64_t i, double weight) {
    for (std::int64_t k = 0; k < at_.outputs; ++k) {
      for (std::int64_t l = 0; l < at_.outputs; ++l) {
        const double curved = at_.outputs == 1 ? curvature_[static_cast<std::size_t>(i)] : weight * pair(k, l, i);
        double* to = sums.hessian.data() + k * width_ * all_ + l * width_;
        for (std::size_t j = 0; j < row.columns.size(); ++j)
          add(row, curved * row.numbers[j], to + row.columns[j] * all_);
        if (at_.has_intercept) add(row, curved, to + (width_ - 1) * all_);
      }
    }
  }
  // The curvature where class k meets class l.
  double pair(std::int64_t k, std::int64_t l, std::int64_t i) const {
    const double of_k = likely_[static_cast<std::size_t>(k * kTileRows + i)];
    const double of_l = likely_[static_cast<std::size_t>(l * kTileRows + i)];
    return of_k * ((k == l ? 1.0 : 0.0) - of_l);
  }

  const SparseRows& x_;
  const GlmPoint& at_;
  std::int64_t width_, all_;  // coefficients of one output, and of all
  std::vector<double> z_, residual_, likely_, curvature_;
};

}  // namespace

GlmSums sparse_glm_sums(const SparseRows& x, const double* y, const double* weights, const GlmPoint& at,
                        const TaskContext& context) {
  const std::vector<double> ones(weights ? 0 : static_cast<std::size_t>(kTileRows), 1.0);
  SparseSweep sweep(x, at);
  for (std::int64_t row = 0; row < x.num_rows(); row += kTileRows) {
    context.check_cancelled();
    const std::int64_t n = std::min(kTileRows, x.num_rows() - row);
    sweep.tile(row, n, y + row, weights ? weights + row : ones.data());
  }
  return std::move(sweep.sums);
}

}  // namespace plait::ml
