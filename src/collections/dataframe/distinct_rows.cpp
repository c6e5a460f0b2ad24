#include "collections/dataframe/distinct_rows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "collections/dataframe/frame_kernels.h"
#include "collections/dataframe/parted_reduction.h"
#include "collections/dataframe/partition_ops.h"
#include "collections/dataframe/row_scan.h"
#include "collections/dataframe/shuffle.h"
#include "collections/dataframe/tree_reduction.h"
#include "kernels/table/key_kernels.h"
#include "kernels/table/row_order_kernels.h"

namespace plait {
namespace {

ExprPtr distinct(ExprPtr rows, std::vector<std::string> subset, Keep keep, bool marks) {
  const FrameMeta& meta = frame_meta(rows);
  if (subset.empty()) subset = meta.empty().names();
  const Wanted keys{.columns = {subset.begin(), subset.end()}};
  const std::int64_t num_parts = KeyedBytes(rows, keys).num_parts(true);
  KeptRowsParams params{.subset = std::move(subset), .keep = keep, .form = meta.form()};
  return make_expr<DistinctRows>(std::move(rows), std::move(params), marks, num_parts);
}

}  // namespace

Keep parse_keep(const std::string& text) {
  if (text == "first") return Keep::first;
  if (text == "last") return Keep::last;
  if (text == "none") return Keep::none;
  throw value_error("keep must be 'first', 'last' or 'none' (False); found '" + text + "'");
}

std::string DistinctRows::describe() const { return fmt::format("{}", params.subset); }

MetaPtr DistinctRows::infer_meta() const {
  const FrameMeta& meta = frame_meta(input);
  require_native({meta.empty()});
  row_source_ = marks ? row_source_of({input}) : nullptr;
  partition_source_ = partition_source_of({input});
  const Table& no_rows = meta.empty();
  // What cannot be a key is refused now.
  kept_rows(key_parts(no_rows, {.keys = params.subset, .with_positions = true, .columns = params.subset}, 0), params);
  return with_schema(meta, marks ? mark_kept({no_rows}, params) : take_kept({no_rows}, params));
}

Wanted DistinctRows::needs(std::size_t, const Wanted& wanted) const {
  Wanted needed = wanted;
  if (marks || params.form != TableForm::frame) needed.all_columns = true;
  needed.columns.insert(params.subset.begin(), params.subset.end());
  return needed;
}

ExprPtr DistinctRows::narrowed(const Wanted& wanted) const {
  if (marks || params.form != TableForm::frame || wanted.all_columns) return nullptr;
  KeptRowsParams fewer = params;
  if (!fewer.columns) fewer.columns = frame_meta(input).empty().names();
  std::erase_if(*fewer.columns, [&](const std::string& name) { return !wanted.has(name); });
  fewer.keep_index = params.keep_index && wanted.index;
  if (fewer.columns == params.columns && fewer.keep_index == params.keep_index) return nullptr;
  return make_expr<DistinctRows>(input, std::move(fewer), false, num_parts);
}

ExprPtr DistinctRows::kept_positions(const ExprPtr& rows) const {
  std::vector<std::string> sent = params.subset;
  if (frame_meta(rows).empty().has(kRepeated)) sent.emplace_back(kRepeated);
  const KernelCall by_key = table_kernel::key_parts(
      KeyPartsParams{.keys = params.subset, .n = num_parts, .with_positions = true, .columns = sent});
  const std::string label(op());
  const ExprPtr keys =
      make_expr<Parts>(make_expr<Split>(rows, std::vector<ExprPtr>{}, by_key, label + "-keys", num_parts));
  KeptRowsParams deciding = params;
  deciding.npartitions = frame_meta(rows).npartitions();
  return make_expr<SplitParts>(keys, table_kernel::kept_rows(deciding), label + "-kept", deciding.npartitions);
}

ExprPtr DistinctRows::lower() const {
  const std::string label(op());
  ExprPtr rows = input;
  // Of partitions that are marked, every row counts.
  if (!marks) {
    const KernelCall candidates = table_kernel::candidate_rows(params);
    rows = make_expr<FramePartial>(input, candidates, concat_then_kernel({candidates}), label + "-candidates");
  }
  const KernelCall last = marks ? table_kernel::mark_kept(params) : table_kernel::take_kept(params);
  return make_expr<TakeKept>(rows, make_expr<Parts>(kept_positions(rows)), last, label, frame_meta(input).divisions());
}

MetaPtr TakeKept::infer_meta() const {
  const FrameMeta& meta = frame_meta(rows);
  return make_frame_meta(infer(kernel, {meta.empty()}), meta.npartitions(), divisions, meta.estimated_bytes());
}

BlockTask TakeKept::block_task(std::int64_t block) const {
  const std::vector<std::int64_t> grid = positions->meta().grid();
  BlockTask task{.call = kernel, .inputs = {{.operand = 0, .block = block}}};
  for (std::int64_t part = 0; part < grid[0]; ++part)
    task.inputs.push_back({.operand = 1, .block = part * grid[1] + block});
  return task;
}

ExprPtr drop_duplicates_expr(ExprPtr rows, const DropDuplicatesParams& params) {
  if (frame_meta(rows).npartitions() > 1) return distinct(std::move(rows), params.subset, params.keep, false);
  return make_expr<PartitionCall>(std::vector{std::move(rows)}, table_kernel::drop_duplicates(params),
                                  std::string("drop_duplicates"), fmt::format("{}", params.subset), CallTraits{});
}

ExprPtr duplicated_expr(ExprPtr rows, Keep keep) { return distinct(std::move(rows), {}, keep, true); }

ExprPtr unique_expr(ExprPtr series) {
  const CallTraits traits{.makes_index = true, .keeps_divisions = false};
  const TableForm form = frame_meta(series).form() == TableForm::index ? TableForm::index : TableForm::series;
  const ExprPtr values =
      make_expr<PartitionCall>(std::vector{std::move(series)}, table_kernel::without_positions({{}, form, true}),
                               std::string("values"), std::string(), traits);
  const bool in_one = KeyedBytes(values, {.all_columns = true}).fits_one_task();
  const ExprPtr different = drop_duplicates_expr(values, {});
  return numbered_expr(in_one ? gather(different) : different);
}

ExprPtr numbered_expr(ExprPtr rows) {
  const ExprPtr numbered =
      make_expr<RowScan>(std::move(rows), std::string("number_rows"), std::string(),
                         EdgeCalls{count_rows_kernel(), add_counts_kernel()}, EdgeCalls{}, table_kernel::number_rows());
  // Rows with other labels are other rows.
  return make_expr<PartitionCall>(std::vector{numbered}, identity_kernel(), std::string("reset_index"), std::string(),
                                  CallTraits{.makes_index = true, .keeps_divisions = false});
}

}  // namespace plait
