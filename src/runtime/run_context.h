// RunContext: all that belongs to one run of a graph inside this process, whoever runs its tasks. Workers and the
// thread that waits for them own it together, so that a task may outlive a run that was cancelled.
#pragma once

#include <atomic>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "runtime/memory_watch.h"
#include "runtime/observers.h"
#include "runtime/run_state.h"
#include "runtime/store.h"

namespace plait {

// A copy to write (with the value) or to read.
struct DiskJob {
  TaskId task = 0;
  bool is_load = false;
  Value value;
};

// What is let go outside the run's lock: destroying values and freeing disk space takes time.
struct Garbage {
  std::vector<Value> values;
  std::vector<DiskCopy> copies;
};

class RunContext {
 public:
  // `are_values_elsewhere`: in this run values are elsewhere (base/elsewhere.h), and only those of the graph that are
  // there already need no copy; else values are here, and only those that are here need none.
  RunContext(std::shared_ptr<const Graph> graph, RunOptions options, bool are_values_elsewhere = false);
  RunContext(const RunContext&) = delete;
  RunContext& operator=(const RunContext&) = delete;
  // Takes back what a run without success has left (take_back.h).
  ~RunContext();

  // Carries out what `actions` says of values; adds to `disk_jobs` what must be written and read. Under the run's lock.
  void apply(const Actions& actions, std::vector<DiskJob>& disk_jobs, Garbage& garbage);
  // What only items are wanted of falls into them. Under the run's lock.
  void divide(TaskId task, Actions& out);
  // Does one job: the event to tell the state, and the value that was read. Outside the lock.
  struct DiskDone {
    TaskId task = 0;
    bool is_load = false;
    bool ok = true;
    bool is_disk_at_fault = false;
    Value value;
    std::exception_ptr error;
  };
  DiskDone do_disk_job(const DiskJob& job);
  // Tells the state. Under the lock.
  void handle(DiskDone done, Actions& out);
  void discard(Garbage& garbage);
  // The run is over, but some tasks still run: only what they work on is kept, and perhaps outputs. Under the lock.
  void abandon(Garbage& garbage, bool with_outputs);

  // The error of a run whose state has failed without a task's own error.
  std::exception_ptr failure_error() const;

  const NdArray* destination_of(TaskId task) const {
    return destination_index_.empty() || destination_index_[task] < 0
               ? nullptr
               : &options.destinations[static_cast<std::size_t>(destination_index_[task])];
  }

  const std::shared_ptr<const Graph> kept_graph;
  const Graph& graph;
  const RunOptions options;
  Observers observers;
  RunState state;
  MemoryWatch memory;
  Store store;
  std::atomic<bool> cancelled = false;
  std::function<void()> poll_in_kernels;  // where kernels run on the calling thread; may be empty
  std::exception_ptr error;               // the first; under the lock
  std::exception_ptr spill_error;         // why the last copy could not be written

 private:
  std::vector<std::int32_t> destination_index_;  // of every task, or empty
};

// The budget of a run; the pool of free buffers is made to fit it.
std::uint64_t prepare_memory_budget(const RunOptions& options);
int num_workers_of(const RunOptions& options);

}  // namespace plait
