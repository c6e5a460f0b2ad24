// The inner loops of passes over tiles of rows, built for several instruction sets. Vectors of up to kTileRows numbers.
#pragma once

#include <cstdint>

namespace plait::ml {

struct ColumnLoops {
  double (*dot)(const double* a, const double* b, std::int64_t n);
  void (*multiply)(double* out, const double* a, const double* b, std::int64_t n);
  void (*add_scaled)(double* out, const double* a, double by, std::int64_t n);
  // Of logistic loss, for z and log1p(exp(-|z|)), exp(-|z|): weighted residuals and curvatures; gives the loss.
  double (*logistic)(const double* z, const double* e, const double* log1p_e, const double* y, const double* weights,
                     double* residual, double* curvature, std::int64_t n);
};
const ColumnLoops& column_loops();

}  // namespace plait::ml
