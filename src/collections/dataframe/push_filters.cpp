// Filters move down, one operation in a sweep: below assignments and renames, to the sides of joins, and into the parts
// of groups.
#include <algorithm>
#include <functional>
#include <optional>
#include <unordered_map>
#include <unordered_set>

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

// The column of the frame below that a column is; none where it is not one of it.
using NameBelow = std::function<std::optional<std::string>(const std::string& column)>;

// A series over the rows of one of `from`, said again over those of `to`; null if it looks at anything else than
// columns that have a name below, and at scalars.
ExprPtr moved(const ExprPtr& series, const std::vector<ExprPtr>& from, const ExprPtr& to, const NameBelow& name_below) {
  std::unordered_map<const Expr*, ExprPtr> done;
  std::vector<ExprPtr> waiting{series};
  while (!waiting.empty()) {
    const ExprPtr node = waiting.back();
    if (done.contains(node.get())) {
      waiting.pop_back();
      continue;
    }
    if (is_frame(*node) && frame_meta(node).form() == TableForm::scalar) {
      done.emplace(node.get(), node);
      continue;
    }
    if (const auto* select = dynamic_cast<const SelectColumns*>(node.get()); select && select->as_series) {
      const auto column = name_below(select->columns.front());
      if (!column || std::ranges::find(from, select->frame) == from.end()) return nullptr;
      done.emplace(node.get(), select_column(to, *column));
      continue;
    }
    const auto* call = dynamic_cast<const PartitionCall*>(node.get());
    if (!call || !call->traits.rowwise || !call->traits.keeps_rows) return nullptr;
    std::vector<ExprPtr> inputs;
    for (const ExprPtr& input : call->inputs) {
      const auto found = done.find(input.get());
      if (found == done.end())
        waiting.push_back(input);
      else
        inputs.push_back(found->second);
    }
    if (inputs.size() == call->inputs.size()) done.emplace(node.get(), node->with_operands(inputs));
  }
  return done.at(series.get());
}

// Conditions that hold together where the whole one does.
std::vector<ExprPtr> conjuncts_of(const ExprPtr& condition) {
  std::vector<ExprPtr> parts;
  std::vector<ExprPtr> waiting{condition};
  const auto is_bool = [](const ExprPtr& part) {
    return frame_meta(part).form() == TableForm::series &&
           frame_meta(part).schema().columns.front().type.kind == TypeKind::bool_;
  };
  while (!waiting.empty()) {
    const ExprPtr part = waiting.back();
    waiting.pop_back();
    const auto* call = dynamic_cast<const PartitionCall*>(part.get());
    const BinaryParams* binary = call ? table_kernel::binary.params_of(call->kernel) : nullptr;
    if (binary && binary->op == BinaryOp::and_ && call->inputs.size() == 2 && !binary->fill_value &&
        std::ranges::all_of(call->inputs, is_bool))
      waiting.insert(waiting.end(), call->inputs.rbegin(), call->inputs.rend());
    else
      parts.push_back(part);
  }
  return parts;
}

ExprPtr all_of(const std::vector<ExprPtr>& conditions) {
  ExprPtr whole = conditions.front();
  for (std::size_t i = 1; i < conditions.size(); ++i)
    whole = elementwise_call({whole, conditions[i]}, table_kernel::binary(BinaryParams{.op = BinaryOp::and_}), "and");
  return whole;
}

// A filter and what it looks at: choices of columns may stand between it and the operation below.
struct View {
  const Filter& filter;
  std::vector<ExprPtr> frames;  // of the same rows, from the filter's own down to the operation's
  const ExprPtr& below() const { return frames.back(); }

  explicit View(const Filter& of) : filter(of), frames{of.frame} {
    while (const auto* select = dynamic_cast<const SelectColumns*>(below().get())) {
      if (select->as_series) return;
      frames.push_back(select->frame);
    }
  }
  // The filtered operation with the columns that the filter's frame has.
  ExprPtr narrowed(ExprPtr filtered) const {
    return frames.size() == 1 ? filtered
                              : select_columns(std::move(filtered), frame_meta(filter.frame).empty().names());
  }
};

ExprPtr below_assign(const View& view, const Assign& assign) {
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

ExprPtr below_rename(const View& view, const Rename& rename) {
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

bool is_shared_key(const JoinParams& params, const std::string& column) {
  const auto key = std::ranges::find(params.left_on, column);
  return key != params.left_on.end() &&
         params.right_on.at(static_cast<std::size_t>(key - params.left_on.begin())) == column;
}

Sides sides_of(const View& view, const Merge& merge) {
  const JoinParams& params = merge.params;
  const auto only_in = [&](const ExprPtr& mine, const ExprPtr& other) {
    return [&](const std::string& column) -> std::optional<std::string> {
      if (!frame_meta(mine).empty().has(column)) return std::nullopt;
      if (frame_meta(other).empty().has(column) && !is_shared_key(params, column)) return std::nullopt;
      return column;
    };
  };
  const bool keeps_left = params.how != JoinHow::right && params.how != JoinHow::outer;
  const bool keeps_right = params.how == JoinHow::inner || params.how == JoinHow::right;
  Sides sides;
  for (const ExprPtr& part : conjuncts_of(view.filter.condition)) {
    const ExprPtr of_left =
        keeps_left ? moved(part, view.frames, merge.left, only_in(merge.left, merge.right)) : nullptr;
    const ExprPtr of_right =
        keeps_right ? moved(part, view.frames, merge.right, only_in(merge.right, merge.left)) : nullptr;
    if (of_left) sides.left.push_back(of_left);
    if (of_right) sides.right.push_back(of_right);
    if (!of_left && !of_right) sides.both.push_back(part);
  }
  return sides;
}

ExprPtr below_merge(const View& view, const Merge& merge) {
  // The rows' labels would be others.
  if (view.filter.keep_index) return nullptr;
  const Sides sides = sides_of(view, merge);
  if (sides.left.empty() && sides.right.empty()) return nullptr;
  const JoinParams& params = merge.params;
  const bool keeps_labels = params.left_index || params.right_index;
  const auto filtered = [&](const ExprPtr& side, const std::vector<ExprPtr>& conditions) {
    return conditions.empty() ? side : make_expr<Filter>(side, all_of(conditions), keeps_labels);
  };
  const ExprPtr joined =
      make_expr<Merge>(filtered(merge.left, sides.left), filtered(merge.right, sides.right), params, merge.promised);
  if (sides.both.empty()) return joined;
  const auto any = [](const std::string& column) -> std::optional<std::string> { return column; };
  const ExprPtr rest = moved(all_of(sides.both), view.frames, joined, any);
  return rest ? make_expr<Filter>(joined, rest, false) : nullptr;
}

// Groups that come in parts are filtered there: what is left is put in order.
ExprPtr below_order(const View& view) {
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

ExprPtr pushed(const View& view) {
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
      const View view(*filter);
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
