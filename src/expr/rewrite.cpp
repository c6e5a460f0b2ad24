#include "expr/rewrite.h"

#include <unordered_set>

namespace plait {

namespace {

using Below = std::vector<ExprPtr> (Expr::*)() const;

std::vector<ExprPtr> sorted_by(Below below, const std::vector<ExprPtr>& roots) {
  std::vector<ExprPtr> sorted;
  std::unordered_set<const Expr*> done;
  // A node is pushed a second time, marked, to come after those below it.
  std::vector<std::pair<ExprPtr, bool>> stack;
  for (auto root = roots.rbegin(); root != roots.rend(); ++root) stack.emplace_back(*root, false);
  while (!stack.empty()) {
    auto [node, below_done] = std::move(stack.back());
    stack.pop_back();
    if (done.contains(node.get())) continue;
    if (below_done) {
      done.insert(node.get());
      sorted.push_back(std::move(node));
      continue;
    }
    const std::vector<ExprPtr> nodes = ((*node).*below)();
    stack.emplace_back(std::move(node), true);
    for (auto next = nodes.rbegin(); next != nodes.rend(); ++next) {
      if (!done.contains(next->get())) stack.emplace_back(*next, false);
    }
  }
  return sorted;
}

}  // namespace

std::vector<ExprPtr> nodes_of(const std::vector<ExprPtr>& roots) { return sorted_by(&Expr::operands, roots); }
std::vector<ExprPtr> with_children(const std::vector<ExprPtr>& roots) { return sorted_by(&Expr::children, roots); }

ExprPtr on_operands(const ExprPtr& expr, const std::vector<ExprPtr>& operands) {
  return expr->operands() == operands ? expr : expr->with_operands(operands);
}

std::vector<ExprPtr> rewrite(const std::vector<ExprPtr>& roots, const std::function<ExprPtr(const ExprPtr&)>& f) {
  Interner interner;
  std::unordered_map<const Expr*, ExprPtr> rewritten;
  for (const ExprPtr& node : nodes_of(roots)) {
    std::vector<ExprPtr> operands;
    for (const ExprPtr& operand : node->operands()) operands.push_back(rewritten.at(operand.get()));
    rewritten[node.get()] = interner.intern(f(on_operands(node, operands)));
  }
  std::vector<ExprPtr> result;
  for (const ExprPtr& root : roots) result.push_back(rewritten.at(root.get()));
  return result;
}

std::vector<ExprPtr> with_replaced(const std::vector<ExprPtr>& roots,
                                   const std::unordered_map<const Expr*, ExprPtr>& replaced) {
  std::unordered_map<const Expr*, ExprPtr> done;
  std::vector<ExprPtr> waiting = roots;
  while (!waiting.empty()) {
    const ExprPtr node = waiting.back();
    if (done.contains(node.get())) {
      waiting.pop_back();
      continue;
    }
    const auto found = replaced.find(node.get());
    const ExprPtr& base = found == replaced.end() ? node : found->second;
    const std::vector<ExprPtr> old_operands = base->operands();
    std::vector<ExprPtr> operands;
    for (const ExprPtr& operand : old_operands) {
      const auto renewed = done.find(operand.get());
      if (renewed == done.end())
        waiting.push_back(operand);
      else
        operands.push_back(renewed->second);
    }
    if (operands.size() == old_operands.size()) done.emplace(node.get(), on_operands(base, operands));
  }
  std::vector<ExprPtr> result;
  for (const ExprPtr& root : roots) result.push_back(done.at(root.get()));
  return result;
}

}  // namespace plait
