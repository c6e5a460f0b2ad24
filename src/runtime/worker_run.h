// WorkerRun: the loop of a run whose tasks are run by several workers at once, each driven by one thread of the pool.
// A worker asks the state for tasks, has them run by its BatchRunner, reports, and asks again; disk jobs come first.
#pragma once

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <span>

#include "runtime/run_context.h"

namespace plait {

// Runs the batches of one worker: in this thread, or in a child process.
class BatchRunner {
 public:
  struct Failure {
    TaskId task = 0;
    std::exception_ptr error;  // TaskError
  };

  virtual ~BatchRunner() = default;
  // Runs the tasks in order until one fails or the run is cancelled. The answers below are of the last call.
  virtual void run(std::span<const TaskId> tasks) = 0;
  virtual std::span<const FinishedTask> finished() const = 0;
  virtual const std::optional<Failure>& failure() const = 0;
  // The task during which the worker was lost, if it was, and how. Tasks that are in no answer never began.
  virtual std::optional<TaskId> lost() const { return std::nullopt; }
  virtual std::string how_lost() const { return ""; }
};

struct WorkerLimits {
  int num_workers = 1;
  // A worker takes about this much work at a time, as far as durations are known: enough to make asking cheap, little
  // enough to share the end of a run fairly.
  std::uint64_t max_batch_ns = 100'000;
  // How long workers may take to stop when the run is cancelled. Kernels ask every few milliseconds, Python functions
  // are interrupted at their next bytecode.
  std::chrono::milliseconds time_to_stop{100};
};

// Called on each worker's thread.
using MakeBatchRunner = std::unique_ptr<BatchRunner> (*)(RunContext&, int worker);
template <class Runner>
std::unique_ptr<BatchRunner> make_batch_runner(RunContext& run, int worker) {
  return std::make_unique<Runner>(run, worker);
}

// Returns once every worker has stopped, and rethrows what made the run fail. When `poll` throws, the run is cancelled
// and that is rethrown after a moment at most: a worker that has not stopped by then finishes its task alone, for
// nobody. It shares the ownership of the run, and its thread goes back to the pool in the end.
void run_with_workers(const std::shared_ptr<RunContext>& run, const WorkerLimits& limits, MakeBatchRunner make_runner);

}  // namespace plait
