#include <unordered_map>

#include "collections/dataframe/frame_passes.h"
#include "collections/dataframe/partition_ops.h"

namespace plait {
namespace {

using WantedOf = std::unordered_map<const Expr*, Wanted>;

// What every node's consumers want of it, all together.
WantedOf wanted_of(const std::vector<ExprPtr>& nodes, const Roots& roots) {
  WantedOf wanted;
  for (const ExprPtr& root : roots) wanted[root.get()] = Wanted::everything();
  for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
    const FrameOp* op = is_frame(**node) ? frame_op(*node) : nullptr;
    const auto operands = (*node)->operands();
    const Wanted mine = wanted[node->get()];
    for (std::size_t i = 0; i < operands.size(); ++i) {
      if (!is_frame(*operands[i])) continue;
      wanted[operands[i].get()].add(op ? op->needs(i, mine) : Wanted::everything());
    }
  }
  return wanted;
}

// The operand with no columns beyond those that are needed of it.
ExprPtr projected(const ExprPtr& operand, const Wanted& needed) {
  if (needed.all_columns || frame_meta(operand).form() != TableForm::frame) return operand;
  std::vector<std::string> kept;
  const auto names = frame_meta(operand).empty().names();
  for (const std::string& name : names) {
    if (needed.has(name)) kept.push_back(name);
  }
  return kept.size() == names.size() ? operand : select_columns(operand, kept);
}

}  // namespace

Roots push_projections(Roots roots) {
  const auto nodes = nodes_of(roots);
  const WantedOf wanted = wanted_of(nodes, roots);
  std::unordered_map<const Expr*, ExprPtr> made;
  for (const ExprPtr& node : nodes) {
    const SourceScope scope(node->source());
    const FrameOp* op = is_frame(*node) ? frame_op(node) : nullptr;
    const Wanted& mine = wanted.contains(node.get()) ? wanted.at(node.get()) : Wanted::everything();
    // Narrowed first: on narrower operands the node as it is would miss columns that nobody wants.
    ExprPtr narrow = op ? op->narrowed(mine) : nullptr;
    if (narrow && made.contains(narrow.get())) {
      made.emplace(node.get(), made.at(narrow.get()));
      continue;
    }
    const ExprPtr& base = narrow ? narrow : node;
    std::vector<ExprPtr> operands;
    const auto old_operands = base->operands();
    for (std::size_t i = 0; i < old_operands.size(); ++i) {
      ExprPtr operand = made.at(old_operands[i].get());
      if (op && op->moves_rows() && is_frame(*operand)) operand = projected(operand, frame_op(base)->needs(i, mine));
      operands.push_back(std::move(operand));
    }
    made.emplace(node.get(), on_operands(base, operands));
  }
  for (ExprPtr& root : roots) root = made.at(root.get());
  return roots;
}

}  // namespace plait
