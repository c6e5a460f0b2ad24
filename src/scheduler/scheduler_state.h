// SchedulerState: decides which worker runs which task, who holds which value, and what clients are told. Pure: an
// event and the time come in, actions go out; no clock, thread, lock, socket or log. The same events give the same
// actions. Owned by one thread; the scheduler's shell carries the actions out, in their order.
//
// A task is active as long as it has no value and somebody needs it: a client wants it, or an active task takes it.
// What is no longer needed is taken back from its worker, or its value forgotten; what is lost and needed becomes
// active again, and its inputs before it. Only the scheduler knows who holds what: workers are told what to compute, to
// provide and to forget, and get the inputs they lack without asking. So nobody's knowledge is older than the messages
// under way.
//
// Twice or late: an attempt, a transfer or a session that is no longer the current one is ignored; what a worker may
// have kept for it has been taken back by the message that ended it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "scheduler/messages.h"

namespace plait {

// Which parcel goes with a message.
enum class Attached : std::uint8_t {
  nothing,
  arrived,  // the one that came with the event being handled
  kept,     // the one that KeepValue has stored for the message's task
  fault,    // the one that KeepFault has stored for the task in KeyState::cause, or in `of`
  graph,    // the one that KeepGraph has stored
};

namespace scheduler_action {

struct ToWorker {
  WorkerNumber to = 0;
  message::ToWorker message;
  Attached attached = Attached::nothing;
};
struct ToClient {
  ClientNumber to = 0;
  message::ToClient message;
  Attached attached = Attached::nothing;
  TaskNumber of = 0;  // whose value or fault is attached
};
struct KeepGraph {  // the parcel that came with the event being handled
  GraphNumber graph = 0;
};
struct DropGraph {
  GraphNumber graph = 0;
};
struct KeepValue {  // the parcel that came with the event being handled
  TaskNumber task = 0;
};
struct DropValue {
  TaskNumber task = 0;
};
struct KeepFault {  // the parcel that came with the event being handled
  TaskNumber task = 0;
};
struct DropFault {
  TaskNumber task = 0;
};

}  // namespace scheduler_action

using SchedulerAction =
    std::variant<scheduler_action::ToWorker, scheduler_action::ToClient, scheduler_action::KeepGraph,
                 scheduler_action::DropGraph, scheduler_action::KeepValue, scheduler_action::DropValue,
                 scheduler_action::KeepFault, scheduler_action::DropFault>;
using SchedulerActions = std::vector<SchedulerAction>;

// How a worker's session ended.
enum class WorkerEnd : std::uint8_t {
  asked,   // it was told to close, or its link was down for too long: no task is to blame
  killed,  // somebody ended the process: no task is to blame, unless it happens to one again and again
  died,    // by itself, or by the system that had no memory left: a task that was running may be to blame
};

struct WorkerGone {
  WorkerNumber worker = 0;
  WorkerEnd how = WorkerEnd::died;
  // What was running, if it is known; otherwise every task that it had been given is suspected.
  std::optional<std::vector<TaskNumber>> executing;
};
// Nothing was heard of the worker for a while: it gets nothing new until something is heard of it again.
struct WorkerSilent {
  WorkerNumber worker = 0;
  bool is_silent = true;
};
struct ClientGone {
  ClientNumber client = 0;
};
// Now and then (ten times a second): waits that are over, steps of policies.
struct Tick {};

struct SchedulerOptions {
  Time backlog_ns = 1'000'000;                 // a worker is given so much work ahead of what its threads do
  std::uint32_t max_unexplained = 2;           // deaths of workers that ran a task until it is blamed
  std::uint32_t max_killed = 16;               // ... where somebody ended them, who may be the task itself
  double memory_target = 0.6;                  // of a worker's limit: beyond it no new roots start there
  std::uint64_t large_value_bytes = 1u << 20;  // from here on siblings are made by one worker, and few at a time
  double bandwidth_bytes_per_s = 2e9;          // of a transfer between workers
  Time latency_ns = 100'000;
  Time adaptive_target_ns = 5'000'000'000;  // how long all that is to do should take
};

enum class SchedulerTaskState : std::uint8_t {
  released,    // no value, and not needed
  waiting,     // for inputs
  ready,       // for a worker
  processing,  // given to a worker
  in_memory,   // at least one worker, or the scheduler's shell, holds the value
  erred,
};

// What people ask for; made when asked.
struct TaskInfo {
  TaskNumber task = 0;
  SchedulerTaskState state = SchedulerTaskState::released;
  TaskFailure failure = TaskFailure::none;
  TaskNumber cause = 0;  // failed: the task that did
  std::string family;
  std::uint64_t num_bytes = 0;
  std::string type_name;
  std::vector<WorkerNumber> holders;
  WorkerNumber processing_on = 0;
  std::uint32_t attempts = 0;
  std::uint32_t num_deaths = 0;  // of workers that ran it
};
struct WorkerInfo {
  WorkerNumber worker = 0;
  std::string name;
  std::string address;
  std::uint32_t nthreads = 0;
  std::uint64_t memory_limit_bytes = 0;
  std::map<std::string, double> resources;
  std::map<std::string, double> used_resources;
  std::uint64_t held_bytes = 0;
  std::size_t num_held = 0;
  std::vector<TaskNumber> processing;
  Time occupancy_ns = 0;
  bool is_paused = false;
  bool is_silent = false;
  bool is_retiring = false;
  Time last_seen = 0;
  message::WorkerStatus status;
};
struct Counts {
  std::size_t num_tasks = 0;
  std::size_t released = 0, waiting = 0, ready = 0, processing = 0, in_memory = 0, erred = 0;
};

class SchedulerState {
 public:
  explicit SchedulerState(const SchedulerOptions& options = {});
  SchedulerState(SchedulerState&&) noexcept;
  SchedulerState& operator=(SchedulerState&&) noexcept;
  ~SchedulerState();

  // A session begins. The number is the caller's to use for all that comes from it.
  WorkerNumber add_worker(const message::WorkerJoined& joined, Time now, SchedulerActions& out);
  ClientNumber add_client(Time now);

  // What comes from those who are gone is ignored. A client's message that makes no sense is answered by Refused; a
  // worker's throws Error(io): its session is to be ended.
  void handle_worker(WorkerNumber from, const message::ToScheduler& message, Time now, SchedulerActions& out);
  void handle_client(ClientNumber from, const message::FromClient& message, Time now, SchedulerActions& out);

  void handle(const WorkerGone& event, Time now, SchedulerActions& out);
  void handle(const WorkerSilent& event, Time now, SchedulerActions& out);
  void handle(const ClientGone& event, Time now, SchedulerActions& out);
  void handle(const Tick& event, Time now, SchedulerActions& out);

  // How many workers would finish all that is to do within the adaptive target, by what is known of durations.
  std::uint32_t adaptive_target() const;
  // The workers that can go first without losing a result or much time.
  std::vector<WorkerNumber> workers_to_close(std::uint32_t num_to_keep) const;

  // For people.
  Counts counts() const;
  std::optional<TaskInfo> task(TaskNumber task) const;
  std::optional<TaskInfo> task(std::string_view key) const;
  std::vector<WorkerInfo> workers() const;  // in the order of joining
  std::vector<std::string> keys() const;    // that clients can name, sorted
  std::vector<TaskNumber> held_by(WorkerNumber worker) const;
  std::map<std::string, Counts> counts_by_family() const;
  std::string key_of(TaskNumber task) const;  // empty if it has none
  std::string_view family_name(FamilyNumber family) const;
  // What has happened to a task, in words, the last many events.
  std::vector<std::string> story(TaskNumber task) const;
  // If there is work but nothing runs, is under way or can start: the chain of what waits for what. Empty otherwise.
  std::vector<std::string> what_blocks() const;
  // Recomputes from scratch what is kept up to date step by step; throws Error(bug) if they disagree.
  void validate() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace plait
