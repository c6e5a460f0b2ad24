// Where filters leave few keys on one side of a join, rows of the other side without such a key are left out before
// they are grouped, exchanged or made ready to be looked up: a semi-join reduction.
//
//   orders[quarter].merge(lines, on="order")  ->  orders[quarter].merge(lines[lines.order.isin(keys)], on="order")
//
// where `keys` are those of orders[quarter], which the scan of `lines` waits for. The condition goes as far down as
// something costly is spared: below groupings by the key, and other joins.
#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "collections/dataframe/batch_source.h"
#include "collections/dataframe/column_origins.h"
#include "collections/dataframe/frame_passes.h"
#include "collections/dataframe/isin_keys.h"
#include "collections/dataframe/merge.h"
#include "collections/dataframe/parted_reduction.h"
#include "collections/dataframe/partition_ops.h"
#include "collections/dataframe/read_parquet.h"
#include "collections/dataframe/row_estimates.h"
#include "collections/dataframe/tree_reduction.h"
#include "expr/rewrite.h"
#include "kernels/table/elementwise.h"
#include "runtime/machine.h"

namespace plait {
namespace {

// So many joins of a plan are reduced.
constexpr int kMaxReductions = 16;
// Fewer rows are joined before another scan would have told which of them are wanted.
constexpr double kFewestRows = 50'000;
// Looking for the keys pays where so much of the rows is left at most.
constexpr double kMostKept = 1.0 / 3;
// A look costs that part of what it may spare: into a table of so many times the keys.
constexpr double kLookShare = 8;
// Of a row that has to be read before it is known which keys there are, against one that is looked up.
constexpr double kWaitShare = 0.02;

// A scan of the rows of `place` waits for the keys that `keys` has.
struct Reduction {
  ColumnPlace place;
  ColumnPlace keys;
  double gain = 0;  // in rows
};

class JoinReducer {
 public:
  explicit JoinReducer(const Roots& roots) : nodes_(nodes_of(roots)), estimates_(nodes_) {
    for (const ExprPtr& node : nodes_) {
      for (const ExprPtr& operand : node->operands()) consumers_[operand.get()].push_back(node.get());
    }
    for (const ExprPtr& root : roots) consumers_[root.get()].push_back(nullptr);
  }

  // The first join that can be reduced, and what stands for it.
  std::optional<std::pair<const Expr*, ExprPtr>> next() const {
    for (const ExprPtr& node : nodes_) {
      const auto* merge = dynamic_cast<const Merge*>(node.get());
      if (!merge || merge->params.left_index || merge->params.right_index) continue;
      const SourceScope scope(node->source());
      if (ExprPtr reduced = reduced_join(*merge)) return std::pair{node.get(), std::move(reduced)};
    }
    return std::nullopt;
  }

 private:
  ExprPtr reduced_join(const Merge& merge) const {
    const JoinHow how = merge.params.how;
    const bool reduces_left = how == JoinHow::inner || how == JoinHow::right;
    const bool reduces_right = how != JoinHow::right && how != JoinHow::outer;
    std::optional<Reduction> of_left, of_right;
    for (std::size_t k = 0; k < merge.params.left_on.size(); ++k) {
      const ColumnPlace left{merge.left, merge.params.left_on[k]};
      const ColumnPlace right{merge.right, merge.params.right_on[k]};
      if (reduces_left) keep_better(of_left, best_reduction(merge, left, right));
      if (reduces_right) keep_better(of_right, best_reduction(merge, right, left));
    }
    if (!of_left && !of_right) return nullptr;
    const bool is_left = of_left && (!of_right || of_left->gain >= of_right->gain);
    const ExprPtr left = is_left ? reduced(merge.left, *of_left) : merge.left;
    const ExprPtr right = is_left ? merge.right : reduced(merge.right, *of_right);
    return make_expr<Merge>(left, right, merge.params, merge.promised, merge.promised_divisions);
  }

  static void keep_better(std::optional<Reduction>& best, std::optional<Reduction> other) {
    if (other && (!best || other->gain > best->gain)) best = std::move(other);
  }

  // Of the rows of `side`, by what the key of the other side comes from.
  std::optional<Reduction> best_reduction(const Merge& merge, const ColumnPlace& side, const ColumnPlace& other) const {
    if (!is_key(side) || !is_key(other)) return std::nullopt;
    const std::vector<ColumnPlace> path = path_of(side);
    const std::vector<ColumnPlace> known = lineage_of(side);
    std::optional<Reduction> best;
    for (const ColumnPlace& keys : lineage_of(other)) {
      const bool is_known = std::ranges::any_of(known, [&](const ColumnPlace& at) { return at.node == keys.node; });
      if (is_known || !is_key(keys) || type_of(keys) != type_of(side) || !fits_memory(keys)) continue;
      const RowEstimate& few = estimates_.of(keys.node);
      const std::optional<std::size_t> at = place_on(path, merge, few);
      if (!at) continue;
      const ColumnPlace& place = path[*at];
      const double num_rows = estimates_.of(place.node).rows();
      const bool pays = few.all > 0 && few.share <= kMostKept && num_rows >= kFewestRows && 2 * few.rows() <= num_rows;
      if (!pays || is_reduced(place) || !is_private(merge, path, *at) || !can_wait(place, keys)) continue;
      const double gain = num_rows * (1 - few.share) - few.rows() - kWaitShare * rows_to_read(keys.node);
      if (gain > 0) keep_better(best, Reduction{place, keys, gain});
    }
    return best;
  }

  static const ColumnType& type_of(const ColumnPlace& at) { return frame_meta(at.node).empty().type(at.column); }
  static bool is_key(const ColumnPlace& at) {
    const FrameMeta& meta = frame_meta(at.node);
    if (meta.form() != TableForm::frame || !meta.empty().has(at.column)) return false;
    const TypeKind kind = type_of(at).kind;
    return kind != TypeKind::category && kind != TypeKind::other && kind != TypeKind::bool_;
  }

  // Whether one task may hold all keys even where the filters leave every row.
  bool fits_memory(const ColumnPlace& keys) const {
    constexpr double kBytesPerKey = 16;
    return estimates_.of(keys.node).all * kBytesPerKey <= static_cast<double>(memory_budget_bytes()) / 4;
  }

  // How far down the path of the key the rows are left out: below the last operation that is spared something.
  std::optional<std::size_t> place_on(const std::vector<ColumnPlace>& path, const Merge& merge,
                                      const RowEstimate& keys) const {
    std::optional<std::size_t> at;
    for (std::size_t i = 0; i < path.size(); ++i) {
      const Expr& above = i == 0 ? static_cast<const Expr&>(merge) : *path[i - 1].node;
      if (is_spared(above, path[i].node, keys)) at = i;
    }
    if (!at) return std::nullopt;
    // A choice of columns stands between a filter and what is spared: both are one filter then.
    while (dynamic_cast<const SelectColumns*>(path[*at].node.get()) && *at + 1 < path.size() &&
           consumers_.at(path[*at].node.get()).size() == 1)
      ++*at;
    return is_key(path[*at]) ? at : std::nullopt;
  }

  // Whether an operation does much for each row of its operand.
  bool is_spared(const Expr& node, const ExprPtr& operand, const RowEstimate& keys) const {
    if (dynamic_cast<const PartedReduction*>(&node) || dynamic_cast<const TreeReduction*>(&node)) return true;
    const auto* merge = dynamic_cast<const Merge*>(&node);
    if (!merge) return false;
    const MergeStrategy strategy = merge->chosen_strategy();
    if (strategy == MergeStrategy::shuffle || strategy == MergeStrategy::by_divisions) return true;
    const ExprPtr& ready = strategy == MergeStrategy::broadcast_left ? merge->left : merge->right;
    // A row that is only looked up is worth it where the keys are so few that looking for them costs next to nothing.
    return operand == ready || kLookShare * keys.rows() <= estimates_.of(ready).rows();
  }

  // Whether rows are already left out here by other keys.
  static bool is_reduced(const ColumnPlace& place) {
    const auto* filter = dynamic_cast<const Filter*>(place.node.get());
    return filter && origins_of(place).size() > 1;
  }

  // Whether what stands on the path above the place is made for this join alone: for others it would have to be done
  // as well, with all rows.
  bool is_private(const Merge& merge, const std::vector<ColumnPlace>& path, std::size_t at) const {
    std::unordered_set<const Expr*> mine{&merge};
    std::vector<ExprPtr> waiting;
    for (std::size_t i = 0; i < at; ++i) {
      mine.insert(path[i].node.get());
      for (const ExprPtr& operand : path[i].node->operands()) waiting.push_back(operand);
    }
    // Conditions and values that the path itself takes.
    while (!waiting.empty()) {
      const ExprPtr node = waiting.back();
      waiting.pop_back();
      const auto* select = dynamic_cast<const SelectColumns*>(node.get());
      const auto* call = dynamic_cast<const PartitionCall*>(node.get());
      const bool is_part = (select && select->as_series) || (call && call->traits.rowwise && call->traits.keeps_rows);
      if (!is_part || !mine.insert(node.get()).second) continue;
      for (const ExprPtr& operand : node->operands()) waiting.push_back(operand);
    }
    const auto is_mine = [&](const Expr* consumer) { return mine.contains(consumer); };
    for (std::size_t i = 0; i < at; ++i) {
      if (!std::ranges::all_of(consumers_.at(path[i].node.get()), is_mine)) return false;
    }
    // Nothing else of this side is made of the rows that are left out.
    const ExprPtr& side = path.front().node;
    for (const ExprPtr& node : nodes_of({side})) {
      if (!is_mine(node.get()) && takes(node, path[at].node)) return false;
    }
    return true;
  }

  static bool takes(const ExprPtr& node, const ExprPtr& operand) {
    const std::vector<ExprPtr> operands = node->operands();
    return std::ranges::find(operands, operand) != operands.end();
  }

  // The source whose batches go through row by row up to the place, also where they are looked up on the way; null if
  // there is none.
  static ExprPtr stream_source(const ExprPtr& place) {
    ExprPtr at = place;
    while (!is_batch_source(at)) {
      const FrameOp* op = frame_op(at);
      const auto* merge = dynamic_cast<const Merge*>(at.get());
      const bool looks_up = merge && merge->chosen_strategy() == MergeStrategy::broadcast_right;
      if (!op || !(op->is_rowwise() || looks_up)) return nullptr;
      at = at->operands().front();
    }
    return at;
  }

  // A source gives its batches once: rows that wait for others of it come from a reader of their own, where there can
  // be one.
  static bool can_wait(const ColumnPlace& place, const ColumnPlace& keys) {
    const ExprPtr source = stream_source(place.node);
    if (!source || is_in_memory(source) || dynamic_cast<const ReadParquet*>(source.get())) return true;
    const std::vector<ExprPtr> below = nodes_of({keys.node});
    return std::ranges::find(below, source) == below.end();
  }

  double rows_to_read(const ExprPtr& keys) const {
    double rows = 0;
    for (const ExprPtr& node : nodes_of({keys})) rows += node->operands().empty() ? estimates_.of(node).all : 0;
    return rows;
  }

  // The side with fewer rows at the place.
  static ExprPtr reduced(const ExprPtr& side, const Reduction& reduction) {
    const auto& [place, keys, gain] = reduction;
    const ExprPtr rows = apart(place.node, keys.node);
    const ExprPtr wanted = select_columns(keys.node, {keys.column});
    const auto* filter = dynamic_cast<const Filter*>(rows.get());
    const ExprPtr& from = filter ? filter->frame : rows;
    ExprPtr condition = make_expr<IsinKeys>(select_column(from, place.column), wanted);
    if (filter)
      condition = elementwise_call({filter->condition, condition},
                                   table_kernel::binary(BinaryParams{.op = BinaryOp::and_}), "and");
    const ExprPtr kept = make_expr<Filter>(from, condition, filter ? filter->keep_index : true);
    return rebuilt(side, {{place.node.get(), kept}});
  }

  // The rows of `place` from a reader that does not give those of `keys`.
  static ExprPtr apart(const ExprPtr& place, const ExprPtr& keys) {
    const ExprPtr source = stream_source(place);
    const auto* reader = dynamic_cast<const ReadParquet*>(source.get());
    if (!reader) return place;
    std::int64_t again = reader->again;
    for (bool is_taken = true; is_taken;) {
      is_taken = std::ranges::any_of(nodes_of({keys}), [&](const ExprPtr& node) {
        const auto* other = dynamic_cast<const ReadParquet*>(node.get());
        return other && other->scan.token() == reader->scan.token() && other->again == again;
      });
      again += is_taken ? 1 : 0;
    }
    if (again == reader->again) return place;
    const ExprPtr own =
        make_expr<ReadParquet>(reader->scan, reader->columns, reader->with_index, reader->wanted, again);
    return rebuilt(place, {{source.get(), own}});
  }

  // The node made again of others in the places of some, which are left as they are.
  static ExprPtr rebuilt(const ExprPtr& root, const std::unordered_map<const Expr*, ExprPtr>& others) {
    std::unordered_map<const Expr*, ExprPtr> made = others;
    for (const ExprPtr& node : nodes_of({root})) {
      if (made.contains(node.get())) continue;
      std::vector<ExprPtr> operands;
      for (const ExprPtr& operand : node->operands()) operands.push_back(made.at(operand.get()));
      made.emplace(node.get(), on_operands(node, operands));
    }
    return made.at(root.get());
  }

  std::vector<ExprPtr> nodes_;
  RowEstimates estimates_;
  std::unordered_map<const Expr*, std::vector<const Expr*>> consumers_;
};

}  // namespace

Roots reduce_joins(Roots roots) {
  // Equal work is one node, so that all consumers of it are seen.
  roots = rewrite(roots, [](const ExprPtr& node) { return node; });
  const auto is_join = [](const ExprPtr& node) { return dynamic_cast<const Merge*>(node.get()) != nullptr; };
  if (std::ranges::none_of(nodes_of(roots), is_join)) return roots;
  for (int i = 0; i < kMaxReductions; ++i) {
    const auto reduced = JoinReducer(roots).next();
    if (!reduced) break;
    roots = with_replaced(roots, {{reduced->first, reduced->second}});
  }
  return roots;
}

}  // namespace plait
