// WorkerRun: the loop of a run whose tasks are run by several workers at once, each driven by one thread of the pool.
// A worker asks the state for tasks, has them run by its BatchRunner, reports, and asks again; disk jobs come first.
#pragma once

#include <exception>
#include <functional>
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
};

// Returns once every worker has stopped. Rethrows what `poll` threw or what made the run fail. `make_runner` is called
// on each worker's thread.
void run_with_workers(RunContext& run, const WorkerLimits& limits,
                      const std::function<std::unique_ptr<BatchRunner>(int worker)>& make_runner);

}  // namespace plait
