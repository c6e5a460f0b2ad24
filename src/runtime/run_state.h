// RunState: decides, for one run of a graph, which task starts next and which values are kept, dropped, spilled or read
// back. Pure: events come in, actions go out; there is no clock, thread, lock, socket or log inside, and the same
// events give the same actions. Executors act on what it says and guard it by their lock.
//
// Memory: every value's bytes and what every running task is expected to take are counted: as much as others of its
// layer took, as soon as one was measured. The budget for them is smaller by what the process is seen to take besides.
// A task that would break the budget waits as long as running tasks, spills, or tasks that free more than they make can
// make room; values that are needed last are spilled first. Only when nothing is left that could free memory does a
// task start over the budget, and one whose inputs and declared output together exceed it fails. Outputs of the graph
// stay in memory; values that the graph holds itself and that the run does not copy, and those that are written to
// memory of the caller, weigh nothing.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/rank_set.h"
#include "graph/graph.h"
#include "graph/layer_history.h"

namespace plait {

// --- Events ---

// A worker asks for tasks that together take about `max_ns` by what is known of their layers: long and unknown ones
// singly.
struct WorkerFree {
  std::uint32_t max_tasks = 1;
  std::uint64_t max_ns = 0;
};
struct FinishedTask {
  TaskId task = 0;
  std::uint64_t num_bytes = 0;
  std::uint64_t duration_ns = 0;  // 0: not measured
  std::uint64_t peak_bytes = 0;   // what it took at most besides its inputs, the value included; 0: not measured
};
struct TasksFinished {
  std::span<const FinishedTask> tasks;
};
// A finished value has fallen into its items, each the value of the task that yields it (item_kernel).
struct Divided {
  TaskId task = 0;
  std::span<const FinishedTask> items;
};
// The task runs again if it has retries left, unless it was interrupted.
struct TaskFailed {
  TaskId task = 0;
  bool was_interrupted = false;
};
// The answer to Actions::spill: whether a copy was written. The value itself is still in memory.
struct Spilled {
  TaskId task = 0;
  bool ok = true;
  bool can_others_be_spilled = true;  // if not `ok`: whether this value alone has no form on disk
};
// The answer to Actions::load; not `ok` if the copy was damaged.
struct Loaded {
  TaskId task = 0;
  bool ok = true;
};
// The worker that ran these tasks is gone. They run again once; more often where somebody has ended it, which may be
// the system that has no memory left.
struct WorkerLost {
  static constexpr std::uint32_t kMaxKills = 4;  // of one task

  std::span<const TaskId> tasks;
  bool was_killed = false;
};
// The worker never began these tasks: they are ready again.
struct TasksReturned {
  std::span<const TaskId> tasks;
};
// What is in memory beside all that is counted here: what kernels need while they work, what allocators keep.
struct MemoryMeasured {
  std::uint64_t taken_bytes = 0;  // by the run in all
};
struct Cancel {};

// --- Actions ---

enum class RunFailure : std::uint8_t {
  none,
  task_failed,   // the executor knows why
  worker_lost,   // too often, with the same task
  never_fits,    // the task's inputs and output exceed the budget
  spill_failed,  // nothing can be spilled, and without that the task does not fit
  cancelled,
};

struct Actions {
  std::vector<TaskId> start;
  std::vector<TaskId> release;    // forget the value, and its copy on disk
  std::vector<TaskId> unload;     // forget the value in memory; its copy on disk is good
  std::vector<TaskId> drop_copy;  // forget the copy on disk
  std::vector<TaskId> spill;      // write a copy to disk and answer Spilled
  std::vector<TaskId> load;       // read the copy back and answer Loaded

  void clear() {
    for (auto* list : {&start, &release, &unload, &drop_copy, &spill, &load}) list->clear();
  }
};

enum class TaskState : std::uint8_t {
  waiting,   // for inputs
  ready,     // its inputs exist, in memory or on disk
  loading,   // memory is reserved, inputs are being read back
  runnable,  // inputs are there again: starts before all others
  running,
  in_memory,  // finished
  spilled,    // finished, on disk only
  reading,    // finished, on its way back from disk
  released,   // finished, needed no more
};

class RunState {
 public:
  // `placed`: tasks whose value is written to memory of the caller. `copied`: values of the graph that take memory of
  // this run all the same. The graph must outlive the state.
  RunState(const Graph& graph, std::uint64_t budget_bytes, std::span<const TaskId> placed = {},
           std::span<const TaskId> copied = {});
  // How often each task may fail before the run does. Before the first event.
  void allow_retries(std::uint32_t retries) { retries_ = retries; }

  void handle(const WorkerFree& event, Actions& out);
  void handle(const TasksFinished& event, Actions& out);
  void handle(const Divided& event, Actions& out);
  void handle(const TaskFailed& event, Actions& out);
  void handle(const Spilled& event, Actions& out);
  void handle(const Loaded& event, Actions& out);
  void handle(const WorkerLost& event, Actions& out);
  void handle(const TasksReturned& event, Actions& out);
  void handle(const MemoryMeasured& event, Actions& out);
  void handle(const Cancel& event, Actions& out);

  bool finished() const { return num_left_ == 0 && failure_ == RunFailure::none; }
  // Set once; no task starts afterwards.
  RunFailure failure() const { return failure_; }
  TaskId failed_task() const { return failed_task_; }
  // Whether a worker that asks now may get a task.
  bool wants_workers() const { return !runnable_.empty() || (!ready_.empty() && !short_of_memory_); }
  std::size_t num_ready() const { return ready_.count() + runnable_.size(); }

  TaskState state(TaskId task) const { return records_[task].state; }
  bool is_finished(TaskId task) const { return is_finished(records_[task].state); }
  bool is_output(TaskId task) const { return is_output_[task]; }
  // Whether one task only, once, takes the value: that task may have it whole. Never changes, so any thread may ask.
  bool has_single_use(TaskId task) const {
    return starts_[task + 1] - starts_[task] == 1 && !is_output_[task] && retries_ == 0;
  }
  // Whether all that is ever wanted of the value are its items. Never changes.
  bool is_only_items(TaskId task) const { return records_[task].flags & kOnlyItems; }
  // The tasks that wait for items of a finished value.
  std::vector<TaskId> wanted_items(TaskId task) const;
  // Whether a task that runs, or is about to, takes the value.
  bool is_pinned(TaskId task) const { return records_[task].num_pins > 0; }
  std::uint32_t rank(TaskId task) const { return records_[task].rank; }

  std::uint64_t budget_bytes() const { return budget_bytes_; }
  std::uint64_t used_bytes() const { return used_bytes_; }
  // What a task needs at least: its inputs, each once, and its declared output.
  std::uint64_t input_bytes(TaskId task) const;
  std::uint64_t declared_output_bytes(TaskId task) const;
  std::uint64_t value_bytes(TaskId task) const { return records_[task].num_bytes; }

  // Recomputes from scratch what is kept up to date step by step and checks that they agree: for tests.
  void check_invariants() const;

 private:
  static constexpr std::uint8_t kOutput = 1;
  static constexpr std::uint8_t kWeightless = 2;
  static constexpr std::uint8_t kLostOnce = 4;
  static constexpr std::uint8_t kSpilling = 8;     // a copy is being written
  static constexpr std::uint8_t kStaleSpill = 16;  // ... of a value that has been released meanwhile
  static constexpr std::uint8_t kHasCopy = 32;
  static constexpr std::uint8_t kUnspillable = 64;
  static constexpr std::uint8_t kOnlyItems = 128;

  struct Record {
    std::uint64_t num_bytes = 0;  // running: expected; finished: true
    std::uint32_t rank = 0;
    std::uint32_t num_missing = 0;    // waiting: uses of values that do not exist; loading: of values not in memory
    std::uint32_t num_uses_left = 0;  // by unfinished tasks; a task that takes a value twice uses it twice
    std::uint32_t num_pins = 0;       // uses by tasks that are loading, runnable or running
    TaskState state = TaskState::waiting;
    std::uint8_t flags = 0;
  };

  static bool exists(TaskState state) { return state >= TaskState::in_memory && state != TaskState::released; }
  static bool is_finished(TaskState state) { return state >= TaskState::in_memory; }

  std::span<const TaskId> uses(TaskId task) const {
    return {uses_.data() + starts_[task], starts_[task + 1] - starts_[task]};
  }
  void make_uses(const std::vector<std::uint32_t>& ranks);
  void note_values_of_items();

  // The expected value, with what the task needs to make it, and inputs that are on disk only.
  std::uint64_t expected_bytes(TaskId task) const;
  std::uint64_t working_bytes(TaskId task) const;
  std::uint64_t bytes_to_load(TaskId task) const;
  std::uint64_t freed_by(TaskId task) const;

  void claim(TaskId task, std::uint64_t working_bytes, Actions& out);
  void start(TaskId task, Actions& out);
  void unclaim(TaskId task);
  void finish(const FinishedTask& finished, Actions& out);
  void announce(TaskId task);
  void drop_uses_of_inputs(TaskId task, Actions& out);
  void release(TaskId task, Actions& out);
  void make_ready(TaskId task);
  void fail(RunFailure failure, TaskId task);

  // Memory is short: claims another task, asks for spills, waits, or decides that `task` starts or fails nevertheless.
  // False if the claiming must stop.
  bool make_room(TaskId task, std::uint64_t needed_bytes, Actions& out);
  TaskId find_task_that_frees() const;
  void spill_until_freed(std::uint64_t bytes, Actions& out);
  void enter_pressure();
  void note_next_use(TaskId task);
  std::uint32_t next_use(TaskId task);
  bool can_spill(TaskId task) const;

  void recompute(TaskId task);
  void recount_missing(TaskId task);

  const Graph& graph_;
  const std::uint64_t budget_bytes_;
  std::uint64_t limit_bytes_;       // of used_bytes_: the budget without what is taken beside it
  std::uint64_t beside_bytes_ = 0;  // ... as far as it was seen
  std::uint64_t used_bytes_ = 0;
  std::uint64_t spilling_bytes_ = 0;
  std::vector<Record> records_;
  std::vector<std::uint32_t> starts_;  // uses in CSR form; of one value by rank
  std::vector<TaskId> uses_;
  std::vector<TaskId> task_of_rank_;
  std::vector<std::uint8_t> is_output_;
  std::vector<LayerHistory> history_;
  RankSet ready_;
  std::vector<TaskId> runnable_;
  std::unordered_map<TaskId, std::uint32_t> num_kills_;
  std::unordered_map<TaskId, std::uint32_t> num_failures_;
  std::uint32_t retries_ = 0;
  std::size_t num_left_ = 0;
  std::size_t num_active_ = 0;  // loading, runnable or running
  std::size_t num_spilling_ = 0;
  bool short_of_memory_ = false;  // the last worker that asked was refused; nothing was freed since
  bool spilling_works_ = true;
  RunFailure failure_ = RunFailure::none;
  TaskId failed_task_ = 0;

  // Under pressure only: ranks whose task is the next use of some value that might be spilled, and how far each value's
  // uses have been walked.
  bool pressure_ = false;
  RankSet next_uses_;
  std::vector<std::uint32_t> use_cursor_;
};

}  // namespace plait
