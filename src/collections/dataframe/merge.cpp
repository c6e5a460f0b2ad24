#include "collections/dataframe/merge.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "collections/dataframe/align.h"
#include "collections/dataframe/batch_source.h"
#include "collections/dataframe/frame_passes.h"
#include "collections/dataframe/label_order.h"
#include "collections/dataframe/partition_ops.h"
#include "collections/dataframe/partition_size.h"
#include "collections/dataframe/repartition.h"
#include "collections/dataframe/set_index.h"
#include "collections/dataframe/shuffle.h"
#include "collections/dataframe/tree_reduction.h"
#include "expr/rewrite.h"
#include "kernels/table/join_table.h"
#include "kernels/table/key_kernels.h"
#include "runtime/machine.h"

namespace plait {
namespace {

// Beyond this a side is no longer copied to every partition of the other.
constexpr std::uint64_t kBroadcastBytes = std::uint64_t{128} << 20;

// Whether one task may well hold all of it, and several tasks at once.
bool is_small(const FrameMeta& meta) {
  const std::uint64_t most = std::min(kBroadcastBytes, memory_budget_bytes() / 16);
  if (meta.npartitions() == 1) return meta.estimated_bytes() <= 4 * most;
  return meta.estimated_bytes() != 0 && meta.estimated_bytes() <= most;
}

// A side is sent as it is to all partitions of the other, where one task makes it ready to be looked up: that pays
// where it is no larger than what each core has of the other side, or so small that nobody waits for it.
bool is_worth_sending(const FrameMeta& side, const FrameMeta& other) {
  constexpr std::uint64_t kNoMatterBytes = std::uint64_t{8} << 20;
  if (!is_small(side)) return false;
  const auto cores = static_cast<std::uint64_t>(num_usable_cores());
  return other.estimated_bytes() == 0 ||
         side.estimated_bytes() <= std::max(kNoMatterBytes, 2 * other.estimated_bytes() / cores);
}

bool follows_left_side(JoinHow how) { return how != JoinHow::right && how != JoinHow::outer; }
bool follows_right_side(JoinHow how) { return how == JoinHow::inner || how == JoinHow::right; }

// Whether the rows of both can be cut at the divisions of both.
bool have_comparable_divisions(const FrameMeta& left, const FrameMeta& right) {
  return left.known_divisions() && right.known_divisions() &&
         are_comparable(left.divisions().front(), right.divisions().front());
}

std::string_view text_of(MergeStrategy strategy) {
  switch (strategy) {
    case MergeStrategy::one_partition:
      return "in one partition";
    case MergeStrategy::by_divisions:
      return "both sides cut at their divisions";
    case MergeStrategy::broadcast_right:
      return "right side to every partition";
    case MergeStrategy::broadcast_left:
      return "left side to every partition";
    case MergeStrategy::shuffle:
      break;
  }
  return "both sides shuffled by key";
}

}  // namespace

bool Merge::has_one_partition_each() const {
  return frame_meta(left).npartitions() == 1 && frame_meta(right).npartitions() == 1;
}

MergeStrategy Merge::strategy() const {
  if (!promised_divisions.empty()) return promised_strategy();
  const FrameMeta& l = frame_meta(left);
  const FrameMeta& r = frame_meta(right);
  if (has_one_partition_each() && is_promised(MergeStrategy::one_partition)) return MergeStrategy::one_partition;
  const bool sends_right =
      follows_left_side(params.how) && is_worth_sending(r, l) && is_promised(MergeStrategy::broadcast_right);
  const bool sends_left =
      follows_right_side(params.how) && is_worth_sending(l, r) && is_promised(MergeStrategy::broadcast_left);
  // What is sent to all is taken by each whole: a side of several partitions is cut instead, where that can be.
  const bool sends_one = (sends_right && r.npartitions() == 1) || (sends_left && l.npartitions() == 1);
  const bool may_cut = params.left_index && params.right_index && have_comparable_divisions(l, r);
  if (may_cut && !sends_one && is_promised(MergeStrategy::by_divisions)) return MergeStrategy::by_divisions;
  if (sends_right) return MergeStrategy::broadcast_right;
  if (sends_left) return MergeStrategy::broadcast_left;
  return MergeStrategy::shuffle;
}

// What has these divisions, whatever is now known of the sizes.
MergeStrategy Merge::promised_strategy() const {
  constexpr std::array kWays = {MergeStrategy::one_partition, MergeStrategy::by_divisions,
                                MergeStrategy::broadcast_right, MergeStrategy::broadcast_left};
  const auto* way = std::find_if(kWays.begin(), kWays.end(), [&](MergeStrategy each) {
    if (each == MergeStrategy::one_partition && !has_one_partition_each()) return false;
    return npartitions(each) == promised && divisions(each) == promised_divisions;
  });
  PLAIT_CHECK(way != kWays.end());
  return *way;
}

// Of the result, done so: each partition has labels of the side that it follows.
Divisions Merge::divisions(MergeStrategy strategy) const {
  const FrameMeta& l = frame_meta(left);
  const FrameMeta& r = frame_meta(right);
  if (!params.left_index || !params.right_index) return {};
  const bool both_known = have_comparable_divisions(l, r);
  switch (strategy) {
    case MergeStrategy::one_partition:
      if (follows_left_side(params.how)) return l.divisions();
      if (follows_right_side(params.how)) return r.divisions();
      if (!both_known) return {};
      return {std::min(l.divisions().front(), r.divisions().front(), label_less),
              std::max(l.divisions().back(), r.divisions().back(), label_less)};
    case MergeStrategy::by_divisions:
      return both_known ? all_divisions({left, right}, "merge") : Divisions{};
    case MergeStrategy::broadcast_right:
      return follows_left_side(params.how) ? l.divisions() : Divisions{};
    case MergeStrategy::broadcast_left:
      return follows_right_side(params.how) ? r.divisions() : Divisions{};
    case MergeStrategy::shuffle:
      break;
  }
  return {};
}

std::int64_t Merge::npartitions(MergeStrategy strategy) const {
  switch (strategy) {
    case MergeStrategy::one_partition:
      return 1;
    case MergeStrategy::by_divisions:
      return static_cast<std::int64_t>(divisions(strategy).size()) - 1;
    case MergeStrategy::broadcast_right:
      return frame_meta(left).npartitions();
    case MergeStrategy::broadcast_left:
      return frame_meta(right).npartitions();
    case MergeStrategy::shuffle:
      break;
  }
  if (promised > 0) return promised;
  const FrameMeta& l = frame_meta(left);
  const FrameMeta& r = frame_meta(right);
  return partitions_within_budget(std::max(l.npartitions(), r.npartitions()),
                                  l.estimated_bytes() + r.estimated_bytes());
}

MetaPtr Merge::infer_meta() const {
  require_native({frame_meta(left).empty(), frame_meta(right).empty()});
  strategy_ = strategy();
  const auto is_known = [](const FrameMeta& meta) { return meta.estimated_bytes() > 0 || meta.npartitions() == 1; };
  const bool are_known = is_known(frame_meta(left)) && is_known(frame_meta(right));
  const std::uint64_t num_bytes =
      are_known ? frame_meta(left).estimated_bytes() + frame_meta(right).estimated_bytes() : 0;
  return make_frame_meta(infer(table_kernel::join(params), {frame_meta(left).empty(), frame_meta(right).empty()}),
                         npartitions(strategy_), divisions(strategy_), num_bytes);
}

ExprPtr merge_expr(ExprPtr left, ExprPtr right, JoinParams params) {
  const ExprPtr merge = make_expr<Merge>(left, right, params);
  return make_expr<Merge>(std::move(left), std::move(right), std::move(params), frame_meta(merge).npartitions(),
                          frame_meta(merge).divisions());
}

std::string Merge::describe() const {
  return fmt::format("left_on={}, right_on={}: {}", params.left_on, params.right_on, text_of(strategy_));
}

Wanted Merge::needs(std::size_t operand, const Wanted& wanted) const {
  if (wanted.all_columns) return Wanted::everything();
  const ExprPtr& mine = operand == 0 ? left : right;
  const ExprPtr& other = operand == 0 ? right : left;
  const auto& keys = operand == 0 ? params.left_on : params.right_on;
  const bool by_index = operand == 0 ? params.left_index : params.right_index;
  Wanted needed{.index = by_index || (wanted.index && (params.left_index || params.right_index))};
  for (const std::string& key : keys) {
    if (frame_meta(mine).empty().has(key))
      needed.columns.insert(key);
    else
      needed.index = true;
  }
  for (const std::string& column : frame_meta(mine).empty().names()) {
    // A name on both sides is kept on both: without its twin it would lose its suffix.
    const bool is_shared = frame_meta(other).empty().has(column);
    const bool wants_twin = wanted.has(column + params.left_suffix) || wanted.has(column + params.right_suffix);
    if (wanted.has(column) || (is_shared && wants_twin)) needed.columns.insert(column);
  }
  return needed;
}

// The right side as it is looked up: groups need not be put in the order of their keys for it, as no two have the same.
ExprPtr Merge::looked_up_side() const {
  ExprPtr at = right;
  for (;;) {
    const auto* select = dynamic_cast<const SelectColumns*>(at.get());
    const auto* call = dynamic_cast<const PartitionCall*>(at.get());
    if (select && !select->as_series)
      at = select->frame;
    else if (call && (table_kernel::reset_index.is_called_by(call->kernel) ||
                      table_kernel::set_form.is_called_by(call->kernel)))
      at = call->inputs.front();
    else
      break;
  }
  const auto* ordered = dynamic_cast<const FanIn*>(at.get());
  const InOrderParams* order = ordered ? table_kernel::in_order.params_of(ordered->kernel) : nullptr;
  if (!order || params.right_index) return right;
  const bool are_unlike = std::all_of(order->by.begin(), order->by.end(), [&](const std::string& name) {
    return std::find(params.right_on.begin(), params.right_on.end(), name) != params.right_on.end();
  });
  return are_unlike ? with_replaced({right}, {{at.get(), gather(ordered->input)}}).front() : right;
}

ExprPtr Merge::lower() const {
  const ExprPtr joined = lowered();
  const Divisions known = divisions(strategy_);
  return known.empty() || frame_meta(joined).divisions() == known ? joined : make_expr<WithDivisions>(joined, known);
}

ExprPtr Merge::lowered() const {
  const KernelCall join = table_kernel::join(params);
  const auto joined = [&](ExprPtr l, ExprPtr r, const CallTraits& traits) {
    return make_expr<PartitionCall>(std::vector{std::move(l), std::move(r)}, join, std::string("join"), describe(),
                                    traits);
  };
  const CallTraits whole{.makes_index = true, .keeps_divisions = false};
  switch (strategy_) {
    case MergeStrategy::one_partition:
      if (!follows_left_side(params.how)) return joined(left, right, whole);
      [[fallthrough]];
    case MergeStrategy::broadcast_right:
      return joined(left, make_expr<BuildJoin>(gather(looked_up_side()), params), looked_up());
    case MergeStrategy::by_divisions: {
      const Divisions all = divisions(MergeStrategy::by_divisions);
      return joined(cut_expr(left, all), cut_expr(right, all), whole);
    }
    case MergeStrategy::broadcast_left:
      return joined(gather(left), right, whole);
    case MergeStrategy::shuffle:
      break;
  }
  const std::int64_t n = meta().num_blocks();
  // Joins of columns count the joined rows; a choice of left rows keeps their labels.
  const bool by_label = params.left_index || params.right_index;
  const bool is_choice = params.how == JoinHow::leftsemi || params.how == JoinHow::leftanti;
  return joined(hash_shuffle(left, params.left_on, n, by_label || is_choice),
                hash_shuffle(right, params.right_on, n, by_label), whole);
}

// The left rows, or batches of them, each with its partners.
CallTraits Merge::looked_up() const {
  const bool adds_columns = params.how == JoinHow::inner || params.how == JoinHow::left;
  const bool is_ready = looks_up(frame_meta(left).empty(), JoinTable(frame_meta(right).empty(), params));
  return {.rowwise = is_ready,
          .makes_index = true,
          .keeps_divisions = params.left_index && params.right_index,
          .numbers_rows = adds_columns && !params.left_index && !params.right_index};
}

std::string BuildJoin::describe() const { return fmt::format("right_on={}", params.right_on); }

BlockTask BuildJoin::block_task(std::int64_t block) const {
  return {.call = table_kernel::join_table(params), .inputs = {{.operand = 0, .block = block}}};
}

ExprPtr sort_expr(ExprPtr frame, SortParams params, std::int64_t at_least) {
  const ExprPtr sorted = make_expr<SortValues>(frame, params, std::int64_t{0});
  const std::int64_t npartitions = std::max(at_least, frame_meta(sorted).npartitions());
  return make_expr<SortValues>(std::move(frame), std::move(params), npartitions);
}

std::int64_t SortValues::npartitions() const {
  if (promised > 0) return promised;
  const FrameMeta& meta = frame_meta(frame);
  return is_small(meta) ? 1 : partitions_within_budget(meta.npartitions(), meta.estimated_bytes());
}

MetaPtr SortValues::infer_meta() const {
  const FrameMeta& meta = frame_meta(frame);
  require_native({meta.empty()});
  return make_frame_meta(infer(table_kernel::sort(params), {meta.empty()}), npartitions(), {}, meta.estimated_bytes());
}

std::string SortValues::describe() const { return fmt::format("by={}", params.by); }

Wanted SortValues::needs(std::size_t, const Wanted& wanted) const {
  Wanted needed = wanted;
  for (const std::string& column : params.by) {
    if (frame_meta(frame).empty().has(column))
      needed.columns.insert(column);
    else
      needed.index = true;
  }
  if (params.by.empty()) needed.index = true;
  return needed;
}

namespace {

// What divisions are made from. A large frame that comes straight out of files is not kept until they are known: its
// keys are read before the rest.
ExprPtr sampled(const ExprPtr& frame, const std::string& by) {
  const FrameMeta& meta = frame_meta(frame);
  if (meta.form() != TableForm::frame || !is_large_for_budget(meta.estimated_bytes())) return frame;
  for (const ExprPtr& node : nodes_of({frame})) {
    const FrameOp* op = frame_op(node);
    const bool is_quick = is_batch_source(node) || (op && op->is_rowwise() && op->kernel_call());
    if (!is_quick) return frame;
  }
  const std::vector<std::string> keys =
      by.empty() || !meta.empty().has(by) ? std::vector<std::string>{} : std::vector{by};
  return push_projections({select_columns(frame, keys)}).front();
}

}  // namespace

ExprPtr SortValues::lower() const {
  const CallTraits traits{.keeps_divisions = false};
  const auto sorted = [&](ExprPtr input) {
    return make_expr<PartitionCall>(std::vector{std::move(input)}, table_kernel::sort(params), std::string("sort"),
                                    describe(), traits);
  };
  const std::int64_t n = meta().num_blocks();
  if (n == 1) return sorted(gather(frame));
  const std::string by = params.by.empty() ? "" : params.by.front();
  const bool ascending = params.ascending.empty() || params.ascending.front();
  const auto sample_size = std::max<std::int64_t>(100, 10 * n);
  const ExprPtr rows = in_pieces_within_budget(frame);
  const ExprPtr samples = make_expr<PartitionCall>(
      std::vector{sampled(rows, by)}, table_kernel::sample_quantiles(SampleQuantilesParams{by, sample_size}),
      std::string("sample"), "", traits);
  const ExprPtr divisions = make_expr<FanIn>(samples, table_kernel::divisions_from_samples(DivisionsParams{n}),
                                             std::string("divisions"), std::int64_t{0});
  return sorted(range_shuffle(rows, divisions, by, ascending, params.na_first, n));
}

}  // namespace plait
