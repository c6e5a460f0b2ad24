// Builders of operations along the rows: each is a RowScan over the table kernels.
#pragma once

#include "expr/expr.h"
#include "kernels/table/cumulative.h"
#include "kernels/table/interpolate.h"
#include "kernels/table/neighbours.h"
#include "kernels/table/rolling.h"
#include "plait/along_rows.h"

namespace plait {

ExprPtr cumulative_expr(ExprPtr rows, CumulativeParams params);
ExprPtr shift_expr(ExprPtr rows, ShiftParams params);
ExprPtr diff_expr(ExprPtr rows, std::int64_t periods);
ExprPtr pct_change_expr(ExprPtr rows, std::int64_t periods);
// ffill; with `backwards`, bfill.
ExprPtr fill_along_expr(ExprPtr rows, FillAlongParams params);
ExprPtr interpolate_expr(ExprPtr rows, InterpolateParams params);
// The window that the engine slides over `rows`. Throws a value error for what pandas does not take either.
RollingWindow rolling_window(const ExprPtr& rows, const RollingOptions& options);
ExprPtr rolling_expr(ExprPtr rows, RollingParams params);

}  // namespace plait
