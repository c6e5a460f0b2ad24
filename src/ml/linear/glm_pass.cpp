#include "ml/linear/glm_pass.h"

#include <cblas.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "kernels/array/blas_threads.h"
#include "kernels/array/tile_loops.h"
#include "ml/column_loops.h"
#include "ml/column_products.h"
#include "ml/linear/glm_loss.h"
#include "ml/linear/sparse_pass.h"
#include "ml/row_loops.h"
#include "ml/row_tiles.h"

namespace plait::ml {
namespace {

// Beyond as many columns a tile is read row by row: to stand column by column it would have to be turned.
constexpr std::int64_t kFewColumns = 16;

// Where the sums of one block grow.
struct Sweep {
  const NdArray& x;
  const GlmPoint& at;
  std::int64_t features, width;  // width: coefficients of one output
  GlmSums sums;
};

// Rows of y and weights as doubles; weights are 1 where there are none.
struct Column {
  NdArray values;
  std::vector<double> ones;
  const double* from(std::int64_t row) const { return ones.empty() ? values.data<double>() + row : ones.data(); }
  double sum(std::int64_t rows) const {
    return ones.empty() ? std::accumulate(from(0), from(rows), 0.0) : static_cast<double>(rows);
  }
};

// Few columns, one output: columns of a tile stand one after the other, the ones of the intercept among them.
void sweep_columns(Sweep& sweep, const Column& y, const Column& weights, const TaskContext& context) {
  const ColumnLoops& loops = column_loops();
  const std::int64_t rows = num_rows(sweep.x), width = sweep.width;
  std::vector<double> tile(static_cast<std::size_t>((width + 1) * kTileRows), 1.0);
  std::vector<double> z(kTileRows), residual(kTileRows), curvature(kTileRows);
  const double* coefficients = sweep.at.coefficients.data();
  for (std::int64_t row = 0; row < rows; row += kTileRows) {
    if (row % (256 * kTileRows) == 0) context.check_cancelled();
    const std::int64_t n = std::min(kTileRows, rows - row);
    load_columns(sweep.x, row, n, tile.data(), kTileRows);
    std::fill_n(z.data(), n, sweep.at.has_intercept ? coefficients[sweep.features] : 0.0);
    for (std::int64_t j = 0; j < sweep.features; ++j)
      loops.add_scaled(z.data(), tile.data() + j * kTileRows, coefficients[j], n);
    sweep.sums.loss +=
        point_losses(sweep.at.loss, z.data(), y.from(row), weights.from(row), n, residual.data(), curvature.data());
    double* scaled = tile.data() + width * kTileRows;
    for (std::int64_t j = 0; j < width; ++j) {
      const double* column = tile.data() + j * kTileRows;
      sweep.sums.gradient[static_cast<std::size_t>(j)] += loops.dot(column, residual.data(), n);
      if (!sweep.at.wants_hessian) continue;
      loops.multiply(scaled, column, curvature.data(), n);
      for (std::int64_t k = 0; k <= j; ++k)
        sweep.sums.hessian[static_cast<std::size_t>(j * width + k)] +=
            loops.dot(scaled, tile.data() + k * kTileRows, n);
    }
  }
}

// Many columns, one output: rows are read where they are, twice while they are in the cache.
class RowSweep {
 public:
  explicit RowSweep(Sweep& sweep) : sweep_(sweep), z_(kTileRows), residual_(z_), curvature_(z_) {
    if (sweep.at.wants_hessian) products_.emplace(sweep.width, sweep.sums.hessian.data());
    if (sweep.x.dtype() == DType::float32) doubles_.resize(static_cast<std::size_t>(kTileRows * sweep.features));
  }

  void run(const Column& y, const Column& weights, const TaskContext& context) {
    const std::int64_t rows = num_rows(sweep_.x);
    for (std::int64_t row = 0; row < rows; row += kTileRows) {
      if (row % (16 * kTileRows) == 0) context.check_cancelled();
      const std::int64_t n = std::min(kTileRows, rows - row);
      tile(tile_of(row, n), n, y.from(row), weights.from(row));
    }
    if (products_) products_->finish();
  }

 private:
  const double* tile_of(std::int64_t row, std::int64_t n) {
    if (doubles_.empty()) return sweep_.x.data<double>() + row * sweep_.features;
    load_rows(sweep_.x, row, n, doubles_.data(), sweep_.features);
    return doubles_.data();
  }

  void tile(const double* x, std::int64_t n, const double* y, const double* weights) {
    const RowLoops& loops = row_loops();
    const std::int64_t features = sweep_.features;
    const bool has_intercept = sweep_.at.has_intercept;
    const double* coefficients = sweep_.at.coefficients.data();
    std::fill_n(z_.data(), n, has_intercept ? coefficients[features] : 0.0);
    loops.add_products(z_.data(), x, features, n, features, coefficients);
    sweep_.sums.loss += point_losses(sweep_.at.loss, z_.data(), y, weights, n, residual_.data(), curvature_.data());
    double* gradient = sweep_.sums.gradient.data();
    loops.add_rows(gradient, x, features, n, features, residual_.data());
    if (has_intercept)
      for (std::int64_t i = 0; i < n; ++i) gradient[features] += residual_[static_cast<std::size_t>(i)];
    if (!products_) return;
    for (std::int64_t i = 0; i < n; ++i) {
      double& root = curvature_[static_cast<std::size_t>(i)];
      root = std::sqrt(root);
    }
    const std::int64_t stride = products_->stride();
    double* scaled = products_->next_rows(n);
    loops.scale_rows(scaled, stride, x, features, n, features, curvature_.data());
    if (has_intercept)
      for (std::int64_t i = 0; i < n; ++i) scaled[i * stride + features] = curvature_[static_cast<std::size_t>(i)];
  }

  Sweep& sweep_;
  std::vector<double> z_, residual_, curvature_;
  std::vector<double> doubles_;  // a tile of rows of float32
  std::optional<ColumnProducts> products_;
};

// Several outputs: products of matrices.
class MatrixSweep {
 public:
  explicit MatrixSweep(Sweep& sweep) : sweep_(sweep), outputs_(sweep.at.outputs) {
    const auto side = static_cast<std::size_t>(kTileRows);
    rows_.resize(side * static_cast<std::size_t>(sweep.width), 1.0);
    if (sweep.at.wants_hessian) scaled_.resize(side * static_cast<std::size_t>(sweep.width));
    for (auto* each : {&z_, &residual_, &likely_}) each->resize(side * static_cast<std::size_t>(outputs_));
  }

  void run(const Column& y, const Column& weights, const TaskContext& context) {
    const BlasThreads one_thread;
    const std::int64_t rows = num_rows(sweep_.x);
    for (std::int64_t row = 0; row < rows; row += kTileRows) {
      if (row % (16 * kTileRows) == 0) context.check_cancelled();
      tile(row, std::min(kTileRows, rows - row), y.from(row), weights.from(row));
    }
  }

 private:
  void tile(std::int64_t first, std::int64_t n, const double* y, const double* weights) {
    load_rows(sweep_.x, first, n, rows_.data(), sweep_.width);
    const auto width = static_cast<blasint>(sweep_.width), count = static_cast<blasint>(n),
               outputs = static_cast<blasint>(outputs_), side = static_cast<blasint>(kTileRows);
    scipy_cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, outputs, count, width, 1, sweep_.at.coefficients.data(),
                      width, rows_.data(), width, 0, z_.data(), side);
    sweep_.sums.loss +=
        multinomial_losses(z_.data(), kTileRows, outputs_, y, weights, n, residual_.data(), likely_.data());
    scipy_cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, outputs, width, count, 1, residual_.data(), side,
                      rows_.data(), width, 1, sweep_.sums.gradient.data(), width);
    if (!sweep_.at.wants_hessian) return;
    for (std::int64_t k = 0; k < outputs_; ++k) {
      for (std::int64_t l = 0; l <= k; ++l) add_pair(k, l, weights, n);
    }
  }

  // The part of the Hessian where output k meets output l.
  void add_pair(std::int64_t k, std::int64_t l, const double* weights, std::int64_t n) {
    const std::int64_t width = sweep_.width, all = width * outputs_;
    const double* of_k = likely_.data() + k * kTileRows;
    const double* of_l = likely_.data() + l * kTileRows;
    for (std::int64_t i = 0; i < n; ++i) {
      const double by = weights[i] * of_k[i] * ((k == l ? 1.0 : 0.0) - of_l[i]);
      for (std::int64_t j = 0; j < width; ++j)
        scaled_[static_cast<std::size_t>(i * width + j)] = by * rows_[static_cast<std::size_t>(i * width + j)];
    }
    const auto w = static_cast<blasint>(width);
    scipy_cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, w, w, static_cast<blasint>(n), 1, scaled_.data(), w,
                      rows_.data(), w, 1, sweep_.sums.hessian.data() + k * width * all + l * width,
                      static_cast<blasint>(all));
  }

  Sweep& sweep_;
  std::int64_t outputs_;
  std::vector<double> rows_, scaled_, z_, residual_, likely_;
};

void mirror(std::vector<double>& square, std::size_t side) {
  for (std::size_t i = 0; i < side; ++i)
    for (std::size_t j = 0; j < i; ++j) square[j * side + i] = square[i * side + j];
}

NdArray packed(const GlmSums& sums) {
  const std::size_t count = sums.gradient.size();
  NdArray out = NdArray::empty(DType::float64, {static_cast<std::int64_t>(2 + count + sums.hessian.size())});
  double* to = out.mutable_data<double>();
  to[0] = sums.loss;
  to[1] = sums.weights;
  std::ranges::copy(sums.gradient, to + 2);
  std::ranges::copy(sums.hessian, to + 2 + count);
  return out;
}

}  // namespace

namespace {

// As many rows of each as of X.
void check_rows(std::int64_t rows, std::int64_t others) {
  if (rows != others)
    throw value_error(
        "Found input variables with inconsistent numbers of samples: blocks of X and y (or sample_weight) "
        "that belong together have " +
        std::to_string(rows) + " and " + std::to_string(others) + " rows");
}

}  // namespace

GlmSums glm_sums(Inputs block, const GlmPoint& at, const TaskContext& context) {
  const auto* sparse = block[0].get_if<SparseRows>();
  const std::int64_t features = sparse ? sparse->num_columns() : num_columns(block[0].as<NdArray>());
  const std::int64_t width = features + (at.has_intercept ? 1 : 0);
  PLAIT_CHECK(static_cast<std::int64_t>(at.coefficients.size()) == width * at.outputs);
  const Column y{as_doubles(block[1].as<NdArray>()), {}};
  check_rows(rows_of_block(block[0]), num_rows(y.values));
  Column weights;
  if (block.size() > 2) {
    weights.values = as_doubles(block[2].as<NdArray>());
    check_rows(rows_of_block(block[0]), num_rows(weights.values));
  } else {
    weights.ones.assign(kTileRows, 1.0);
  }
  if (sparse) return sparse_glm_sums(*sparse, y.from(0), weights.ones.empty() ? weights.from(0) : nullptr, at, context);
  const NdArray x = block[0].as<NdArray>().contiguous();
  Sweep sweep{x, at, features, width, {}};
  const auto all = static_cast<std::size_t>(width * at.outputs);
  sweep.sums.gradient.resize(all);
  if (at.wants_hessian) sweep.sums.hessian.resize(all * all);
  if (at.loss != GlmLoss::multinomial && width <= kFewColumns) {
    sweep_columns(sweep, y, weights, context);
  } else if (at.loss != GlmLoss::multinomial) {
    RowSweep(sweep).run(y, weights, context);
  } else {
    MatrixSweep(sweep).run(y, weights, context);
  }
  mirror(sweep.sums.hessian, at.wants_hessian ? all : 0);
  sweep.sums.weights = weights.sum(num_rows(x));
  return std::move(sweep.sums);
}

GlmSums glm_sums_of(const NdArray& folded, std::int64_t num_coefficients) {
  const double* from = folded.data<double>();
  const double* gradient = from + 2;
  return {
      from[0], from[1], {gradient, gradient + num_coefficients}, {gradient + num_coefficients, from + folded.size()}};
}

void register_glm_kernels() {
  define(glm_kernel, "Loss, gradient and Hessian of a generalized linear model on a block of rows.",
         [](Inputs inputs, const GlmPoint& at, const TaskContext& context) {
           return Value::of(packed(glm_sums(inputs, at, context)));
         });
}

}  // namespace plait::ml
