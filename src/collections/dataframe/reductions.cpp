#include "collections/dataframe/reductions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "collections/dataframe/frame_kernels.h"
#include "collections/dataframe/partition_ops.h"
#include "collections/dataframe/tree_reduction.h"

namespace plait {
namespace {

Wanted every_column() { return {.all_columns = true}; }

std::string describe(const GroupBySpec& spec) {
  std::string text = fmt::format("by={}", spec.keys);
  for (const Aggregate& aggregate : spec.aggregates) {
    text += fmt::format(", {}({})", name(aggregate.function), aggregate.column);
  }
  return text;
}

}  // namespace

Keep parse_keep(const std::string& text) {
  if (text == "first") return Keep::first;
  if (text == "last") return Keep::last;
  if (text == "none") return Keep::none;
  throw value_error("keep must be 'first', 'last' or 'none' (False); found '" + text + "'");
}

ExprPtr reduce_expr(ExprPtr input, ReduceParams params) {
  const Table meta = frame_meta(input).empty();
  return make_expr<TreeReduction>(std::move(input), std::string(name(params.reduction)), "",
                                  table_kernel::reduce_partial(params), table_kernel::reduce_combine(params),
                                  table_kernel::reduce_finalize(ReduceFinalizeParams{params, meta}), every_column());
}

ExprPtr length_expr(ExprPtr input) {
  return make_expr<TreeReduction>(std::move(input), "len", "", count_rows_kernel(), add_counts_kernel(), KernelCall{},
                                  Wanted{});
}

ExprPtr groupby_expr(ExprPtr frame, GroupBySpec spec) {
  Wanted required;
  const Table& meta = frame_meta(frame).empty();
  for (const std::string& key : spec.keys) {
    const auto& index = meta.index();
    const bool is_level = std::find(index.columns.begin(), index.columns.end(), key) != index.columns.end();
    if (is_level)
      required.index = true;
    else
      required.columns.insert(key);
  }
  for (const Aggregate& aggregate : spec.aggregates) {
    if (!aggregate.column.empty()) required.columns.insert(aggregate.column);
  }
  for (const std::string& column : required.columns) meta.schema().field(column);
  const std::string text = describe(spec);
  return make_expr<TreeReduction>(std::move(frame), "groupby", text, table_kernel::groupby_partial(spec),
                                  table_kernel::groupby_combine(spec), table_kernel::groupby_finalize(spec), required);
}

ExprPtr value_counts_expr(ExprPtr series, ValueCountsParams params) {
  return make_expr<TreeReduction>(std::move(series), "value_counts", "", table_kernel::value_counts_partial(),
                                  table_kernel::value_counts_combine(), table_kernel::value_counts_finalize(params),
                                  every_column());
}

ExprPtr unique_expr(ExprPtr series) {
  return make_expr<TreeReduction>(std::move(series), "unique", "", table_kernel::unique(),
                                  concat_then_kernel({table_kernel::unique()}), KernelCall{}, every_column());
}

ExprPtr drop_duplicates_expr(ExprPtr frame, DropDuplicatesParams params) {
  const KernelCall once = table_kernel::drop_duplicates(params);
  const Wanted everything = Wanted::everything();
  // Without keep="none" the first (or last) rows of the partitions hold the first (or last) rows of the whole.
  const KernelCall partial = params.keep == Keep::none ? identity_kernel() : once;
  return make_expr<TreeReduction>(std::move(frame), "drop_duplicates", fmt::format("{}", params.subset), partial,
                                  params.keep == Keep::none ? KernelCall{} : concat_then_kernel({once}),
                                  params.keep == Keep::none ? concat_then_kernel({once}) : KernelCall{}, everything);
}

ExprPtr top_expr(ExprPtr frame, TopParams params) {
  const KernelCall once = table_kernel::top(params);
  const std::string label = params.largest ? "nlargest" : "nsmallest";
  return make_expr<TreeReduction>(std::move(frame), label, fmt::format("n={}, columns={}", params.n, params.by), once,
                                  concat_then_kernel({once}), KernelCall{}, Wanted::everything());
}

ExprPtr quantile_expr(ExprPtr input, QuantileParams params) {
  for (const double q : params.q) {
    if (!(q >= 0 && q <= 1))
      throw value_error(fmt::format("percentiles should all be in the interval [0, 1]; found {}", q));
  }
  params.meta = frame_meta(input).empty();
  const std::string text = fmt::format("{}", params.q);
  return make_expr<TreeReduction>(std::move(input), "quantile", text, table_kernel::quantile_partial(params),
                                  KernelCall{}, table_kernel::quantile_finalize(params), every_column());
}

ExprPtr describe_expr(ExprPtr input, DescribeParams params) {
  std::vector<ExprPtr> parts{quantile_expr(input, {.q = params.percentiles})};
  for (const Reduction reduction : kDescribed) parts.push_back(reduce_expr(input, {.reduction = reduction}));
  return make_expr<PartitionCall>(std::move(parts), table_kernel::describe_assemble(std::move(params)),
                                  std::string("describe"), std::string(),
                                  CallTraits{.makes_index = true, .keeps_divisions = false});
}

}  // namespace plait
