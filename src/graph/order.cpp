#include <algorithm>

#include "graph/graph.h"

namespace plait {
namespace {

constexpr auto kUnranked = static_cast<std::uint32_t>(-1);

// Gives out ranks. When a value has been ranked and all that still need it could run at once, and together make no more
// than it weighs, they are ranked there and then: after them it can be forgotten. So a block is cut into its pieces, or taken by several
// reductions, before the next block is made.
class Ranking {
 public:
  explicit Ranking(const Graph& graph) : graph_(graph), ranks_(graph.size(), kUnranked) {
    if (!has_shared_value()) return;
    users_ = dependents(graph);
    missing_.assign(graph.size(), 0);
    for (TaskId id = 0; id < graph.size(); ++id) {
      for (TaskId user : users_.of(id)) ++missing_[user];
    }
    is_output_.assign(graph.size(), 0);
    for (TaskId output : graph.outputs()) is_output_[output] = 1;
  }

  bool has_rank(TaskId id) const { return ranks_[id] != kUnranked; }

  void rank(TaskId id) {
    ranks_[id] = next_++;
    if (missing_.empty()) return;
    ranked_.push_back(id);
    while (!ranked_.empty()) {
      const TaskId value = ranked_.back();
      ranked_.pop_back();
      for (TaskId user : users_.of(value)) --missing_[user];
      if (!is_worth_forgetting(value)) continue;
      for (TaskId user : users_.of(value)) {
        if (has_rank(user)) continue;
        ranks_[user] = next_++;
        ranked_.push_back(user);
      }
    }
  }

  std::vector<std::uint32_t> take() { return std::move(ranks_); }

 private:
  // Whether any value of known size is needed more than once: otherwise there is nothing to decide.
  bool has_shared_value() const {
    std::vector<std::uint8_t> is_used(graph_.size(), 0);
    for (TaskId id = 0; id < graph_.size(); ++id) {
      for (TaskId input : graph_.inputs(id)) {
        if (is_used[input] && graph_.task(input).output_bytes > 0) return true;
        is_used[input] = 1;
      }
    }
    return false;
  }

  bool is_worth_forgetting(TaskId value) const {
    const std::uint64_t weight = graph_.task(value).output_bytes;
    // What the graph holds itself is not freed.
    if (weight == 0 || is_output_[value] || graph_.task(value).kernel == literal_kernel()) return false;
    std::uint64_t made = 0;
    for (TaskId user : users_.of(value)) {
      if (has_rank(user)) continue;
      made += graph_.task(user).output_bytes;
      if (missing_[user] > 0 || graph_.task(user).output_bytes == 0 || made > weight) return false;
    }
    return true;
  }

  const Graph& graph_;
  std::vector<std::uint32_t> ranks_;
  std::uint32_t next_ = 0;
  Dependents users_;
  std::vector<std::uint32_t> missing_;  // inputs without a rank; empty if nothing is shared
  std::vector<std::uint8_t> is_output_;
  std::vector<TaskId> ranked_;
};

// The longest chain of inputs below each task.
std::vector<std::uint32_t> depths(const Graph& graph) {
  std::vector<std::uint32_t> depth(graph.size(), 0);
  for (TaskId id = 0; id < graph.size(); ++id) {
    for (TaskId input : graph.inputs(id)) depth[id] = std::max(depth[id], depth[input] + 1);
  }
  return depth;
}

}  // namespace

// A task is ranked when everything that it needs has been ranked: walking down from the outputs and finishing one input
// before the next begins keeps few values alive. Of a task's inputs the one that needs most work goes first, so that the
// small ones need not wait in memory.
std::vector<std::uint32_t> order(const Graph& graph) {
  const std::vector<std::uint32_t> depth = depths(graph);
  Ranking ranking(graph);
  std::vector<std::uint8_t> entered(graph.size(), 0);
  std::vector<TaskId> stack;
  std::vector<TaskId> waiting;
  auto walk_from = [&](TaskId root) {
    stack.push_back(root);
    while (!stack.empty()) {
      const TaskId id = stack.back();
      if (ranking.has_rank(id)) {
        stack.pop_back();
      } else if (entered[id] || graph.inputs(id).empty()) {
        stack.pop_back();
        ranking.rank(id);
      } else {
        entered[id] = 1;
        waiting.clear();
        for (TaskId input : graph.inputs(id)) {
          if (!ranking.has_rank(input)) waiting.push_back(input);
        }
        // The last pushed is walked first: the deepest, and of equals the one that was given first.
        std::reverse(waiting.begin(), waiting.end());
        std::stable_sort(waiting.begin(), waiting.end(), [&](TaskId a, TaskId b) { return depth[a] < depth[b]; });
        stack.insert(stack.end(), waiting.begin(), waiting.end());
      }
    }
  };
  for (TaskId output : graph.outputs()) walk_from(output);
  for (TaskId id = 0; id < graph.size(); ++id) {
    if (!ranking.has_rank(id)) walk_from(id);
  }
  return ranking.take();
}

}  // namespace plait
