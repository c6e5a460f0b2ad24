// The list of passes, and the three that belong to no collection: simplify, lower, fuse.
#include <algorithm>

#include "expr/fused.h"
#include "expr/plan.h"
#include "plait/config.h"

namespace plait {
namespace {

// Applies one rule to every node until it has nothing left to say: a node that the rule made is asked again, and so are
// the nodes below it. The rule sees a node before its operands are rewritten (`before`) or after.
class Rewriter {
 public:
  using Rule = ExprPtr (Expr::*)() const;
  enum class Order { before_operands, after_operands };

  Rewriter(Rule rule, Order order) : rule_(rule), order_(order) {}

  Roots run(const Roots& roots) {
    Roots result;
    for (const ExprPtr& root : roots) result.push_back(visit(root));
    return result;
  }

 private:
  ExprPtr visit(const ExprPtr& node) {
    const auto seen = done_.find(node->token());
    if (seen != done_.end()) return seen->second;
    ExprPtr result = order_ == Order::before_operands ? top_down(node) : bottom_up(node);
    done_.emplace(node->token(), result);
    done_.emplace(result->token(), result);
    return result;
  }

  ExprPtr top_down(const ExprPtr& node) {
    if (ExprPtr better = apply(node)) return visit(better);
    return visit_operands(node);
  }

  ExprPtr bottom_up(const ExprPtr& node) {
    ExprPtr renewed = visit_operands(node);
    if (ExprPtr better = apply(renewed)) return visit(better);
    return renewed;
  }

  ExprPtr apply(const ExprPtr& node) {
    SourceScope scope(node->source());
    return ((*node).*rule_)();
  }

  ExprPtr visit_operands(const ExprPtr& node) {
    std::vector<ExprPtr> operands;
    for (const ExprPtr& operand : node->operands()) operands.push_back(visit(operand));
    return on_operands(node, operands);
  }

  Rule rule_;
  Order order_;
  std::unordered_map<Token, ExprPtr> done_;
};

Roots simplify(Roots roots) { return Rewriter(&Expr::simplify, Rewriter::Order::after_operands).run(roots); }
Roots lower(Roots roots) { return Rewriter(&Expr::lower, Rewriter::Order::before_operands).run(roots); }

std::unordered_map<const Expr*, int> count_consumers(const Roots& roots) {
  std::unordered_map<const Expr*, int> consumers;
  for (const ExprPtr& root : roots) ++consumers[root.get()];
  for (const ExprPtr& node : nodes_of(roots)) {
    std::vector<ExprPtr> operands = node->operands();
    std::sort(operands.begin(), operands.end());
    operands.erase(std::unique(operands.begin(), operands.end()), operands.end());
    for (const ExprPtr& operand : operands) ++consumers[operand.get()];
  }
  return consumers;
}

using Join = ExprPtr (*)(const ExprPtr& consumer, std::size_t operand, const ExprPtr& producer);

// One operand of `node` joined with it, or null if none can be.
ExprPtr join_one_operand(const ExprPtr& node, const std::unordered_map<const Expr*, int>& consumers, Join join) {
  const std::vector<ExprPtr> operands = node->operands();
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const ExprPtr& producer = operands[i];
    const auto count = consumers.find(producer.get());
    const bool is_private = count != consumers.end() && count->second == 1;
    if (!is_private && !producer->is_cheap()) continue;
    if (ExprPtr joined = join(node, i, producer)) return joined;
  }
  return nullptr;
}

// Sweeps until nothing changes: joining two nodes can leave a third with a single consumer.
Roots join_operands(Roots roots, Join join) {
  for (bool changed = true; changed;) {
    changed = false;
    const auto consumers = count_consumers(roots);
    roots = rewrite(roots, [&](const ExprPtr& node) {
      ExprPtr current = node;
      while (ExprPtr joined = join_one_operand(current, consumers, join)) {
        current = joined;
        changed = true;
      }
      return current;
    });
  }
  return roots;
}

// What can become one operation does so first: kernels that merely run one after the other still hand each other whole
// blocks, and cannot be joined more closely afterwards.
Roots fuse(Roots roots) {
  roots = join_operands(std::move(roots), [](const ExprPtr& consumer, std::size_t operand, const ExprPtr& producer) {
    return consumer->absorb(operand, producer);
  });
  return join_operands(std::move(roots), fuse_blockwise);
}

std::vector<Pass>& mutable_passes() {
  static auto* list = new std::vector<Pass>{
      {"simplify", "Replaces operations by cheaper ones of the same meaning.", simplify, true},
      {"lower", "Says every operation in terms of blocks.", lower, false},
      {"fuse", "Joins chains of one-block-to-one-block work into one task.", fuse, true},
  };
  return *list;
}

}  // namespace

const std::vector<Pass>& passes() { return mutable_passes(); }

void register_pass(Pass pass, const std::string& before) {
  auto& list = mutable_passes();
  const auto place = std::find_if(list.begin(), list.end(), [&](const Pass& p) { return p.name == before; });
  PLAIT_CHECK(place != list.end());
  list.insert(place, std::move(pass));
}

bool is_enabled(const Pass& pass) { return !pass.is_optional || config::get_bool("optimization." + pass.name, true); }

Roots optimize(Roots roots) {
  for (const Pass& pass : passes()) {
    if (is_enabled(pass)) roots = pass.run(std::move(roots));
  }
  return roots;
}

Roots lower_only(Roots roots) {
  for (const Pass& pass : passes()) {
    if (!pass.is_optional) roots = pass.run(std::move(roots));
  }
  return roots;
}

}  // namespace plait
