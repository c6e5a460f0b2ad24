// Builders of operations along the rows: each is a RowScan over the table kernels.
#pragma once

#include <optional>
#include <string>

#include "expr/expr.h"
#include "kernels/table/cumulative.h"
#include "kernels/table/neighbours.h"
#include "kernels/table/rolling.h"

namespace plait {

ExprPtr cumulative_expr(ExprPtr rows, CumulativeParams params);
ExprPtr shift_expr(ExprPtr rows, ShiftParams params);
ExprPtr diff_expr(ExprPtr rows, std::int64_t periods);
ExprPtr pct_change_expr(ExprPtr rows, std::int64_t periods);
// ffill; with `backwards`, bfill.
ExprPtr fill_along_expr(ExprPtr rows, FillAlongParams params);
// `window`: a number of rows or a Timedelta. Without `min_periods`: all rows of the window, one of a span of time.
struct RollingOptions {
  Literal window = std::int64_t{1};
  std::optional<std::int64_t> min_periods;
  bool center = false;
  std::string closed = "right";
};
// The window that the engine slides over `rows`. Throws a value error for what pandas does not take either.
RollingWindow rolling_window(const ExprPtr& rows, const RollingOptions& options);
ExprPtr rolling_expr(ExprPtr rows, RollingParams params);

}  // namespace plait
