// What SchedulerState keeps of tasks, graphs, keys, workers and transfers. Only its own sources include this.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "graph/layer_history.h"
#include "scheduler/ready_queue.h"
#include "scheduler/scheduler_state.h"

namespace plait::scheduling {

struct GraphRecord;
struct TaskRecord;

// The workers that hold a value, in the order of their numbers: mostly one.
class Holders {
 public:
  std::span<const WorkerNumber> all() const {
    if (many_) return *many_;
    return {&one_, one_ == 0 ? 0u : 1u};
  }
  bool empty() const { return one_ == 0 && !many_; }
  std::size_t count() const { return all().size(); }
  bool contains(WorkerNumber worker) const { return std::ranges::count(all(), worker) != 0; }
  void insert(WorkerNumber worker) {
    if (contains(worker)) return;
    if (empty()) {
      one_ = worker;
      return;
    }
    if (!many_) many_ = std::make_unique<std::vector<WorkerNumber>>(std::vector<WorkerNumber>{one_});
    many_->insert(std::ranges::lower_bound(*many_, worker), worker);
    one_ = 0;
  }
  void erase(WorkerNumber worker) {
    if (!many_) {
      if (one_ == worker) one_ = 0;
      return;
    }
    std::erase(*many_, worker);
    if (many_->size() > 1) return;
    one_ = many_->front();
    many_.reset();
  }
  void clear() {
    one_ = 0;
    many_.reset();
  }

 private:
  WorkerNumber one_ = 0;
  std::unique_ptr<std::vector<WorkerNumber>> many_;
};

// A client asks for a value that may not be there yet.
struct PendingGather {
  ClientNumber client = 0;
  std::uint64_t request = 0;
  std::uint32_t index = 0;
};

// What clients can name. Wanted as long as a client wants it or waits for its value.
struct KeyRecord {
  std::string key;
  TaskRecord* task = nullptr;
  std::vector<ClientNumber> wanted_by;  // sorted; kNobody for fire and forget, kObjects for queues and variables
  std::vector<PendingGather> gathers;

  bool is_wanted() const { return !wanted_by.empty() || !gathers.empty(); }
};
inline constexpr ClientNumber kNobody = 0;
inline constexpr ClientNumber kObjects = std::numeric_limits<ClientNumber>::max();

// What few tasks have.
struct TaskExtra {
  std::vector<KeyRecord*> keys;
  std::vector<TaskRecord*> aliases;  // tasks of other graphs that stand for this one
  TaskRecord* target = nullptr;      // the task that this one stands for
};

enum TaskFlag : std::uint16_t {
  kKept = 1,         // the scheduler's shell keeps the value
  kHasFault = 2,     // ... and the fault
  kScattered = 4,    // nobody can make the value again
  kActor = 8,        // the value never moves
  kSuspect = 16,     // ran when a worker died: runs alone
  kRevoking = 32,    // its worker is asked to give it back
  kSeceded = 64,     // it runs outside its worker's threads
  kToBeReset = 128,  // while failed tasks are collected for another try
  kPromised = 256,   // ready: in the queue of the worker that makes a sibling
};

struct TaskRecord {
  static constexpr std::uint32_t kNoAnnotation = std::numeric_limits<std::uint32_t>::max();

  GraphRecord* graph = nullptr;
  std::unique_ptr<TaskExtra> extra;
  Holders holders;
  std::uint64_t num_bytes = 0;  // in memory: of the value; erred: the number of the task that failed
  std::uint32_t index = 0;
  std::uint32_t rank = 0;
  std::uint32_t num_missing = 0;  // waiting: uses of values that are not there
  std::uint32_t num_needs = 0;    // uses by active tasks, keys that are wanted, aliases that are needed
  std::uint32_t attempt = 0;
  WorkerNumber worker = 0;        // processing: on
  std::uint32_t position = 0;     // ... in its list
  std::uint32_t expected_ns = 0;  // ... by what was known when it was given away
  FamilyNumber family = 0;
  std::uint32_t annotation = kNoAnnotation;
  std::uint32_t num_retries = 0;
  std::uint32_t type = 0;
  SchedulerTaskState state = SchedulerTaskState::released;
  TaskFailure failure = TaskFailure::none;
  std::uint16_t flags = 0;
  std::uint8_t num_deaths = 0;
  std::uint8_t num_kills = 0;
  std::uint8_t num_damaged = 0;  // copies that could not be read

  bool has(TaskFlag flag) const { return flags & flag; }
  void set(TaskFlag flag) { flags = static_cast<std::uint16_t>(flags | flag); }
  void unset(TaskFlag flag) { flags = static_cast<std::uint16_t>(flags & ~flag); }
  bool has_value() const { return state == SchedulerTaskState::in_memory; }
  bool is_active() const {
    return state == SchedulerTaskState::waiting || state == SchedulerTaskState::ready ||
           state == SchedulerTaskState::processing;
  }
  bool is_alias() const { return extra && extra->target; }
  inline TaskNumber number() const;
};

// Where tasks with the same demands wait: named workers, resources.
struct Demand {
  std::vector<std::string> workers;
  bool allow_other_workers = false;
  std::map<std::string, double> resources;
  ReadyQueue queue;

  bool is_same(const message::Annotation& annotation) const {
    return workers == annotation.workers && allow_other_workers == annotation.allow_other_workers &&
           resources == annotation.resources;
  }
};

struct AnnotationRecord {
  std::int32_t priority = 0;
  std::uint32_t retries = 0;
  std::uint64_t memory_bytes = 0;
  std::shared_ptr<Demand> demand;  // null: none
};

struct GraphRecord {
  GraphNumber number = 0;
  std::vector<TaskRecord> tasks;  // never moves
  // Inputs and users of task i: [starts[i], starts[i + 1]).
  std::vector<std::uint32_t> input_starts;
  std::vector<std::uint32_t> inputs;
  std::vector<std::uint32_t> user_starts;
  std::vector<std::uint32_t> users;
  std::vector<std::uint64_t> output_bytes;  // empty: none are known
  std::vector<AnnotationRecord> annotations;
  std::vector<KeyRecord*> keys;        // of its tasks
  std::vector<TaskRecord*> aliases;    // its tasks that stand for others
  std::vector<WorkerNumber> known_by;  // have its parcel
  std::uint64_t num_refs = 0;          // keys that are wanted, aliases in other graphs
  bool has_parcel = false;

  std::span<const std::uint32_t> inputs_of(const TaskRecord& task) const {
    return {inputs.data() + input_starts[task.index], inputs.data() + input_starts[task.index + 1]};
  }
  std::span<const std::uint32_t> users_of(const TaskRecord& task) const {
    return {users.data() + user_starts[task.index], users.data() + user_starts[task.index + 1]};
  }
};

inline TaskNumber TaskRecord::number() const { return task_number(graph->number, index); }

struct FamilyRecord {
  std::string name;
  LayerHistory history;
  Counts counts;
};

struct WorkerRecord {
  WorkerNumber number = 0;
  std::uint32_t slot = 0;  // among those that are here
  message::WorkerJoined joined;
  std::map<std::string, double> used_resources;
  std::vector<TaskRecord*> processing;
  ReadyQueue queue;                      // of tasks that are best run here
  ReadyQueue pinned;                     // of tasks that can run nowhere else
  std::vector<TaskNumber> large_values;  // roots that it was given; see siblings.cpp
  std::uint64_t held_bytes = 0;
  std::uint64_t num_held = 0;
  Time occupancy_ns = 0;
  Time last_seen = 0;
  Time last_taken_back = std::numeric_limits<Time>::min() / 2;  // when it was last told to stop a task
  std::uint32_t num_outside = 0;                                // seceded
  bool is_silent = false;
  bool is_retiring = false;
  bool closes = false;  // after it is retired
  bool told_to_close = false;
  bool is_draining = false;  // gets nothing until it is empty: a suspect waits for it
  bool runs_suspect = false;
  message::WorkerStatus status;

  std::size_t num_running() const { return processing.size() - num_outside; }
};

// A value on its way from one worker to all that wait for it. One at a time for each task.
struct Transfer {
  TransferNumber number = 0;
  WorkerNumber from = 0;
  std::vector<WorkerNumber> to;
  bool to_shell = false;  // to be kept there
};

}  // namespace plait::scheduling
