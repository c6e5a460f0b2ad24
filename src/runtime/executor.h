// Executor: runs a graph and gives back the values of its outputs. Sync (the calling thread), threads (this process)
// and processes (children of this program) give the same values and the same error texts.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "plait/ndarray.h"

namespace plait {

// Hears every transition of runs, which are told apart by their graphs. Calls of one run come one at a time, from any
// thread; they must return quickly, and must not wait for anything that the calling thread may hold (Python's GIL).
class Observer {
 public:
  using Clock = std::chrono::steady_clock;

  virtual ~Observer() = default;
  virtual void run_started(const Graph&, int /*num_workers*/) {}
  virtual void task_started(const Graph&, TaskId, int /*worker*/, Clock::time_point) {}
  virtual void task_finished(const Graph&, TaskId, int /*worker*/, Clock::time_point, std::size_t /*num_bytes*/) {}
  virtual void task_failed(const Graph&, TaskId, int /*worker*/, Clock::time_point) {}
  virtual void value_spilled(const Graph&, TaskId, std::size_t /*num_bytes*/) {}
  virtual void value_loaded(const Graph&, TaskId, std::size_t /*num_bytes*/) {}
  // The last call of the run; `failed` if it ends with an error.
  virtual void run_finished(const Graph&, bool /*failed*/) {}
};

struct RunOptions {
  int num_workers = 0;                    // 0: the number of cores that this process may use
  std::uint64_t memory_budget_bytes = 0;  // 0: the setting memory-budget, by default 60 % of the machine or the cgroup
  std::string spill_directory;  // empty: the setting spill.directory, by default the system's temporary folder
  std::vector<Observer*> observers;
  // Called on the calling thread at least every 50 ms. What it throws cancels the run and is rethrown.
  std::function<void()> poll;
  // Where output i is to be written, for executors that share the caller's memory; empty, or one for every output. The
  // run shares their buffers: a kernel that outlives a cancelled run writes into memory that is still there.
  std::vector<NdArray> destinations;
};

class Executor {
 public:
  virtual ~Executor() = default;
  virtual std::string name() const = 0;
  // Whether kernels can write into RunOptions::destinations.
  virtual bool shares_memory() const = 0;
  // The values of graph.outputs(). Throws TaskError when a task failed, Error(memory) when a value can never fit the
  // budget, Error(cancelled), or what `poll` threw. Nothing of the run is left behind, but for one case: a task on a
  // thread that does not stop within a moment after `poll` has thrown is left to end by itself. It owns all that it
  // touches, and its result is dropped; observers hear nothing once this has returned.
  virtual std::vector<Value> run(std::shared_ptr<const Graph> graph, RunOptions options) = 0;
  std::vector<Value> run(Graph graph, RunOptions options) {
    return run(std::make_shared<const Graph>(std::move(graph)), std::move(options));
  }
};

// A task failed. The message holds the cause's own text first, then key, line and inputs.
class TaskError : public Error {
 public:
  TaskError(ErrorKind kind, const std::string& message, std::string key, std::string context, std::exception_ptr cause)
      : Error(kind, message), key(std::move(key)), context(std::move(context)), cause(std::move(cause)) {}

  std::string key;
  std::string context;  // "while running ('add-1f..', 0, 3), made by prog.py:7 ..., from float64 array of shape ..."
  std::exception_ptr cause;  // the exception that the kernel threw
};

// "sync" (also "synchronous", "single-threaded"), "threads" (also "threading"), "processes" (also "multiprocessing").
// Executors are made once and kept for the program.
Executor& executor_named(const std::string& name);

}  // namespace plait
