#include <unordered_map>

#include "collections/dataframe/frame_passes.h"
#include "collections/dataframe/merge.h"
#include "collections/dataframe/partition_ops.h"

namespace plait {
namespace {

// A condition over columns of `from` only, said again over `to`; null if it looks at anything else, or at a column that
// `may_read` refuses.
template <class MayRead>
ExprPtr moved_condition(const ExprPtr& condition, const ExprPtr& from, const ExprPtr& to, const MayRead& may_read) {
  std::unordered_map<const Expr*, ExprPtr> moved;
  std::vector<ExprPtr> waiting{condition};
  while (!waiting.empty()) {
    const ExprPtr node = waiting.back();
    if (moved.contains(node.get())) {
      waiting.pop_back();
      continue;
    }
    if (const auto* select = dynamic_cast<const SelectColumns*>(node.get()); select && select->as_series) {
      if (select->frame.get() != from.get() || !may_read(select->columns.front())) return nullptr;
      moved.emplace(node.get(), select_column(to, select->columns.front()));
      continue;
    }
    const auto* elementwise = dynamic_cast<const PartitionCall*>(node.get());
    if (!elementwise || !elementwise->traits.rowwise) return nullptr;
    std::vector<ExprPtr> inputs;
    for (const ExprPtr& input : elementwise->inputs) {
      const auto found = moved.find(input.get());
      if (found == moved.end())
        waiting.push_back(input);
      else
        inputs.push_back(found->second);
    }
    if (inputs.size() == elementwise->inputs.size()) moved.emplace(node.get(), node->with_operands(inputs));
  }
  return moved.at(condition.get());
}

ExprPtr below_assign(const Filter& filter, const Assign& assign) {
  const auto is_untouched = [&](const std::string& column) {
    return std::find(assign.names.begin(), assign.names.end(), column) == assign.names.end();
  };
  // What is assigned would have to be filtered too: only constants need not.
  if (!assign.values.empty()) return nullptr;
  const ExprPtr condition = moved_condition(filter.condition, filter.frame, assign.frame, is_untouched);
  if (!condition) return nullptr;
  const ExprPtr below = make_expr<Filter>(assign.frame, condition, filter.keep_index);
  return make_expr<Assign>(below, assign.names, assign.literals, assign.values);
}

// A filter on columns of the left (right) side of a join that keeps all matching rows of that side can run before it.
// `joined` is the join's node, over which the condition is said.
ExprPtr filtered_before(const Merge& merge, const ExprPtr& joined, const ExprPtr& condition) {
  const auto comes_from = [](const ExprPtr& mine, const ExprPtr& other, const std::string& column) {
    return frame_meta(mine).empty().has(column) && !frame_meta(other).empty().has(column);
  };
  if (merge.params.how == JoinHow::inner || merge.params.how == JoinHow::left) {
    const auto of_left = [&](const std::string& column) { return comes_from(merge.left, merge.right, column); };
    if (const ExprPtr moved = moved_condition(condition, joined, merge.left, of_left)) {
      return make_expr<Merge>(make_expr<Filter>(merge.left, moved, true), merge.right, merge.params);
    }
  }
  if (merge.params.how == JoinHow::inner || merge.params.how == JoinHow::right) {
    const auto of_right = [&](const std::string& column) { return comes_from(merge.right, merge.left, column); };
    if (const ExprPtr moved = moved_condition(condition, joined, merge.right, of_right)) {
      return make_expr<Merge>(merge.left, make_expr<Filter>(merge.right, moved, true), merge.params);
    }
  }
  return nullptr;
}

ExprPtr below_merge(const Filter& filter) {
  // The rows' labels would be others.
  if (filter.keep_index) return nullptr;
  // The projections put a choice of columns between where the filter's own columns are wanted by nobody else.
  const auto* select = dynamic_cast<const SelectColumns*>(filter.frame.get());
  const bool between = select && !select->as_series;
  const ExprPtr& joined = between ? select->frame : filter.frame;
  const auto* merge = dynamic_cast<const Merge*>(joined.get());
  if (!merge) return nullptr;
  ExprPtr filtered = filtered_before(*merge, joined, filter.condition);
  return filtered && between ? select_columns(std::move(filtered), select->columns) : filtered;
}

ExprPtr pushed(const ExprPtr& node) {
  const auto* filter = dynamic_cast<const Filter*>(node.get());
  if (!filter) return node;
  const SourceScope scope(node->source());
  if (const auto* assign = dynamic_cast<const Assign*>(filter->frame.get())) {
    if (ExprPtr better = below_assign(*filter, *assign)) return better;
  }
  if (ExprPtr better = below_merge(*filter)) return better;
  return node;
}

}  // namespace

Roots push_filters(Roots roots) { return rewrite(roots, pushed); }

}  // namespace plait
