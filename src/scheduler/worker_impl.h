// What WorkerState is made of. Its methods stand in worker_state.cpp (events), worker_tasks.cpp (tasks) and
// worker_memory.cpp (what stays in memory).
#pragma once

#include <set>
#include <unordered_map>

#include "base/check.h"
#include "graph/layer_history.h"
#include "scheduler/ready_queue.h"
#include "scheduler/story.h"
#include "scheduler/worker_state.h"

namespace plait {

enum class WorkerTaskState : std::uint8_t {
  absent,   // a value that tasks here take, and that will be delivered
  waiting,  // a task whose inputs are not all here
  ready,    // its inputs are here, in memory or on disk
  loading,  // memory is reserved, inputs are being read back
  executing,
  in_memory,  // a value
  spilled,    // a value, on disk only
  reading,    // a value, on its way back from disk
};

struct WorkerState::Impl {
  using State = WorkerTaskState;

  struct Record {
    TaskNumber number = 0;
    State state = State::absent;
    std::uint32_t attempt = 0;
    std::uint64_t num_bytes = 0;  // value: its size; loading, executing: what is reserved
    // A task that is to run.
    message::Compute order;
    std::vector<Record*> inputs;    // each once
    std::uint32_t num_missing = 0;  // waiting: inputs that are not here; loading: inputs that are not in memory
    bool is_outside = false;        // seceded
    // A value.
    std::vector<Record*> users;  // tasks here that take it and have not finished
    std::uint32_t num_pins = 0;  // users that are loading or executing
    bool is_spilling = false;
    bool has_copy = false;
    bool is_unspillable = false;
    std::string type_name;
    std::uint64_t duration_ns = 0;
    std::uint64_t peak_bytes = 0;
    // In the list of values that may be spilled, those that were touched last at its end.
    bool is_listed = false;
    Record* previous = nullptr;
    Record* next = nullptr;

    bool is_value() const { return state >= State::in_memory; }
    bool is_task() const { return state >= State::waiting && state <= State::executing; }
  };
  // A task that runs although nobody wants it any more.
  struct Stopping {
    TaskNumber task = 0;
    std::uint32_t attempt = 0;
    std::uint64_t num_bytes = 0;
    bool is_outside = false;
  };

  explicit Impl(const WorkerOptions& given) : options(given) {}
  Impl(const Impl&) = delete;

  void begin(Time time, WorkerActions& actions) {
    now = time;
    out = &actions;
  }
  // Starts what can start, and tells the scheduler if the worker has paused or goes on.
  void end();
  message::WorkerStatus status() const;
  void send(message::ToScheduler message) { out->push_back(worker_action::Send{std::move(message)}); }

  void on(const message::TakeGraph& take);
  void on(const message::ForgetGraph& forget);
  void on(const message::Close& close) { out->push_back(worker_action::Close{close.comes_back}); }
  void on(const message::Compute& compute);
  void on(const message::Provide& provide);
  void on(const message::Deliver& deliver);
  void on(const message::Forget& forget);
  void on(const message::Revoke& revoke);

  // --- Tasks ---
  Record* find(TaskNumber number);
  Record& record(TaskNumber number);  // made if it is not there
  Record* executing_record(TaskNumber number, std::uint32_t attempt);
  void set_state(Record& record, State state);
  void report_done(const Record& record);
  void announce(Record& value);
  void value_is_gone(Record& value);  // tasks that counted on it wait again
  void forget(Record& record);
  void give_up(Record& task);  // a task that has not finished
  void erase_if_unused(Record& record);
  void drop_value(Record& value);
  void lose(Record& value);
  void start_tasks();
  bool claim(Record& task);
  void execute(Record& task);
  void unclaim(Record& task);
  void stop_using_inputs(Record& task);
  Stopping* find_stopping(TaskNumber task, std::uint32_t attempt);
  bool end_stopping(TaskNumber task, std::uint32_t attempt);
  std::size_t num_busy() const;

  // --- Memory ---
  std::uint64_t input_bytes(const Record& task) const;
  std::uint64_t working_bytes(const Record& task) const;
  std::uint64_t bytes_to_claim(const Record& task) const;
  std::uint64_t least_budget_bytes() const;
  std::uint64_t budget_bytes() const;
  bool make_room(Record& task);
  void spill_until_freed(std::uint64_t bytes);
  bool can_spill(const Record& value) const;
  void list(Record& value);  // among those that may be spilled, if it may
  void unlist(Record& value);
  void stop_spilling();
  void spill_again_if_due();
  void spill_excess();
  bool must_pause() const;

  const WorkerOptions options;
  Time now = 0;
  WorkerActions* out = nullptr;
  Story story{std::size_t{1} << 13};
  std::unordered_map<TaskNumber, Record> records;
  std::unordered_map<FamilyNumber, LayerHistory> history;
  std::set<GraphNumber> graphs;  // whose parcels are here
  ReadyQueue ready;
  std::vector<Record*> executing;
  std::vector<Stopping> stopping;
  std::size_t num_outside = 0;
  std::size_t num_loading = 0;
  std::size_t num_tasks = 0;
  std::uint64_t used_bytes = 0;     // in memory, reading, and reserved
  std::uint64_t spilled_bytes = 0;  // spilled
  std::uint64_t spilling_bytes = 0;
  std::size_t num_spilling = 0;
  std::uint64_t process_bytes = 0;
  std::uint64_t beside_bytes = 0;
  bool spilling_works = true;
  Time tries_to_spill_at = 0;  // if it does not
  bool is_paused = false;
  bool is_short = false;  // the last task that was to start did not fit; nothing was freed since
  // Answers of the disk that concern values which have been dropped since.
  std::unordered_map<TaskNumber, std::uint32_t> stale_spills;
  std::unordered_map<TaskNumber, std::uint32_t> stale_loads;
  Record* oldest = nullptr;
  Record* newest = nullptr;
};

}  // namespace plait
