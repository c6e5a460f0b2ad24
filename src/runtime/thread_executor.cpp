#include "runtime/thread_executor.h"

#include "runtime/task_runner.h"
#include "runtime/worker_run.h"

namespace plait {

RunPtr ThreadExecutor::submit(std::shared_ptr<const Graph> graph, RunOptions options) {
  const int num_workers = num_workers_for(*graph, options);
  return start_workers(std::make_shared<RunContext>(std::move(graph), std::move(options)), {.num_workers = num_workers},
                       make_batch_runner<TaskRunner>);
}

}  // namespace plait
