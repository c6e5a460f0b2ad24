// The drivers that take a plan from what the user wrote to values: simplify, lower, fuse, build the graph, run it.
//
// Passes form one flat, named list; each can be switched off by the setting optimization.<name> (lower cannot).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "expr/expr.h"
#include "expr/rewrite.h"
#include "graph/graph.h"
#include "runtime/executor.h"

namespace plait {

using Roots = std::vector<ExprPtr>;

struct Pass {
  std::string name;
  std::string doc;
  std::function<Roots(Roots)> run;
  bool is_optional = true;
};

// In the order in which they run. A collection adds its own with register_pass, at start-up.
const std::vector<Pass>& passes();
// Puts `pass` before the pass named `before`.
void register_pass(Pass pass, const std::string& before);

bool is_enabled(const Pass& pass);

// Every pass over all roots together, so that they share their common work.
Roots optimize(Roots roots);
// Only what is needed to run: no optional pass.
Roots lower_only(Roots roots);

// The tasks of lowered roots, with the blocks of every root as outputs, root after root; only blocks that are needed.
// `poll` is called now and then; what it throws goes through.
Graph build_graph(const Roots& lowered, const std::function<void()>& poll = nullptr);

struct ComputeOptions {
  std::string scheduler;                         // empty: the setting scheduler, by default threads
  std::shared_ptr<Executor> executor = nullptr;  // one without a name, in place of `scheduler`
  RunOptions run;
  bool optimize = true;
};

Executor& executor_of(const ComputeOptions& options);

// One value a root, assembled from its blocks. Every root's shared work runs once.
std::vector<Value> compute(const Roots& roots, const ComputeOptions& options = {});
// The same nodes with their blocks kept in memory.
Roots persist(const Roots& roots, const ComputeOptions& options = {});
// Runs a plan for those who observe it, and gives back the optimized plan that ran.
Roots run_plan(const Roots& roots, const ComputeOptions& options);
// The plan before and after each pass that changed it, as trees.
std::string explain(const Roots& roots);
// The optimized plan after a run, each step with its tasks, rows, bytes and time.
std::string analyze(const Roots& roots, const ComputeOptions& options = {});
// A plan as a tree. `note` adds what it likes to the line of a node.
std::string tree_text(const Roots& roots, const std::function<std::string(const Expr&)>& note = nullptr);

// A task failed because the plan had guessed wrong of the data (a CSV column turned out wider than its sample):
// `repair` may give mended roots, which then run instead. It goes by the fault's detail, never by a text. Registered at
// start-up.
using Repair = std::function<std::optional<Roots>(const Fault& fault, const Roots& roots)>;
void register_repair(Repair repair);

// A collection's blocks that are already there.
ExprPtr blocks_expr(MetaPtr meta, std::vector<Value> blocks, Token token, std::string op);

// The kernel of operations fused by the generic rule: registered by register_expr_kernels.
void register_expr_kernels();

}  // namespace plait
