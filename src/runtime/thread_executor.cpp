#include "runtime/thread_executor.h"

#include <algorithm>

#include "runtime/task_runner.h"

namespace plait {

std::vector<Value> ThreadExecutor::run(const Graph& graph, const RunOptions& options) {
  if (graph.size() == 0) return {};
  const int num_workers =
      static_cast<int>(std::min<std::size_t>(static_cast<std::size_t>(num_workers_of(options)), graph.size()));
  RunContext run(graph, options);
  run.observers.tell([&](Observer& observer) { observer.run_started(graph, num_workers); });
  try {
    run_with_workers(run, {.num_workers = num_workers},
                     [&](int worker) { return std::make_unique<TaskRunner>(run, worker); });
  } catch (...) {
    run.observers.tell([](Observer& observer) { observer.run_finished(true); });
    throw;
  }
  run.observers.tell([](Observer& observer) { observer.run_finished(false); });
  return run.take_outputs();
}

}  // namespace plait
