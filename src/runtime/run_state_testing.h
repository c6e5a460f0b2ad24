// What tests of RunState share: graphs of tasks that nobody runs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/function.h"
#include "graph/graph.h"

namespace plait::testing_run_state {

inline KernelCall any_call() {
  register_graph_kernels();
  return call_kernel(Function());
}

// Tasks by their inputs, one layer each: graph_of({{}, {0}, {0, 1}}).
struct SimTask {
  std::vector<TaskId> inputs;
  std::uint64_t declared_bytes = 0;
};
inline Graph graph_of(const std::vector<SimTask>& tasks, const std::vector<TaskId>& outputs) {
  Graph graph;
  const KernelCall call = any_call();
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const LayerId layer = graph.add_layer({.name = "t" + std::to_string(i), .op = "t"});
    graph.add_task(call, tasks[i].inputs, layer, 0, tasks[i].declared_bytes);
  }
  for (TaskId output : outputs) graph.add_output(output);
  return graph;
}

}  // namespace plait::testing_run_state
