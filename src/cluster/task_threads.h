// TaskThreads: the threads of a worker that run tasks, in the order in which they are given. A task that secedes leaves
// its thread's place to another one. start() may be called on any thread, also by `report`: the thread then goes on
// with that task itself.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cluster/executing_page.h"
#include "cluster/held.h"
#include "scheduler/messages.h"

namespace plait::cluster {

struct WorkerSettings;

struct TaskJob {
  TaskNumber task = 0;
  std::uint32_t attempt = 0;
  HeldGraphPtr graph;
  std::vector<TaskNumber> input_numbers;
  std::vector<HeldValuePtr> inputs;
  std::atomic<bool> cancelled = false;
  // Of TaskThreads, under its mutex: whether a thread is kept for the task, another one has its place, or it is over.
  enum class Place : std::uint8_t { own, given_away, none } place = Place::own;
  std::uint64_t memory_cap_bytes = 0;             // what the task may take; 0: as much as its worker
  std::atomic<std::uint64_t> over_cap_bytes = 0;  // what it had taken when it was stopped for it
  // For the worker: what the process had when it began to watch the task.
  std::optional<std::uint64_t> process_bytes_before;
};
using TaskJobPtr = std::shared_ptr<TaskJob>;

struct TaskOutcome {
  TaskJobPtr job;
  HeldValuePtr value;                       // null if the task failed ...
  std::optional<Parcel> fault;              // ... and why; neither if it was stopped,
  std::optional<TaskNumber> damaged_input;  // or did not begin because of this one
  TaskFailure failure = TaskFailure::none;
  std::uint64_t num_bytes = 0;
  std::uint64_t duration_ns = 0;
  std::uint64_t peak_bytes = 0;
  std::string type_name;
};

class TaskThreads {
 public:
  // Both are called on the threads: a task goes on beside them, or comes back; a task has ended.
  using ToldToSecede = std::function<void(const TaskJob& job, bool is_back)>;
  using Report = std::function<void(TaskOutcome outcome)>;
  TaskThreads(std::shared_ptr<const WorkerSettings> settings, std::shared_ptr<ExecutingPage> page, ToldToSecede told,
              Report report);
  TaskThreads(const TaskThreads&) = delete;
  TaskThreads& operator=(const TaskThreads&) = delete;
  // Waits for tasks that run, which should have been told to stop.
  ~TaskThreads();

  void start(TaskJobPtr job);
  // The task goes on beside the threads: another one takes its place. Nothing if that is so, or the task is over.
  void replace(TaskJob& job);
  // No task begins any more; false if one still runs after `patience`.
  bool stop(std::chrono::milliseconds patience);

 private:
  struct Shared;

  friend const WorkerSettings* worker_of_running_task();
  friend bool move_running_task(bool is_back);

  // Whether there is something to change.
  static bool move(TaskJob& job, bool is_back, const std::shared_ptr<Shared>& shared);
  static void end(TaskJob& job, const std::shared_ptr<Shared>& shared);
  // Under the lock.
  static void change_number_by(int change, const std::shared_ptr<Shared>& shared);
  static void work(const std::shared_ptr<Shared>& shared);

  const std::shared_ptr<Shared> shared_;
};

// Of the task that this thread runs; null outside of tasks.
const WorkerSettings* worker_of_running_task();
// That task goes on beside the worker's threads, or comes back to them. False if there is none, or it is there already.
bool move_running_task(bool is_back);

}  // namespace plait::cluster
