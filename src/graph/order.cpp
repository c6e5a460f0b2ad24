#include <algorithm>

#include "graph/graph.h"

namespace plait {

// A task is ranked when everything that it needs has been ranked: walking down from the outputs and finishing one input
// before the next begins keeps few values alive. Of a task's inputs the one that needs most work goes first, so that the
// small ones need not wait in memory.
std::vector<std::uint32_t> order(const Graph& graph) {
  const std::size_t size = graph.size();
  std::vector<std::uint32_t> depth(size, 0);  // longest chain of inputs below
  for (TaskId id = 0; id < size; ++id) {
    for (TaskId input : graph.inputs(id)) depth[id] = std::max(depth[id], depth[input] + 1);
  }

  constexpr auto kUnranked = static_cast<std::uint32_t>(-1);
  std::vector<std::uint32_t> rank(size, kUnranked);
  std::uint32_t next_rank = 0;
  std::vector<std::uint8_t> entered(size, 0);
  std::vector<TaskId> stack;
  std::vector<TaskId> waiting;
  auto walk_from = [&](TaskId root) {
    stack.push_back(root);
    while (!stack.empty()) {
      const TaskId id = stack.back();
      if (rank[id] != kUnranked) {
        stack.pop_back();
      } else if (entered[id] || graph.inputs(id).empty()) {
        rank[id] = next_rank++;
        stack.pop_back();
      } else {
        entered[id] = 1;
        waiting.clear();
        for (TaskId input : graph.inputs(id)) {
          if (rank[input] == kUnranked) waiting.push_back(input);
        }
        // The last pushed is walked first.
        std::stable_sort(waiting.begin(), waiting.end(), [&](TaskId a, TaskId b) { return depth[a] < depth[b]; });
        // Equals keep the order in which they were given: reverse each run of equals.
        for (auto run = waiting.begin(); run != waiting.end();) {
          auto end = std::find_if(run, waiting.end(), [&](TaskId id2) { return depth[id2] != depth[*run]; });
          std::reverse(run, end);
          run = end;
        }
        stack.insert(stack.end(), waiting.begin(), waiting.end());
      }
    }
  };
  for (TaskId output : graph.outputs()) walk_from(output);
  for (TaskId id = 0; id < size; ++id) {
    if (rank[id] == kUnranked) walk_from(id);
  }
  return rank;
}

}  // namespace plait
