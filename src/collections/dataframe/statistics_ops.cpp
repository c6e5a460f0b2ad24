#include "collections/dataframe/statistics_ops.h"

#include "collections/dataframe/final_step.h"
#include "collections/dataframe/parted_reduction.h"
#include "collections/dataframe/partition_ops.h"
#include "collections/dataframe/row_scan.h"
#include "collections/dataframe/tree_reduction.h"
#include "kernels/table/key_kernels.h"
#include "kernels/table/statistics_kernels.h"

namespace plait {
namespace {

const Wanted kEveryColumn{.all_columns = true};

}  // namespace

ExprPtr statistic_expr(ExprPtr rows, StatisticParams params) {
  const StatisticSteps& steps = statistic_named(params.name);
  params.meta = frame_meta(rows).empty();
  const KernelCall first = table_kernel::statistic_partial(params);
  const KernelCall last = table_kernel::statistic_finalize(params);
  const Wanted wanted{.all_columns = true, .index = steps.reads_index};
  if (!steps.combine)
    return make_expr<TreeReduction>(std::move(rows), params.name, "", first, KernelCall{}, last, wanted,
                                    std::vector{0.5});
  const ExprPtr partial = make_expr<TreeReduction>(std::move(rows), params.name + "-partial", "", first,
                                                   table_kernel::statistic_combine(params), KernelCall{}, wanted);
  params.only_schema = true;
  const Table schema = infer(table_kernel::statistic_finalize(params), {frame_meta(partial).empty()});
  return make_expr<FinalStep>(partial, last,
                              schema.form() == TableForm::scalar ? schema : Table::empty(schema.schema()), params.name);
}

ExprPtr rank_expr(ExprPtr rows, RankParams params) {
  const ExprPtr counts = make_expr<TreeReduction>(rows, std::string("rank-counts"), "", table_kernel::rank_counts(),
                                                  table_kernel::rank_counts_combine(), KernelCall{}, kEveryColumn);
  std::vector<ExprPtr> inputs{rows, counts};
  if (params.method == RankMethod::first) {
    const CallTraits of_parts{.makes_index = true, .keeps_divisions = false};
    const ExprPtr parts = make_expr<PartitionCall>(std::vector{rows}, table_kernel::rank_counts(),
                                                   std::string("rank-counts"), std::string(), of_parts);
    inputs.push_back(edges_before(parts, table_kernel::rank_counts_combine()));
  }
  return make_expr<PartitionCall>(std::move(inputs), table_kernel::rank(params), std::string("rank"), std::string(),
                                  CallTraits{.keeps_rows = true});
}

ExprPtr mode_expr(ExprPtr series, bool dropna) {
  const ModeParams params{dropna, frame_meta(series).empty().names().front()};
  const KernelCall partial = table_kernel::value_counts_partial(), combine = table_kernel::value_counts_combine();
  const KernelCall last = table_kernel::mode_finalize(params);
  const std::int64_t n = KeyedBytes(series, kEveryColumn).num_parts();
  if (n == 1)
    return make_expr<TreeReduction>(std::move(series), std::string("mode"), "", partial, combine, last, kEveryColumn);
  const ExprPtr parts = make_expr<PartedReduction>(std::move(series), std::string("mode"), "", partial, combine,
                                                   table_kernel::key_parts({.keys = {"value"}, .n = n}), combine,
                                                   table_kernel::most_frequent(params), n, kEveryColumn);
  return make_expr<FanIn>(parts, concat_then_kernel({last}), std::string("mode"), std::int64_t{0});
}

ExprPtr covariance_expr(ExprPtr frame, CovarianceParams params) {
  const std::vector<std::string> names = frame_meta(frame).empty().names();
  return make_expr<TreeReduction>(std::move(frame), params.correlation ? "corr" : "cov", "",
                                  table_kernel::covariance_partial(params), table_kernel::covariance_combine(params),
                                  table_kernel::covariance_finalize({params, names}), kEveryColumn);
}

}  // namespace plait
