// How much rows count together.
#pragma once

#include <cstdint>
#include <vector>

#include "expr/plan.h"

namespace plait::ml {

struct RowTotals {
  std::int64_t rows = 0;
  double weights = 0;  // their sum; where there are none, the number of rows
};

// `rows`: X, y and perhaps weights. Throws Error(value) where a weight is negative, and where there is no row.
RowTotals row_totals(const std::vector<ExprPtr>& rows, const ComputeOptions& options);

void register_weight_kernels();

}  // namespace plait::ml
