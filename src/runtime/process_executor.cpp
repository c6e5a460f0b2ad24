#include "runtime/process_executor.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/function.h"
#include "runtime/open_files.h"
#include "runtime/process_runner.h"
#include "runtime/worker_run.h"

namespace plait {
namespace {

// Asking a process costs more than asking a thread, so it gets more at once.
constexpr std::uint64_t kMaxBatchNs = 2'000'000;
// What allocators of all children may keep for later is this part of the budget.
constexpr std::uint64_t kUnusedShare = 8;
constexpr std::uint64_t kMaxUnusedBytes = std::uint64_t{256} << 20;
// A worker ends its child long before, unless the machine is very busy: no child is to be left behind.
constexpr auto kTimeToStop = std::chrono::seconds(1);

// Before anything runs: a function without a name cannot be sent to a child.
void require_that_functions_can_travel(const Graph& graph) {
  for (TaskId id = 0; id < graph.size(); ++id) {
    const Function* function = call_kernel.params_of(graph.call_of(id));
    if (!function || function->is_registered()) continue;
    throw type_error(
        fmt::format("the function '{}' of task {} exists in this process only, so the scheduler 'processes' cannot run "
                    "it: register it by name, or use the scheduler 'threads'",
                    function->name(), graph.key(id)));
  }
}

}  // namespace

ProcessExecutor::ProcessExecutor() {
  register_parcels();
  allow_many_open_files();
}

RunPtr ProcessExecutor::submit(std::shared_ptr<const Graph> graph, RunOptions options) {
  require_that_functions_can_travel(*graph);
  options.destinations.clear();
  const int num_workers = num_workers_for(*graph, options);
  auto context = std::make_shared<RunContext>(std::move(graph), std::move(options), true);
  const std::uint64_t max_unused = std::min(kMaxUnusedBytes, context->state.budget_bytes() / kUnusedShare /
                                                                 static_cast<std::uint64_t>(std::max(1, num_workers)));
  const auto shared = std::make_shared<ProcessRun>(context->graph, max_unused);
  return start_workers(std::move(context),
                       {.num_workers = num_workers, .max_batch_ns = kMaxBatchNs, .time_to_stop = kTimeToStop},
                       [shared](RunContext& run, int worker) -> std::unique_ptr<BatchRunner> {
                         return std::make_unique<ProcessRunner>(run, shared, worker);
                       });
}

}  // namespace plait
