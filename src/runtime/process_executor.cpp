#include "runtime/process_executor.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <unordered_map>

#include "base/function.h"
#include "runtime/process_runner.h"

namespace plait {
namespace {

// Asking a process costs more than asking a thread, so it gets more at once.
constexpr std::uint64_t kMaxBatchNs = 2'000'000;
// A worker ends its child long before, unless the machine is very busy: no child is to be left behind.
constexpr auto kTimeToStop = std::chrono::seconds(1);

// Every value in shared memory holds a descriptor.
void allow_many_descriptors() {
  rlimit limit;
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

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
  register_value_type(value_type<Parcel>());
  allow_many_descriptors();
}

std::vector<Value> ProcessExecutor::run(std::shared_ptr<const Graph> graph, RunOptions options) {
  if (graph->size() == 0) return {};
  require_that_functions_can_travel(*graph);
  options.destinations.clear();
  const int num_workers =
      static_cast<int>(std::min<std::size_t>(static_cast<std::size_t>(num_workers_of(options)), graph->size()));
  const auto run = std::make_shared<RunContext>(std::move(graph), std::move(options));
  std::vector<Value> outputs = run->observed(num_workers, [&] {
    run_with_workers(run, {.num_workers = num_workers, .max_batch_ns = kMaxBatchNs, .time_to_stop = kTimeToStop},
                     make_batch_runner<ProcessRunner>);
  });
  for (Value& output : outputs) {
    if (run->options.poll) run->options.poll();
    output = output.as<Parcel>().value();
  }
  return outputs;
}

}  // namespace plait
