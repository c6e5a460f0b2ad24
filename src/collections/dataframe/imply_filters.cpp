// What the alternatives of a condition above a join say of one side of it alone:
//
//   (a.x < 1) & (b.y == 2) | (a.x > 8) & (b.y == 3)   says   ((a.x < 1) | (a.x > 8)) & ((b.y == 2) | (b.y == 3))
//
// It follows from the condition and is added to it, so that the parts can move to the sides (push_filters.cpp).
#include <algorithm>
#include <unordered_map>

#include "collections/dataframe/conditions.h"
#include "collections/dataframe/frame_passes.h"
#include "expr/rewrite.h"

namespace plait {
namespace {

// What each of the alternatives says of a side, as alternatives; null where one says nothing.
ExprPtr said_of_side(const std::vector<ExprPtr>& alternatives, const FilterView& view, const Merge& merge,
                     bool is_left) {
  if (!keeps_side(merge, is_left)) return nullptr;
  const NameBelow names = names_of_side(merge, is_left);
  const ExprPtr& side = is_left ? merge.left : merge.right;
  std::vector<ExprPtr> said;
  for (const ExprPtr& alternative : alternatives) {
    std::vector<ExprPtr> parts = parts_of(alternative, BinaryOp::and_);
    std::erase_if(parts, [&](const ExprPtr& part) { return !moved(part, view.frames, side, names); });
    if (parts.empty()) return nullptr;
    said.push_back(joined_by(BinaryOp::and_, parts));
  }
  return joined_by(BinaryOp::or_, said);
}

// What follows for one side of the join; empty if nothing does.
std::vector<ExprPtr> implied(const FilterView& view, const Merge& merge) {
  std::vector<ExprPtr> found;
  for (const ExprPtr& part : parts_of(view.filter.condition, BinaryOp::and_)) {
    const std::vector<ExprPtr> alternatives = parts_of(part, BinaryOp::or_);
    // A part that looks at one side alone moves there whole.
    if (alternatives.size() < 2 || said_of_side({part}, view, merge, true) || said_of_side({part}, view, merge, false))
      continue;
    for (const bool is_left : {true, false}) {
      if (ExprPtr said = said_of_side(alternatives, view, merge, is_left)) found.push_back(std::move(said));
    }
  }
  return found;
}

}  // namespace

Roots imply_filters(Roots roots) {
  std::unordered_map<const Expr*, ExprPtr> better;
  for (const ExprPtr& node : nodes_of(roots)) {
    const auto* filter = dynamic_cast<const Filter*>(node.get());
    if (!filter || filter->keep_index) continue;
    const FilterView view(*filter);
    const auto* merge = dynamic_cast<const Merge*>(view.below().get());
    if (!merge) continue;
    const SourceScope scope(node->source());
    std::vector<ExprPtr> conditions = implied(view, *merge);
    if (conditions.empty()) continue;
    conditions.insert(conditions.begin(), filter->condition);
    better.emplace(node.get(), make_expr<Filter>(filter->frame, joined_by(BinaryOp::and_, conditions), false));
  }
  return better.empty() ? roots : with_replaced(roots, better);
}

}  // namespace plait
