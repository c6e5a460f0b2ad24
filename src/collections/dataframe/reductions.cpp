#include "collections/dataframe/reductions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/contains.h"
#include "collections/dataframe/distinct_rows.h"
#include "collections/dataframe/frame_kernels.h"
#include "collections/dataframe/merge.h"
#include "collections/dataframe/parted_reduction.h"
#include "collections/dataframe/partition_ops.h"
#include "collections/dataframe/tree_reduction.h"
#include "kernels/table/groupby_plan.h"
#include "kernels/table/key_kernels.h"

namespace plait {
namespace {

Wanted every_column() { return {.all_columns = true}; }

std::string describe(const GroupBySpec& spec) {
  std::string text = fmt::format("by={}", spec.keys);
  for (const Aggregate& aggregate : spec.aggregates) {
    const std::string other = aggregate.other.empty() ? "" : ", " + aggregate.other;
    text += fmt::format(", {}({}{})", name(aggregate.function), aggregate.column, other);
  }
  return text;
}

ExprPtr call(std::vector<ExprPtr> inputs, KernelCall kernel, const std::string& label) {
  return make_expr<PartitionCall>(std::move(inputs), std::move(kernel), label, std::string(),
                                  CallTraits{.keeps_divisions = false});
}

// Whether groups keep all their values, so that a partial is as large as its rows.
bool keeps_rows(const GroupBySpec& spec) {
  const GroupByPlan plan = plan_groupby(spec);
  return std::any_of(plan.states.begin(), plan.states.end(),
                     [](const PlannedState& state) { return state.primitive == Primitive::values; });
}

// Keys and what is aggregated.
std::vector<std::string> columns_of(const GroupBySpec& spec) {
  std::vector<std::string> columns = spec.keys;
  for (const Aggregate& aggregate : spec.aggregates) {
    for (const std::string& column : {aggregate.column, aggregate.other}) {
      if (!column.empty() && !contains(columns, column)) columns.push_back(column);
    }
  }
  return columns;
}

// Whether all that counts of the rows are the different pairs of a key and a value.
bool counts_pairs(const ExprPtr& frame, const GroupBySpec& spec) {
  const std::vector<std::string> columns = columns_of(spec);
  const std::vector<std::string> names = frame_meta(frame).empty().names();  // without those of the index
  const GroupByPlan plan = plan_groupby(spec);
  return plan.states.size() == 1 && plan.states.front().primitive == Primitive::distinct &&
         std::all_of(columns.begin(), columns.end(), [&](const std::string& name) {
           return std::find(names.begin(), names.end(), name) != names.end();
         });
}

// Groups in parts: rows, where groups keep them all or their different ones, or partials go to the part of their key.
ExprPtr groupby_parts(ExprPtr frame, const GroupBySpec& spec, const Wanted& required, std::int64_t n) {
  KeyPartsParams split{.n = n, .with_positions = !spec.sort};
  KernelCall partial, combine_partials;
  const bool are_pairs = counts_pairs(frame, spec);
  const bool are_rows = are_pairs || keeps_rows(spec);
  if (are_rows) {
    split.keys = spec.keys;
    split.columns = columns_of(spec);
  }
  if (are_pairs) {
    frame = select_columns(std::move(frame), split.columns);
    partial = table_kernel::candidate_rows(KeptRowsParams{.subset = split.columns});
    combine_partials = concat_then_kernel({partial});
  } else if (!are_rows) {
    for (std::size_t k = 0; k < spec.keys.size(); ++k) split.keys.push_back(key_column_name(k));
    partial = table_kernel::groupby_partial(spec);
    combine_partials = table_kernel::groupby_combine(spec);
  }
  const KernelCall combine = are_rows ? table_kernel::groupby_rows(spec) : table_kernel::groupby_combine(spec);
  // Parts are put in order together.
  GroupBySpec unsorted = spec;
  unsorted.sort = false;
  return make_expr<PartedReduction>(std::move(frame), std::string("groupby"), describe(spec), partial, combine_partials,
                                    table_kernel::key_parts(split), combine, table_kernel::groupby_finalize(unsorted),
                                    n, required);
}

ExprPtr parted_groupby(ExprPtr frame, GroupBySpec spec, const Wanted& required, const KeyedBytes& bytes) {
  const bool are_rows = counts_pairs(frame, spec) || keeps_rows(spec);
  const ExprPtr parts = groupby_parts(std::move(frame), spec, required, bytes.num_parts(are_rows));
  InOrderParams order{.by = {std::string(kPosition)},
                      .form = spec.as_series ? TableForm::series : TableForm::frame,
                      .renumber = !spec.as_index};
  if (spec.sort) order.by = spec.as_index ? frame_meta(parts).empty().index().columns : spec.keys;
  if (bytes.fits_one_task())
    return make_expr<FanIn>(parts, table_kernel::in_order(order), std::string("groupby"), std::int64_t{0});
  const ExprPtr sorted = sort_expr(parts, SortParams{order.by, {true}});
  const ExprPtr groups = call({sorted}, table_kernel::without_positions(order), "groupby");
  return spec.as_index ? groups : numbered_expr(groups);
}

}  // namespace

ExprPtr reduce_expr(ExprPtr input, ReduceParams params) {
  const Table meta = frame_meta(input).empty();
  const KernelCall partial = table_kernel::reduce_partial(params), combine = table_kernel::reduce_combine(params);
  const KernelCall finalize = table_kernel::reduce_finalize(ReduceFinalizeParams{params, meta});
  const std::string label(name(params.reduction));
  // Different values may be as many as there are rows.
  const std::int64_t n = params.reduction == Reduction::nunique ? KeyedBytes(input, every_column()).num_parts(true) : 1;
  if (n == 1) return make_expr<TreeReduction>(std::move(input), label, "", partial, combine, finalize, every_column());
  ReduceParams loose = params;
  loose.may_repeat = true;
  const ExprPtr counts = make_expr<PartedReduction>(
      std::move(input), label, "", table_kernel::reduce_partial(loose), table_kernel::reduce_combine(loose),
      table_kernel::reduce_parts({params, n}), combine, finalize, n, every_column());
  return make_expr<FanIn>(counts, table_kernel::add_parts(), label, std::int64_t{0});
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
    for (const std::string& column : {aggregate.column, aggregate.other}) {
      if (!column.empty()) required.columns.insert(column);
    }
  }
  for (const std::string& column : required.columns) meta.schema().field(column);
  const KeyedBytes bytes(frame, required);
  if (bytes.num_parts() > 1) return parted_groupby(std::move(frame), std::move(spec), required, bytes);
  const std::string text = describe(spec);
  return make_expr<TreeReduction>(std::move(frame), "groupby", text, table_kernel::groupby_partial(spec),
                                  table_kernel::groupby_combine(spec), table_kernel::groupby_finalize(spec), required);
}

ExprPtr value_counts_expr(ExprPtr series, ValueCountsParams params) {
  const KernelCall partial = table_kernel::value_counts_partial(), combine = table_kernel::value_counts_combine();
  const KeyedBytes bytes(series, every_column());
  const std::int64_t n = bytes.num_parts(true);
  if (n == 1) {
    return make_expr<TreeReduction>(std::move(series), "value_counts", "", partial, combine,
                                    table_kernel::value_counts_finalize(params), every_column());
  }
  const ExprPtr parts =
      make_expr<PartedReduction>(std::move(series), std::string("value_counts"), "", partial, combine,
                                 table_kernel::key_parts({.keys = {"value"}, .n = n, .with_positions = true}), combine,
                                 table_kernel::order_counts({params}), n, every_column());
  SortParams by{{std::string(kPosition)}, {true}};
  if (params.sort) by = {{std::string(kCountOrder), "count", std::string(kPosition)}, {true, params.ascending, true}};
  std::vector<ExprPtr> inputs;
  if (bytes.fits_one_task()) {
    inputs = {call({gather(parts)}, table_kernel::sort(by), "sort")};
  } else {
    inputs = {sort_expr(parts, by)};
    if (params.normalize) inputs.push_back(reduce_expr(select_column(parts, "count"), {.reduction = Reduction::sum}));
  }
  // They are in order now.
  params.sort = false;
  return call(std::move(inputs), table_kernel::value_counts_finalize(params), "value_counts");
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
                                  KernelCall{}, table_kernel::quantile_finalize(params), every_column(), params.q);
}

ExprPtr describe_expr(ExprPtr input, DescribeParams params) {
  std::vector<ExprPtr> parts{quantile_expr(input, {.q = params.percentiles})};
  for (const Reduction reduction : kDescribed) parts.push_back(reduce_expr(input, {.reduction = reduction}));
  return make_expr<PartitionCall>(std::move(parts), table_kernel::describe_assemble(std::move(params)),
                                  std::string("describe"), std::string(),
                                  CallTraits{.makes_index = true, .keeps_divisions = false});
}

}  // namespace plait
