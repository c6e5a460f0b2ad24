// Products of columns in one pass: all that least squares, covariances and principal components need of the rows.
#pragma once

#include <vector>

#include "expr/plan.h"

namespace plait::ml {

// Of rows [X | Y] less `centre`: sums over rows, times their weights.
struct Scatter {
  double weights = 0;
  std::vector<double> sums;      // of each column
  std::vector<double> products;  // of each two columns: C order, both triangles
  std::int64_t columns = 0;

  double product(std::int64_t i, std::int64_t j) const { return products[static_cast<std::size_t>(i * columns + j)]; }
};

// `rows`: X, or X and Y (of one or two axes), or X, Y and weights. With weights but without Y, give `has_weights` and
// two arrays. `centre`: one number a column; empty: zeros. Throws Error(value) for what is not finite in X.
Scatter scatter(const std::vector<ExprPtr>& rows, std::vector<double> centre, bool has_weights,
                const ComputeOptions& options);
// Around the means, which a pass before finds: no digits are lost to columns far from zero.
struct CentredScatter {
  Scatter around;
  std::vector<double> means;
};
CentredScatter centred_scatter(const std::vector<ExprPtr>& rows, bool has_weights, const ComputeOptions& options);

void register_scatter_kernels();

}  // namespace plait::ml
