// The list of passes, and the three that belong to no collection: simplify, lower, fuse.
#include <algorithm>

#include "base/settings.h"
#include "expr/fused.h"
#include "expr/plan.h"

namespace plait {
namespace {

// Applies one rule to every node until it has nothing left to say: a node that the rule made is asked again, and so are
// the nodes below it. The rule sees a node before its operands are rewritten (`before`) or after. Nodes wait on a stack
// of our own, for a chain may be longer than the thread's.
class Rewriter {
 public:
  using Rule = ExprPtr (Expr::*)() const;
  enum class Order { before_operands, after_operands };

  Rewriter(Rule rule, Order order) : rule_(rule), order_(order) {}

  Roots run(const Roots& roots) {
    Roots result;
    for (const ExprPtr& root : roots) {
      visit(root);
      result.push_back(done(root));
    }
    return result;
  }

 private:
  struct Visit {
    ExprPtr node;
    bool is_entered = false;
    ExprPtr better;  // what the rule made of it: its result is the node's
  };

  void visit(const ExprPtr& root) {
    waiting_.push_back({root});
    while (!waiting_.empty()) {
      Visit& top = waiting_.back();
      if (done_.contains(top.node->token())) {
        waiting_.pop_back();
      } else if (top.better) {
        finish(done(top.better));
      } else if (!top.is_entered) {
        enter(top);
      } else {
        leave(top);
      }
    }
  }

  void enter(Visit& top) {
    top.is_entered = true;
    if (order_ == Order::before_operands && apply(top, top.node)) return;
    const std::vector<ExprPtr> operands = top.node->operands();
    for (auto operand = operands.rbegin(); operand != operands.rend(); ++operand) {
      if (!done_.contains((*operand)->token())) waiting_.push_back({*operand});
    }
  }

  void leave(Visit& top) {
    std::vector<ExprPtr> operands;
    for (const ExprPtr& operand : top.node->operands()) operands.push_back(done(operand));
    ExprPtr renewed = on_operands(top.node, operands);
    if (order_ == Order::after_operands && apply(top, renewed)) return;
    finish(std::move(renewed));
  }

  // Whether the rule makes something better of `node`, which is then visited first.
  bool apply(Visit& top, const ExprPtr& node) {
    SourceScope scope(node->source());
    ExprPtr better = ((*node).*rule_)();
    if (!better) return false;
    top.better = better;
    waiting_.push_back({std::move(better)});
    return true;
  }

  void finish(ExprPtr result) {
    done_.emplace(waiting_.back().node->token(), result);
    const Token token = result->token();
    done_.emplace(token, std::move(result));
    waiting_.pop_back();
  }

  const ExprPtr& done(const ExprPtr& node) const { return done_.at(node->token()); }

  Rule rule_;
  Order order_;
  std::vector<Visit> waiting_;
  std::unordered_map<Token, ExprPtr> done_;
};

Roots simplify(Roots roots) { return Rewriter(&Expr::simplify, Rewriter::Order::after_operands).run(roots); }
Roots lower(Roots roots) { return Rewriter(&Expr::lower, Rewriter::Order::before_operands).run(roots); }

std::vector<ExprPtr> distinct_operands(const Expr& node) {
  std::vector<ExprPtr> operands = node.operands();
  std::sort(operands.begin(), operands.end());
  operands.erase(std::unique(operands.begin(), operands.end()), operands.end());
  return operands;
}

using Join = ExprPtr (*)(const ExprPtr& consumer, std::size_t operand, const ExprPtr& producer);

// Joins nodes with the producers of their operands, from the operands up, and keeps count of every node's consumers
// meanwhile: a node that has become part of its consumer leaves what it took with one consumer less.
class Joiner {
 public:
  explicit Joiner(Join join) : join_(join) {}

  // Whether anything was joined.
  bool sweep(Roots& roots) {
    const std::vector<ExprPtr> nodes = nodes_of(roots);
    count_consumers(roots, nodes);
    bool changed = false;
    for (const ExprPtr& node : nodes) {
      std::vector<ExprPtr> operands;
      for (const ExprPtr& operand : node->operands()) operands.push_back(made_.at(operand.get()));
      ExprPtr current = on_operands(node, operands);
      while (ExprPtr next = join_one_operand(current)) {
        current = std::move(next);
        changed = true;
      }
      const int num_consumers = consumers_[node.get()];
      consumers_[current.get()] = num_consumers;
      made_of_[current.get()] = node.get();
      made_.emplace(node.get(), std::move(current));
    }
    for (ExprPtr& root : roots) root = made_.at(root.get());
    made_.clear();
    return changed;
  }

 private:
  void count_consumers(const Roots& roots, const std::vector<ExprPtr>& nodes) {
    consumers_.clear();
    for (const ExprPtr& root : roots) ++consumers_[root.get()];
    for (const ExprPtr& node : nodes) {
      for (const ExprPtr& operand : distinct_operands(*node)) ++consumers_[operand.get()];
    }
  }

  // One operand of `node` joined with it, or null if none can be.
  ExprPtr join_one_operand(const ExprPtr& node) {
    const std::vector<ExprPtr> operands = node->operands();
    for (std::size_t i = 0; i < operands.size(); ++i) {
      const ExprPtr& producer = operands[i];
      if (consumers_[producer.get()] != 1 && !producer->is_cheap()) continue;
      if (ExprPtr joined = join_(node, i, producer)) {
        move_consumers(*node, *producer, *joined);
        return joined;
      }
    }
    return nullptr;
  }

  // `joined` stands for `node` now, and no longer takes `producer`.
  void move_consumers(const Expr& node, const Expr& producer, const Expr& joined) {
    for (const ExprPtr& operand : distinct_operands(joined)) ++consumers_[operand.get()];
    for (const ExprPtr& operand : distinct_operands(node)) --consumers_[operand.get()];
    if (consumers_[&producer] > 0) return;
    for (const ExprPtr& operand : distinct_operands(producer)) --consumers_[operand.get()];
    // Kept, all the beginnings of a long chain would take the square of its memory.
    made_.erase(made_of_[&producer]);
  }

  Join join_;
  std::unordered_map<const Expr*, int> consumers_;
  std::unordered_map<const Expr*, ExprPtr> made_;  // by the node that it stands for
  std::unordered_map<const Expr*, const Expr*> made_of_;
};

// Sweeps until nothing changes: what is joined last can leave a node that was seen before with a single consumer.
Roots join_operands(Roots roots, Join join) {
  for (Joiner joiner(join); joiner.sweep(roots);) {
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

std::string switch_of(const Pass& pass) { return "optimization." + pass.name; }

void declare_switch(const Pass& pass) {
  if (pass.is_optional)
    config::declare({switch_of(pass), "true", "whether this pass of the optimizer runs: " + pass.doc});
}

std::vector<Pass>& mutable_passes() {
  static auto* list = [] {
    auto* first = new std::vector<Pass>{
        {"simplify", "Replaces operations by cheaper ones of the same meaning.", simplify, true},
        {"lower", "Says every operation in terms of blocks.", lower, false},
        {"fuse", "Joins chains of one-block-to-one-block work into one task.", fuse, true},
    };
    std::for_each(first->begin(), first->end(), declare_switch);
    return first;
  }();
  return *list;
}

}  // namespace

const std::vector<Pass>& passes() { return mutable_passes(); }

void register_pass(Pass pass, const std::string& before) {
  auto& list = mutable_passes();
  const auto place = std::find_if(list.begin(), list.end(), [&](const Pass& p) { return p.name == before; });
  PLAIT_CHECK(place != list.end());
  declare_switch(*list.insert(place, std::move(pass)));
}

bool is_enabled(const Pass& pass) { return !pass.is_optional || config::get_bool(switch_of(pass), true); }

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
