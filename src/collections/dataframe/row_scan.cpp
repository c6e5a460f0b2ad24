#include "collections/dataframe/row_scan.h"

#include <algorithm>

#include "collections/dataframe/partition_ops.h"
#include "collections/dataframe/tree_reduction.h"
#include "graph/graph.h"

namespace plait {
namespace {

// Of every partition, what the edges before (after) it come to.
ExprPtr scanned(const ExprPtr& edges, const KernelCall& combine, bool after) {
  std::vector<ExprPtr> outer;
  if (frame_meta(edges).npartitions() > kSplitEvery) {
    const ExprPtr groups = make_expr<FanIn>(edges, combine, std::string("edges_combine"), kSplitEvery);
    outer.push_back(scanned(groups, combine, after));
  }
  return make_expr<EdgesBeside>(edges, std::move(outer), combine, after);
}

ExprPtr edges_beside(const ExprPtr& input, const EdgeCalls& calls, bool after) {
  const CallTraits traits{.by_column = true, .makes_index = true, .keeps_divisions = false};
  const ExprPtr edges =
      make_expr<PartitionCall>(std::vector{input}, calls.edge, std::string("edge"), std::string(), traits);
  return scanned(edges, calls.combine, after);
}

}  // namespace

ExprPtr edges_before(const ExprPtr& edges, const KernelCall& combine) { return scanned(edges, combine, false); }

MetaPtr RowScan::infer_meta() const {
  const FrameMeta& meta = frame_meta(input);
  require_native({meta.empty()});
  row_source_ = row_source_of({input});
  partition_source_ = partition_source_of({input});
  std::vector<Table> tables{meta.empty()};
  for (const EdgeCalls& side : {before, after}) {
    if (side.edge) tables.push_back(infer(side.edge, {meta.empty()}));
  }
  return with_schema(meta, infer(local, tables));
}

Wanted RowScan::needs(std::size_t, const Wanted& wanted) const {
  Wanted needed = wanted;
  // Column c of a frame needs column c of the rows; a series that was made of a frame, all of them.
  needed.all_columns = wanted.all_columns || frame_meta(input).form() != TableForm::frame ||
                       frame_meta(shared_from_this()).form() != TableForm::frame;
  needed.index = wanted.index || needs_index;
  return needed;
}

ExprPtr RowScan::lower() const {
  std::vector<ExprPtr> inputs{input};
  if (before.edge) inputs.push_back(edges_beside(input, before, false));
  if (after.edge) inputs.push_back(edges_beside(input, after, true));
  const CallTraits traits{.by_column = true, .keeps_rows = true};
  return make_expr<PartitionCall>(std::move(inputs), local, label, text, traits);
}

MetaPtr EdgesBeside::infer_meta() const {
  return make_frame_meta(infer(combine, {frame_meta(edges).empty()}), frame_meta(edges).npartitions());
}

BlockTask EdgesBeside::block_task(std::int64_t block) const {
  const std::int64_t group = block / kSplitEvery;
  const bool has_outer = !outer.empty();
  const std::int64_t n = frame_meta(edges).npartitions();
  const std::int64_t first = after ? block + 1 : group * kSplitEvery;
  const std::int64_t end = after ? std::min((group + 1) * kSplitEvery, n) : block;
  BlockTask task{.call = combine};
  if (has_outer && !after) task.inputs.push_back({.operand = 1, .block = group});
  for (std::int64_t i = first; i < end; ++i) task.inputs.push_back({.operand = 0, .block = i});
  if (has_outer && after) task.inputs.push_back({.operand = 1, .block = group});
  if (!task.inputs.empty()) return task;
  return {.call = literal_kernel(Value::of(static_cast<const FrameMeta&>(meta()).empty()))};
}

}  // namespace plait
