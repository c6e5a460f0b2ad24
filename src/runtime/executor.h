// Executor: runs a graph and gives back the values of its outputs. Sync (the calling thread), threads (this process)
// and processes (children of this program) give the same values and the same error texts.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/fault.h"
#include "base/kernel.h"
#include "graph/graph.h"
#include "plait/ndarray.h"
#include "runtime/run.h"

namespace plait {

// What a task has made.
struct TaskYield {
  std::size_t num_bytes = 0;
  std::optional<std::int64_t> num_rows;  // of a table
};

// Hears every transition of runs, which are told apart by their graphs. Calls of one run come one at a time, from any
// thread; they must return quickly, and must not wait for anything that the calling thread may hold (Python's GIL).
class Observer {
 public:
  using Clock = std::chrono::steady_clock;

  virtual ~Observer() = default;
  virtual void run_started(const Graph&, int /*num_workers*/) {}
  virtual void task_started(const Graph&, TaskId, int /*worker*/, Clock::time_point) {}
  virtual void task_finished(const Graph&, TaskId, int /*worker*/, Clock::time_point, const TaskYield&) {}
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
  std::uint32_t retries = 0;  // how often each task that has failed runs again
  // What the caller's language has around the call (Python's context variables), for kernels that run on other threads
  // of this process; only kernels of that language know what it is.
  std::shared_ptr<const void> surroundings;
  // What each worker process calls before its first task of this run. Executors that start none take no notice.
  KernelCall worker_start;
  // What run() waits with; submit() does not call it.
  Poll poll;
  // Where output i is to be written, for executors that share the caller's memory; empty, or one for every output. The
  // run shares their buffers: a kernel that outlives a cancelled run writes into memory that is still there.
  std::vector<NdArray> destinations;
};

// Any thread may call an executor, also from inside a task of another run. It owns what its runs share (threads, worker
// processes, connections) and outlives them.
class Executor {
 public:
  virtual ~Executor() = default;
  virtual std::string name() const = 0;
  // Whether kernels can write into RunOptions::destinations.
  virtual bool shares_memory() const = 0;
  // Takes the graph and returns at once; run.h says what the run promises. Throws only what can be said before any task
  // begins, such as Error(type) for a function that cannot leave this process. Observers of `options` must live until
  // they have heard run_finished, which they hear at the latest when the run's last holder lets go.
  virtual RunPtr submit(std::shared_ptr<const Graph> graph, RunOptions options) = 0;

  // Submits, waits, and gives the values of graph.outputs(), brought here. Throws TaskError when a task failed or a
  // value can never fit the budget, Error(cancelled), or what `poll` threw. Nothing of the run is left behind, but for
  // one case: a task on a thread that does not stop within a moment after `poll` has thrown is left to end by itself.
  // It owns all that it touches, and its result is dropped; observers hear nothing once this has returned.
  std::vector<Value> run(std::shared_ptr<const Graph> graph, RunOptions options);
  std::vector<Value> run(Graph graph, RunOptions options) {
    return run(std::make_shared<const Graph>(std::move(graph)), std::move(options));
  }
  // The same with the values as they are: they may be elsewhere until somebody asks (base/elsewhere.h).
  std::vector<Value> run_in_place(std::shared_ptr<const Graph> graph, RunOptions options);

 private:
  // Submits and waits.
  RunPtr finished(std::shared_ptr<const Graph> graph, RunOptions options);
};

// Makes an executor known by its name and aliases for the rest of the program; a name twice is a bug. `make` is called
// once, when the executor is first asked for; the executor is kept for the program. Thread-safe.
using MakeExecutor = std::unique_ptr<Executor> (*)();
void register_executor(const std::string& name, const std::vector<std::string>& aliases, MakeExecutor make);

// By name or alias, whatever the case; an empty name asks for the one that the setting scheduler names, by default
// "threads". Throws Error(value) with the names that there are. "sync" (also "synchronous", "single-threaded"),
// "threads" (also "threading") and "processes" (also "multiprocessing") are always there.
Executor& executor_named(const std::string& name);

}  // namespace plait
