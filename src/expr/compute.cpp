// Running a plan: optimize, build the graph, run it, put the blocks together.
#include <fmt/format.h>

#include <unordered_map>

#include "expr/fused.h"
#include "expr/plan.h"
#include "expr/task_table.h"
#include "runtime/machine.h"

namespace plait {
namespace {

std::vector<Repair>& repairs() {
  static auto* list = new std::vector<Repair>;
  return *list;
}

std::optional<Roots> repair(const Fault& fault, const Roots& roots) {
  for (const Repair& mend : repairs()) {
    if (auto mended = mend(fault, roots)) return mended;
  }
  return std::nullopt;
}

// A place in the final result for every output, where roots know theirs; empty if none does.
std::vector<NdArray> destinations_of(const Roots& roots) {
  std::vector<std::vector<NdArray>> of_root;
  bool any = false;
  for (const ExprPtr& root : roots) {
    of_root.push_back(root->meta().destinations());
    any |= !of_root.back().empty();
  }
  std::vector<NdArray> all;
  for (std::size_t i = 0; any && i < roots.size(); ++i) {
    std::vector<NdArray>& places = of_root[i];
    const auto num_blocks = static_cast<std::size_t>(roots[i]->meta().num_blocks());
    PLAIT_CHECK(places.empty() || places.size() == num_blocks);
    if (places.empty()) places = std::vector<NdArray>(num_blocks);  // 0-d: no chunk takes it for its own
    all.insert(all.end(), std::make_move_iterator(places.begin()), std::make_move_iterator(places.end()));
  }
  return all;
}

struct RootBlocks {
  Roots roots;                             // as run: repaired where that was needed
  std::vector<std::vector<Value>> blocks;  // of every root
};

// Equal roots run once: returns the distinct ones, and for every root which of them it is.
std::pair<Roots, std::vector<std::size_t>> distinct(const Roots& roots) {
  Roots unique;
  std::vector<std::size_t> place;
  std::unordered_map<Token, std::size_t> seen;
  for (const ExprPtr& root : roots) {
    const auto [entry, is_new] = seen.emplace(root->token(), unique.size());
    if (is_new) unique.push_back(root);
    place.push_back(entry->second);
  }
  return {std::move(unique), std::move(place)};
}

std::vector<Value> run_graph(const Roots& lowered, const ComputeOptions& options, bool assembled) {
  Executor& executor = executor_of(options);
  RunOptions run = options.run;
  if (assembled && executor.shares_memory()) run.destinations = destinations_of(lowered);
  const auto graph = std::make_shared<const Graph>(build_graph(lowered, run.poll));
  return assembled ? executor.run(graph, std::move(run)) : executor.run_in_place(graph, std::move(run));
}

RootBlocks run_roots(Roots roots, const ComputeOptions& options, bool assembled) {
  const BudgetScope budget(options.run.memory_budget_bytes);
  std::vector<Value> outputs;
  Roots lowered;
  for (bool done = false; !done;) {
    lowered = options.optimize ? optimize(roots) : lower_only(roots);
    try {
      outputs = run_graph(lowered, options, assembled);
      done = true;
    } catch (const TaskError& failure) {
      auto mended = repair(failure.fault, roots);
      if (!mended) throw;
      roots = std::move(*mended);
    }
  }
  RootBlocks result{std::move(lowered), {}};
  auto next = outputs.begin();
  for (const ExprPtr& root : result.roots) {
    const auto num_blocks = root->meta().num_blocks();
    result.blocks.emplace_back(std::make_move_iterator(next), std::make_move_iterator(next + num_blocks));
    next += num_blocks;
  }
  return result;
}

}  // namespace

Executor& executor_of(const ComputeOptions& options) {
  return options.executor ? *options.executor : executor_named(options.scheduler);
}

void register_repair(Repair mend) { repairs().push_back(std::move(mend)); }

std::vector<Value> compute(const Roots& roots, const ComputeOptions& options) {
  auto [unique, place] = distinct(roots);
  RootBlocks run = run_roots(std::move(unique), options, true);
  std::vector<Value> values;
  for (std::size_t i = 0; i < run.roots.size(); ++i)
    values.push_back(run.roots[i]->meta().assemble(std::move(run.blocks[i])));
  std::vector<Value> result;
  for (std::size_t i : place) result.push_back(values[i]);
  return result;
}

Roots persist(const Roots& roots, const ComputeOptions& options) {
  auto [unique, place] = distinct(roots);
  const Roots asked = unique;
  RootBlocks run = run_roots(std::move(unique), options, false);
  Roots kept;
  for (std::size_t i = 0; i < run.roots.size(); ++i) {
    kept.push_back(blocks_expr(run.roots[i]->meta_ptr(), std::move(run.blocks[i]), asked[i]->token(),
                               std::string(asked[i]->op())));
  }
  Roots result;
  for (std::size_t i : place) result.push_back(kept[i]);
  return result;
}

Roots run_plan(const Roots& roots, const ComputeOptions& options) {
  return run_roots(distinct(roots).first, options, false).roots;
}

void register_expr_kernels() {
  register_fused_kernel();
  register_task_tables();
}

}  // namespace plait
