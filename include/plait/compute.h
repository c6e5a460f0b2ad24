// Computing lazy collections: compute, persist, visualize and explain for one or several at once.
//
// Collections that are computed in one call share their common work. A collection is a type with
//   std::shared_ptr<const Expr> expr() const;        the plan
//   using Computed = ...;                            what computing gives
//   static Computed computed(const Value&);          the same from the run's value
//   explicit C(std::shared_ptr<const Expr>);
// A failure is thrown as Error with the cause's own text first, then the task's key, the line that made the operation
// and the shapes of its inputs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "plait/export.h"

namespace plait {

class Expr;
class Value;

struct RunSettings {
  std::string scheduler;                  // "threads", "sync" or "processes"; empty: the setting scheduler
  int num_workers = 0;                    // 0: one a core
  std::uint64_t memory_budget_bytes = 0;  // 0: the setting memory-budget
  bool optimize = true;
  // Called now and then on the calling thread. What it throws ends the run and is rethrown.
  std::function<void()> poll;
};

namespace detail {

using Plans = std::vector<std::shared_ptr<const Expr>>;

PLAIT_API std::vector<std::shared_ptr<const Value>> compute_plans(const Plans& plans, const RunSettings& settings);
PLAIT_API Plans persist_plans(const Plans& plans, const RunSettings& settings);
PLAIT_API void visualize_plans(const Plans& plans, const std::string& filename, bool optimized);
PLAIT_API std::string explain_plans(const Plans& plans);
PLAIT_API std::string analyze_plans(const Plans& plans, const RunSettings& settings);

}  // namespace detail

template <class... Collections>
std::tuple<typename Collections::Computed...> compute_with(const RunSettings& settings,
                                                           const Collections&... collections) {
  const auto values = detail::compute_plans({collections.expr()...}, settings);
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return std::tuple<typename Collections::Computed...>(Collections::computed(*values[I])...);
  }(std::index_sequence_for<Collections...>{});
}

// auto [mean, total] = compute(x.mean(), x.sum());
template <class... Collections>
std::tuple<typename Collections::Computed...> compute(const Collections&... collections) {
  return compute_with(RunSettings{}, collections...);
}

// The same collections with their blocks kept in memory.
template <class... Collections>
std::tuple<Collections...> persist_with(const RunSettings& settings, const Collections&... collections) {
  const auto plans = detail::persist_plans({collections.expr()...}, settings);
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return std::tuple<Collections...>(Collections(plans[I])...);
  }(std::index_sequence_for<Collections...>{});
}

template <class... Collections>
std::tuple<Collections...> persist(const Collections&... collections) {
  return persist_with(RunSettings{}, collections...);
}

// Draws the task graph: the suffix of the file name (.png, .svg, .pdf, .dot) says how.
template <class... Collections>
void visualize(const std::string& filename, const Collections&... collections) {
  detail::visualize_plans({collections.expr()...}, filename, false);
}

// The plan before and after each pass of the optimizer.
template <class... Collections>
std::string explain(const Collections&... collections) {
  return detail::explain_plans({collections.expr()...});
}

// Runs the plan and says of each of its steps how many tasks it took, how many rows and bytes they made, and their
// time.
template <class... Collections>
std::string analyze_with(const RunSettings& settings, const Collections&... collections) {
  return detail::analyze_plans({collections.expr()...}, settings);
}

template <class... Collections>
std::string analyze(const Collections&... collections) {
  return analyze_with(RunSettings{}, collections...);
}

}  // namespace plait
