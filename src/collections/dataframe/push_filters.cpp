// Filters move down, one operation in a sweep: below assignments and renames, to the sides of joins, and into the parts
// of groups.
#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "collections/dataframe/conditions.h"
#include "collections/dataframe/frame_passes.h"
#include "collections/dataframe/merge.h"
#include "collections/dataframe/partition_ops.h"
#include "collections/dataframe/tree_reduction.h"
#include "expr/rewrite.h"
#include "kernels/table/elementwise.h"
#include "kernels/table/key_kernels.h"

namespace plait {
namespace {

// So many operations a filter may move down.
constexpr int kMaxSweeps = 32;

ExprPtr below_assign(const FilterView& view, const Assign& assign) {
  const auto untouched = [&](const std::string& column) -> std::optional<std::string> {
    if (std::ranges::find(assign.names, column) != assign.names.end()) return std::nullopt;
    return column;
  };
  const auto any = [](const std::string& column) -> std::optional<std::string> { return column; };
  const ExprPtr condition = moved(view.filter.condition, view.frames, assign.frame, untouched);
  if (!condition || std::ranges::any_of(assign.values, has_categories)) return nullptr;
  const ExprPtr filtered = make_expr<Filter>(assign.frame, condition, view.filter.keep_index);
  std::vector<ExprPtr> values;
  for (const ExprPtr& value : assign.values) {
    values.push_back(moved(value, {assign.frame}, filtered, any));
    if (!values.back()) return nullptr;
  }
  return make_expr<Assign>(filtered, assign.names, assign.literals, std::move(values));
}

ExprPtr below_rename(const FilterView& view, const Rename& rename) {
  const auto name_below = [&](const std::string& column) -> std::optional<std::string> {
    for (const auto& [below, above] : rename.names) {
      if (above == column) return below;
    }
    return column;
  };
  const ExprPtr condition = moved(view.filter.condition, view.frames, rename.frame, name_below);
  if (!condition) return nullptr;
  return make_expr<Rename>(make_expr<Filter>(rename.frame, condition, view.filter.keep_index), rename.names);
}

// The conditions of a filter above a join: those that only look at one side, which keeps all rows that match, are said
// of that side.
struct Sides {
  std::vector<ExprPtr> left;
  std::vector<ExprPtr> right;
  std::vector<ExprPtr> both;
};

Sides sides_of(const FilterView& view, const Merge& merge) {
  Sides sides;
  for (const ExprPtr& part : parts_of(view.filter.condition, BinaryOp::and_)) {
    const ExprPtr of_left =
        keeps_side(merge, true) ? moved(part, view.frames, merge.left, names_of_side(merge, true)) : nullptr;
    const ExprPtr of_right =
        keeps_side(merge, false) ? moved(part, view.frames, merge.right, names_of_side(merge, false)) : nullptr;
    if (of_left) sides.left.push_back(of_left);
    if (of_right) sides.right.push_back(of_right);
    if (!of_left && !of_right) sides.both.push_back(part);
  }
  return sides;
}

ExprPtr below_merge(const FilterView& view, const Merge& merge) {
  // The rows' labels would be others.
  if (view.filter.keep_index) return nullptr;
  const Sides sides = sides_of(view, merge);
  if (sides.left.empty() && sides.right.empty()) return nullptr;
  const JoinParams& params = merge.params;
  const bool keeps_labels = params.left_index || params.right_index;
  const auto filtered = [&](const ExprPtr& side, const std::vector<ExprPtr>& conditions) {
    return conditions.empty() ? side : make_expr<Filter>(side, joined_by(BinaryOp::and_, conditions), keeps_labels);
  };
  const ExprPtr joined = make_expr<Merge>(filtered(merge.left, sides.left), filtered(merge.right, sides.right), params,
                                          merge.promised, merge.promised_divisions);
  if (sides.both.empty()) return joined;
  const auto any = [](const std::string& column) -> std::optional<std::string> { return column; };
  const ExprPtr rest = moved(joined_by(BinaryOp::and_, sides.both), view.frames, joined, any);
  return rest ? make_expr<Filter>(joined, rest, false) : nullptr;
}

// Groups that come in parts are filtered there: what is left is put in order.
ExprPtr below_order(const FilterView& view) {
  // The rows' labels would be others.
  if (view.filter.keep_index) return nullptr;
  ExprPtr at = view.below();
  while (const auto* call = dynamic_cast<const PartitionCall*>(at.get())) {
    if (!table_kernel::reset_index.is_called_by(call->kernel) && !table_kernel::set_form.is_called_by(call->kernel))
      return nullptr;
    at = call->inputs.front();
  }
  const auto* ordered = dynamic_cast<const FanIn*>(at.get());
  const InOrderParams* order = ordered ? table_kernel::in_order.params_of(ordered->kernel) : nullptr;
  if (!order) return nullptr;
  const std::vector<std::string> names = frame_meta(view.below()).empty().names();
  const auto is_there = [&](const std::string& name) { return std::ranges::find(names, name) != names.end(); };
  if (!std::ranges::all_of(order->by, is_there)) return nullptr;
  const ExprPtr parts = with_replaced({view.below()}, {{at.get(), ordered->input}}).front();
  const auto any = [](const std::string& column) -> std::optional<std::string> { return column; };
  const ExprPtr condition = moved(view.filter.condition, view.frames, parts, any);
  if (!condition) return nullptr;
  const InOrderParams renumbered{.by = order->by, .form = TableForm::frame, .renumber = true};
  return make_expr<FanIn>(make_expr<Filter>(parts, condition, false), table_kernel::in_order(renumbered),
                          ordered->label, std::int64_t{0});
}

ExprPtr pushed(const FilterView& view) {
  const Expr* below = view.below().get();
  if (const auto* assign = dynamic_cast<const Assign*>(below)) return below_assign(view, *assign);
  if (const auto* rename = dynamic_cast<const Rename*>(below)) return below_rename(view, *rename);
  if (const auto* merge = dynamic_cast<const Merge*>(below)) return below_merge(view, *merge);
  return below_order(view);
}

// Who takes what in a plan.
class Consumers {
 public:
  Consumers(const std::vector<ExprPtr>& nodes, const Roots& roots) {
    for (const ExprPtr& root : roots) consumers_[root.get()].push_back(nullptr);
    for (const ExprPtr& node : nodes) {
      for (const ExprPtr& operand : node->operands()) consumers_[operand.get()].push_back(node.get());
    }
  }

  // Whether nobody but the filter sees the rows of `below`: for others, it would have to be done as well.
  bool are_private(const ExprPtr& below, const ExprPtr& filter) const {
    std::unordered_set<const Expr*> between;
    std::vector<ExprPtr> waiting{filter};
    while (!waiting.empty()) {
      const ExprPtr node = waiting.back();
      waiting.pop_back();
      const bool is_scalar = is_frame(*node) && frame_meta(node).form() == TableForm::scalar;
      if (is_scalar || !between.insert(node.get()).second || node == below) continue;
      for (const ExprPtr& operand : node->operands()) waiting.push_back(operand);
    }
    return std::ranges::all_of(between, [&](const Expr* node) {
      if (node == filter.get()) return true;
      return std::ranges::all_of(consumers_.at(node), [&](const Expr* consumer) { return between.contains(consumer); });
    });
  }

 private:
  std::unordered_map<const Expr*, std::vector<const Expr*>> consumers_;
};

}  // namespace

Roots push_filters(Roots roots) {
  for (int sweep = 0; sweep < kMaxSweeps; ++sweep) {
    const auto nodes = nodes_of(roots);
    std::optional<Consumers> consumers;
    std::unordered_map<const Expr*, ExprPtr> better;
    for (const ExprPtr& node : nodes) {
      const auto* filter = dynamic_cast<const Filter*>(node.get());
      if (!filter) continue;
      const SourceScope scope(node->source());
      const FilterView view(*filter);
      ExprPtr lower = pushed(view);
      if (!lower) continue;
      if (!consumers) consumers.emplace(nodes, roots);
      if (consumers->are_private(view.below(), node)) better.emplace(node.get(), view.narrowed(std::move(lower)));
    }
    if (better.empty()) break;
    roots = with_replaced(roots, better);
  }
  return roots;
}

}  // namespace plait
