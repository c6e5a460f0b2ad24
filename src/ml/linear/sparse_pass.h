// The sweep over rows of which most numbers are zero: only the others are looked at.
#pragma once

#include "ml/linear/glm_pass.h"
#include "ml/sparse_rows.h"

namespace plait::ml {

// The weights of row i are weights[i], or 1 where there are none.
GlmSums sparse_glm_sums(const SparseRows& x, const double* y, const double* weights, const GlmPoint& at,
                        const TaskContext& context);

// z of rows [first, first + n), output after output with kTileRows between them; `width` coefficients an output.
void sparse_scores(const SparseRows& x, std::int64_t first, std::int64_t n, const double* coefficients,
                   std::int64_t width, std::int64_t outputs, double* z);

}  // namespace plait::ml
