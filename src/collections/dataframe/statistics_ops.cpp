#include "collections/dataframe/statistics_ops.h"

#include "collections/dataframe/tree_reduction.h"
#include "kernels/table/statistics_kernels.h"

namespace plait {
namespace {

const Wanted kEveryColumn{.all_columns = true};

}  // namespace

ExprPtr median_expr(ExprPtr rows, MedianParams params) {
  const Table meta = frame_meta(rows).empty();
  return make_expr<TreeReduction>(std::move(rows), "median", "", table_kernel::median_partial(params), KernelCall{},
                                  table_kernel::median_finalize({params, meta}), kEveryColumn);
}

ExprPtr extreme_label_expr(ExprPtr rows, ExtremeLabelParams params) {
  const Table meta = frame_meta(rows).empty();
  const std::string label = params.largest ? "idxmax" : "idxmin";
  const ExprPtr partial = make_expr<TreeReduction>(
      std::move(rows), label + "-partial", "", table_kernel::extreme_label_partial(params),
      table_kernel::extreme_label_combine(params), KernelCall{}, Wanted{.all_columns = true, .index = true});
  const Table schema = infer(table_kernel::extreme_label_finalize({params, meta, true}), {frame_meta(partial).empty()});
  return make_expr<FinalStep>(partial, table_kernel::extreme_label_finalize({params, meta, false}),
                              schema.form() == TableForm::scalar ? schema : Table::empty(schema.schema()), label);
}

ExprPtr covariance_expr(ExprPtr frame, CovarianceParams params) {
  const std::vector<std::string> names = frame_meta(frame).empty().names();
  return make_expr<TreeReduction>(std::move(frame), params.correlation ? "corr" : "cov", "",
                                  table_kernel::covariance_partial(params), table_kernel::covariance_combine(params),
                                  table_kernel::covariance_finalize({params, names}), kEveryColumn);
}

ExprPtr shape_expr(ExprPtr rows, ShapeParams params) {
  const Table meta = frame_meta(rows).empty();
  return make_expr<TreeReduction>(std::move(rows), params.kurtosis ? "kurt" : "skew", "",
                                  table_kernel::shape_partial(params), table_kernel::shape_combine(params),
                                  table_kernel::shape_finalize({params, meta}), kEveryColumn);
}

}  // namespace plait
