// WorkerState: decides, inside one worker, which task runs next, which values stay in memory and which go to disk.
// Pure: an event and the time come in, actions go out; no clock, thread, lock, socket or log. The same events give the
// same actions. Owned by one thread; the worker's shell carries the actions out, in their order.
//
// A task that the scheduler gives waits for its inputs (they are delivered without being asked for), is ready, loads
// inputs that are on disk, runs, and is then a value that the worker holds until it is told to forget it. Tasks start
// in the order of their priorities when a thread is free and what they are expected to take fits; values that no task
// here is about to use are spilled to make room. When nothing is left that could make room, a task starts all the same.
//
// Twice or late: a second Compute of an attempt that is known, a Deliver of a value that is held, and anything about a
// task that has been forgotten change nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "scheduler/messages.h"

namespace plait {

struct WorkerOptions {
  std::uint32_t nthreads = 1;
  std::uint64_t memory_limit_bytes = 0;  // 0: none
  // Parts of the limit: values beyond `target` are spilled, a process beyond `spill` spills, one beyond `pause` starts
  // nothing.
  double target = 0.6;
  double spill = 0.7;
  double pause = 0.8;
};

// What happens in the worker itself.
namespace worker_event {

struct Finished {
  TaskNumber task = 0;
  std::uint32_t attempt = 0;
  std::uint64_t num_bytes = 0;
  std::uint64_t duration_ns = 0;
  std::uint64_t peak_bytes = 0;  // what it took besides its inputs, the value included; 0: not measured
  std::string type_name;
};
struct Failed {
  TaskNumber task = 0;
  std::uint32_t attempt = 0;
  TaskFailure failure = TaskFailure::raised;
};
// The answer to `interrupt`, or a task that ended by itself after it: it has stopped, and its thread is free.
struct Stopped {
  TaskNumber task = 0;
  std::uint32_t attempt = 0;
};
// The answer to `spill`: whether a copy was written.
struct Spilled {
  TaskNumber task = 0;
  bool ok = true;
  bool can_others_be_spilled = true;  // if not `ok`: whether this value alone has no form on disk
};
// The answer to `load`; not `ok` if the copy was damaged.
struct Loaded {
  TaskNumber task = 0;
  bool ok = true;
};
// A value that was held cannot be read (asked for by `provide`, delivered and damaged).
struct Damaged {
  TaskNumber task = 0;
};
// A task that was to run did not begin, because one of its inputs is damaged: it waits for another copy.
struct InputDamaged {
  TaskNumber task = 0;
  std::uint32_t attempt = 0;
  TaskNumber input = 0;
};
// A task that was told to stop a while ago runs still.
struct DoesNotStop {
  TaskNumber task = 0;
  std::uint32_t attempt = 0;
};
struct Seceded {
  TaskNumber task = 0;
  std::uint32_t attempt = 0;
  bool is_back = false;
};
struct MemoryMeasured {
  std::uint64_t process_bytes = 0;
};
// The session with the scheduler has ended: tasks are dropped, values stay. `held()` says what to offer to the next.
struct SessionEnded {};
// Somebody has asked the worker to end.
struct AskedToLeave {};

}  // namespace worker_event

// What the shell is to do, in the order of the list.
namespace worker_action {

struct Send {
  message::ToScheduler message;  // the parcel of a TaskErred is the fault that the shell has got from the task
};
// Decode the task's graph if need be and run it with the values of its inputs. Answered by Finished, Failed or
// InputDamaged.
struct Execute {
  TaskNumber task = 0;
  std::uint32_t attempt = 0;
  std::uint64_t memory_bytes = 0;  // cap; 0: none
  std::vector<TaskNumber> inputs;
};
// Stop a task that runs. Answered by Stopped; by DoesNotStop before it, if that takes a while.
struct Interrupt {
  TaskNumber task = 0;
  std::uint32_t attempt = 0;
};
// Have another thread in the place of the one that runs the task, which ends when the task does.
struct ReplaceThread {
  TaskNumber task = 0;
  std::uint32_t attempt = 0;
};
// Keep the parcel that came with the Deliver being handled.
struct Keep {
  TaskNumber task = 0;
};
// Send Provided with the value's parcel, from memory or from disk; without one, send it not `ok` and answer Damaged.
struct Provide {
  TaskNumber task = 0;
  TransferNumber transfer = 0;
};
struct Drop {  // the value, and its copy on disk
  TaskNumber task = 0;
};
struct Unload {  // the value in memory; its copy on disk is good
  TaskNumber task = 0;
};
struct DropCopy {  // the copy on disk
  TaskNumber task = 0;
};
struct Spill {  // write a copy to disk and answer Spilled
  TaskNumber task = 0;
};
struct Load {  // read the copy back and answer Loaded
  TaskNumber task = 0;
};
struct TakeGraph {  // keep the parcel that came along
  GraphNumber graph = 0;
};
struct ForgetGraph {
  GraphNumber graph = 0;
};
struct Close {
  bool comes_back = false;
};

}  // namespace worker_action

using WorkerAction =
    std::variant<worker_action::Send, worker_action::Execute, worker_action::Interrupt, worker_action::ReplaceThread,
                 worker_action::Keep, worker_action::Provide, worker_action::Drop, worker_action::Unload,
                 worker_action::DropCopy, worker_action::Spill, worker_action::Load, worker_action::TakeGraph,
                 worker_action::ForgetGraph, worker_action::Close>;
using WorkerActions = std::vector<WorkerAction>;

class WorkerState {
 public:
  explicit WorkerState(const WorkerOptions& options);
  WorkerState(WorkerState&&) noexcept;
  WorkerState& operator=(WorkerState&&) noexcept;
  ~WorkerState();

  // A message of the scheduler. One that makes no sense is a bug of the scheduler and throws Error(bug).
  void handle(const message::ToWorker& message, Time now, WorkerActions& out);

  void handle(const worker_event::Finished& event, Time now, WorkerActions& out);
  void handle(const worker_event::Failed& event, Time now, WorkerActions& out);
  void handle(const worker_event::Stopped& event, Time now, WorkerActions& out);
  void handle(const worker_event::DoesNotStop& event, Time now, WorkerActions& out);
  void handle(const worker_event::Spilled& event, Time now, WorkerActions& out);
  void handle(const worker_event::Loaded& event, Time now, WorkerActions& out);
  void handle(const worker_event::Damaged& event, Time now, WorkerActions& out);
  void handle(const worker_event::InputDamaged& event, Time now, WorkerActions& out);
  void handle(const worker_event::Seceded& event, Time now, WorkerActions& out);
  void handle(const worker_event::MemoryMeasured& event, Time now, WorkerActions& out);
  void handle(const worker_event::SessionEnded& event, Time now, WorkerActions& out);
  void handle(const worker_event::AskedToLeave& event, Time now, WorkerActions& out);

  // For heartbeats, and for a WorkerJoined.
  message::WorkerStatus status() const;
  std::vector<message::HeldValue> held() const;
  bool is_paused() const;
  std::uint64_t used_bytes() const;  // values in memory, and what running tasks are expected to take
  std::size_t num_tasks() const;     // that have not finished
  std::size_t num_executing() const;

  // What has happened to a task here, in words.
  std::vector<std::string> story(TaskNumber task) const;
  // Recomputes from scratch what is kept up to date step by step; throws Error(bug) if they disagree.
  void validate() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace plait
