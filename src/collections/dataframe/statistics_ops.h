// Builders of statistics that look at all rows: reductions over the kernels of kernels/table/statistics.h.
#pragma once

#include "collections/dataframe/frame_op.h"
#include "kernels/table/statistics.h"

namespace plait {

ExprPtr median_expr(ExprPtr rows, MedianParams params);
// idxmin, idxmax.
ExprPtr extreme_label_expr(ExprPtr rows, ExtremeLabelParams params);
// cov, corr. With `of_two`, of a frame of two columns.
ExprPtr covariance_expr(ExprPtr frame, CovarianceParams params);
// skew, kurt.
ExprPtr shape_expr(ExprPtr rows, ShapeParams params);

// The last step of a reduction, whose schema cannot be seen from what the kernel makes of no rows: it is an error
// there.
struct FinalStep final : Op<FinalStep>, FrameOp {
  ExprPtr partial;  // one partition
  KernelCall kernel;
  Table schema;
  std::string label;
  static constexpr auto op_name = "final_step";
  static constexpr auto fields =
      std::tuple{&FinalStep::partial, &FinalStep::kernel, &FinalStep::schema, &FinalStep::label};

  std::string_view op() const override { return label; }
  std::string describe() const override { return ""; }
  BlockTask block_task(std::int64_t) const override { return {.call = kernel, .inputs = {{.operand = 0, .block = 0}}}; }
  MetaPtr infer_meta() const override { return make_frame_meta(schema, 1); }
};

}  // namespace plait
