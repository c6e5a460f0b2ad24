#include "runtime/thread_executor.h"

#include <algorithm>

#include "runtime/task_runner.h"

namespace plait {

std::vector<Value> ThreadExecutor::run(std::shared_ptr<const Graph> graph, RunOptions options) {
  if (graph->size() == 0) return {};
  const int num_workers =
      static_cast<int>(std::min<std::size_t>(static_cast<std::size_t>(num_workers_of(options)), graph->size()));
  const auto run = std::make_shared<RunContext>(std::move(graph), std::move(options));
  return run->observed(num_workers,
                       [&] { run_with_workers(run, {.num_workers = num_workers}, make_batch_runner<TaskRunner>); });
}

}  // namespace plait
