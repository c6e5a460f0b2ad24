// WorkerLoop: what the workers of one run do, each on a thread: ask the state for tasks, have them run by a
// BatchRunner, report, and ask again; disk jobs come first. It also says what has become of the outputs. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/run.h"
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
  virtual bool was_killed() const { return false; }
  // What the worker has taken of memory outside this process since it began.
  virtual std::uint64_t outside_bytes() const { return 0; }
};

// Called on each worker's thread.
using MakeBatchRunner = std::function<std::unique_ptr<BatchRunner>(RunContext&, int worker)>;
template <class Runner>
std::unique_ptr<BatchRunner> make_batch_runner(RunContext& run, int worker) {
  return std::make_unique<Runner>(run, worker);
}

struct WorkerLimits {
  int num_workers = 1;
  // A worker takes about this much work at a time, as far as durations are known: enough to make asking cheap, little
  // enough to share the end of a run fairly.
  std::uint64_t max_batch_ns = 100'000;
  // How long workers may take to stop when the run is cancelled. Kernels ask every few milliseconds, Python functions
  // are interrupted at their next bytecode.
  std::chrono::milliseconds time_to_stop{100};
};

class WorkerLoop {
 public:
  WorkerLoop(std::shared_ptr<RunContext> run, const WorkerLimits& limits, MakeBatchRunner make_runner)
      : kept_run_(std::move(run)), run_(*kept_run_), limits_(limits), make_runner_(std::move(make_runner)) {}

  RunContext& run() { return run_; }

  // Observers hear that the run starts, and that it is over: the latter once, whoever says it, and nothing afterwards.
  void begin();
  void conclude();

  // One worker's part, on this thread: until the run is over, or until that output is resolved.
  void work(int worker, std::optional<std::size_t> until_output = std::nullopt);
  // No effect once the run is over.
  void cancel();
  // Nobody waits for the workers that are left: values that no task works on are dropped, outputs if nobody holds them.
  void abandon(bool with_outputs);

  bool is_over();
  OutputState state(std::size_t output);
  Value value(std::size_t output);
  std::exception_ptr error();
  // False if the output is still pending after `patience`.
  bool wait_until_resolved(std::size_t output, std::chrono::milliseconds patience);

 private:
  using Lock = std::unique_lock<std::mutex>;

  void work_until(int worker, std::optional<std::size_t> until_output);
  void do_disk_job(Lock& lock, Actions& actions, Garbage& garbage);

  // --- All below: under the lock ---

  bool has_ended() const { return run_.state.finished() || run_.state.failure() != RunFailure::none; }
  OutputState state_of(std::size_t output) const;
  std::uint32_t batch_limit() const;
  void report(const BatchRunner& runner, const std::vector<TaskId>& batch, Actions& actions);
  void measure(const BatchRunner& runner, int worker, std::uint64_t taken_bytes, Actions& actions);
  void report_failed(const BatchRunner::Failure& failure);
  void report_lost(TaskId task, const BatchRunner& runner, Actions& actions);
  void stop(const std::exception_ptr& error);
  void carry_out(const Actions& actions, Garbage& garbage);
  void wake_all();
  void wait_for_work(Lock& lock);

  const std::shared_ptr<RunContext> kept_run_;
  RunContext& run_;
  const WorkerLimits limits_;
  const MakeBatchRunner make_runner_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable resolved_;  // some output may have been resolved
  int num_waiting_ = 0;               // ... and so many threads want to know
  std::vector<DiskJob> disk_jobs_;
  std::vector<std::uint64_t> outside_bytes_;  // of every worker
  std::atomic<std::uint32_t> epoch_ = 0;      // changes whenever idle workers should look again
  int num_idle_ = 0;
  int num_parked_ = 0;
};

}  // namespace plait
