// A million tasks that do nothing, on Plait's threads: `noop_plait <tasks>` prints seconds and tasks run.
//
// The time holds making the graph and running it. Every task's value is asked for, so that none can be left out.
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "graph/graph.h"
#include "runtime/executor.h"

namespace {

using namespace plait;

const Kernel* no_op() {
  static const Value nothing = Value::of(NdArray::scalar(true));
  static const Kernel* kernel =
      register_kernel(make_kernel("no_op", "Does nothing.", [](Inputs, const TaskContext&) { return nothing; }));
  return kernel;
}

std::size_t run_no_ops(int num_tasks) {
  Graph graph;
  graph.reserve(static_cast<std::size_t>(num_tasks), 0);
  const LayerId layer = graph.add_layer({.name = "no-op", .op = "no_op", .grid = {num_tasks}});
  for (int i = 0; i < num_tasks; ++i) {
    graph.add_output(graph.add_task(no_op(), nullptr, {}, layer, static_cast<std::uint32_t>(i)));
  }
  std::size_t num_run = 0;
  for (const Value& value : executor_named("threads").run(graph, {})) num_run += value.as<NdArray>().item<bool>();
  return num_run;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  register_base_value_types();
  register_graph_kernels();
  const int num_tasks = std::atoi(argv[1]);
  run_no_ops(num_tasks);  // The threads exist now, and the memory.
  const auto start = std::chrono::steady_clock::now();
  const std::size_t num_run = run_no_ops(num_tasks);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("{\"seconds\": %.9f, \"answer\": %zu}\n", seconds, num_run);
}
