// What a worker keeps and does: its loop, and what the loop shares with the threads that run tasks, under one lock.
// worker.cpp has its beginning and end and what the scheduler says, worker_actions.cpp what the state machine wants
// done and how tasks end, worker_values.cpp what other threads do with values.
#pragma once

#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "cluster/background_threads.h"
#include "cluster/heartbeat.h"
#include "cluster/mail.h"
#include "cluster/task_threads.h"
#include "cluster/worker.h"
#include "runtime/store.h"
#include "scheduler/worker_state.h"

namespace plait::cluster {

Parcel fault_parcel(const std::exception_ptr& error);

struct Worker::Impl : std::enable_shared_from_this<Worker::Impl> {
  using Job = std::function<void(Impl&)>;

  Impl(const WorkerSettings& given, std::shared_ptr<ExecutingPage> noted);

  // --- Beginning and end: worker.cpp ---
  void join();
  std::string address() const;
  bool run();
  void measure(int count);

  // --- What the scheduler says ---
  void receive(MailReader letters);
  void call_outside_tasks(const Call& call, const Parcel& parcel);
  void called_outside_tasks(const Call& call, bool ok, const Parcel& result);

  template <class Event>
  void handle(const Event& event, const Parcel* arrived = nullptr);

  // --- What the state wants done: worker_actions.cpp ---
  void carry_out(const worker_action::Send& action, const Parcel*);
  void carry_out(const worker_action::Execute& action, const Parcel*);
  void carry_out(const worker_action::Interrupt& action, const Parcel*);
  void carry_out(const worker_action::ReplaceThread& action, const Parcel*);
  void carry_out(const worker_action::Keep& action, const Parcel* arrived);
  void carry_out(const worker_action::Provide& action, const Parcel*);
  void carry_out(const worker_action::Drop& action, const Parcel*);
  void carry_out(const worker_action::Unload& action, const Parcel*) { let_go(action.task); }
  void carry_out(const worker_action::DropCopy& action, const Parcel*) { forget_copy(action.task); }
  void carry_out(const worker_action::Spill& action, const Parcel*);
  void carry_out(const worker_action::Load& action, const Parcel*);
  void carry_out(const worker_action::TakeGraph& action, const Parcel* arrived);
  void carry_out(const worker_action::ForgetGraph& action, const Parcel*) { graphs.erase(action.graph); }
  void carry_out(const worker_action::Close& action, const Parcel*);

  // --- Tasks that have ended ---
  void ended(TaskOutcome outcome);
  void told_to_secede(const TaskJob& job, bool is_back);
  void interrupt(TaskJob& job);
  void look_whether_stopped(const std::weak_ptr<TaskJob>& interrupted);
  void stop_for_memory(TaskJob& job, std::uint64_t taken_bytes);
  void look_at_caps();
  void look_at_growth(std::uint64_t process_bytes);

  // --- Values that go to others, or to disk: worker_values.cpp ---
  struct Providing {
    worker_action::Provide action;
    HeldValuePtr value;
    std::optional<TaskId> copy;
  };
  void begin_providing();
  std::optional<Parcel> parcel_of(const Providing& one);
  Job written(TaskNumber task, TaskId copy, HeldValue& value);
  Job read_back(TaskNumber task, std::optional<TaskId> copy);
  std::optional<TaskId> copy_of(TaskNumber task) const;
  void forget_copy(TaskNumber task);
  void let_go(TaskNumber task);

  // `work` runs on a thread beside the loop's; what it returns, on the loop.
  template <class Work>
  void in_background(Work work);
  template <class Work>
  std::function<void()> job_of(Work work);

  class Locked;

  const std::shared_ptr<const WorkerSettings> settings;
  const std::shared_ptr<ExecutingPage> page;
  EventLoop loop;
  BackgroundThreads background;

  // --- Of the loop and of the threads that run tasks, under the mutex ---
  std::mutex mutex;
  WorkerState state;
  Store store;
  std::unique_ptr<Mail> mail;
  std::unique_ptr<TaskThreads> threads;
  std::unique_ptr<HeartbeatThread> heartbeat;
  std::unordered_map<GraphNumber, HeldGraphPtr> graphs;
  std::unordered_map<TaskNumber, HeldValuePtr> values;
  std::unordered_map<TaskNumber, TaskId> copies;  // on disk, by their number in the store
  TaskId last_copy = 0;
  std::map<std::pair<TaskNumber, std::uint32_t>, TaskJobPtr> jobs;  // by task and attempt
  bool watches_caps = false;
  std::size_t num_calls = 0;                             // outside of tasks, that have not returned
  std::size_t num_before_tasks = 0;                      // those of them before tasks ...
  std::vector<TaskJobPtr> held_back;                     // ... and the tasks that wait for them,
  std::vector<std::pair<Call, Parcel>> calls_held_back;  // and further calls
  std::unordered_map<TaskNumber, Parcel> faults;         // of tasks whose failure is being told
  std::vector<Providing> provides;
  bool is_providing = false;          // some are being encoded
  std::vector<HeldValuePtr> garbage;  // to be destroyed without the lock
  std::vector<TaskJobPtr> starting;   // to be started without the lock
  bool has_dropped = false;           // values, since `tidy`
};

// The lock. Destroying a value may run code of another language, which may wait for who waits for the lock. Tasks start
// when that is done: they find the memory, where they would take new memory beside it.
class Worker::Impl::Locked {
 public:
  explicit Locked(Impl& impl) : impl_(impl) { impl.mutex.lock(); }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;
  ~Locked() {
    std::vector<HeldValuePtr> garbage = std::exchange(impl_.garbage, {});
    std::vector<TaskJobPtr> starting = std::exchange(impl_.starting, {});
    impl_.mutex.unlock();
    garbage.clear();
    for (TaskJobPtr& job : starting) impl_.threads->start(std::move(job));
  }

 private:
  Impl& impl_;
};

inline Time worker_time() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(EventLoop::Clock::now().time_since_epoch()).count();
}

// Under the lock.
template <class Event>
void Worker::Impl::handle(const Event& event, const Parcel* arrived) {
  WorkerActions actions;
  state.handle(event, worker_time(), actions);
  for (const WorkerAction& action : actions) std::visit([&](const auto& one) { carry_out(one, arrived); }, action);
}

template <class Work>
std::function<void()> Worker::Impl::job_of(Work work) {
  return [self = shared_from_this(), work = std::move(work)] {
    self->loop.post([impl = self.get(), then = work(*self)] {
      const Locked locked(*impl);
      then(*impl);
    });
  };
}

template <class Work>
void Worker::Impl::in_background(Work work) {
  background.submit(job_of(std::move(work)));
}

}  // namespace plait::cluster
