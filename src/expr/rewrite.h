// Walks over plans: every node once, and rewriting from the operands up.
#pragma once

#include <functional>
#include <unordered_map>
#include <vector>

#include "expr/expr.h"

namespace plait {

// Every node once, operands before their consumers.
std::vector<ExprPtr> nodes_of(const std::vector<ExprPtr>& roots);
// The same with the nodes that are parts of others (Expr::children): everything that a record of the plan holds.
std::vector<ExprPtr> with_children(const std::vector<ExprPtr>& roots);

// Keeps one node for every token, so that equal work is one node.
class Interner {
 public:
  ExprPtr intern(const ExprPtr& expr) { return by_token_.emplace(expr->token(), expr).first->second; }

 private:
  std::unordered_map<Token, ExprPtr> by_token_;
};

// `expr` on other operands; itself if they are the same.
ExprPtr on_operands(const ExprPtr& expr, const std::vector<ExprPtr>& operands);

// Applies f to every node, operands first; a node whose operands changed is made again on the new ones. f returns its
// argument to keep it.
std::vector<ExprPtr> rewrite(const std::vector<ExprPtr>& roots, const std::function<ExprPtr(const ExprPtr&)>& f);

// The plan with other nodes in the places of some. From the consumers down: what a replaced node was made of is needed
// no more; what stands for it may be made of nodes that are replaced in turn.
std::vector<ExprPtr> with_replaced(const std::vector<ExprPtr>& roots,
                                   const std::unordered_map<const Expr*, ExprPtr>& replaced);

}  // namespace plait
