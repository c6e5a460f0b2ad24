// What a scheduler's thread keeps and does: who is connected, the parcels that it holds for others, and how the actions
// of the state machine are carried out. Everything belongs to the loop's thread, apart from `workers`.
// scheduler_peers.cpp has who comes and goes, scheduler_letters.cpp what is said and done, scheduler_calls.cpp
// questions and calls outside of tasks, scheduler.cpp all else.
#pragma once

#include <condition_variable>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <unordered_map>

#include "cluster/address.h"
#include "cluster/letters.h"
#include "cluster/mail.h"
#include "cluster/scheduler.h"
#include "cluster/scheduler_answers.h"
#include "cluster/task_stream.h"
#include "cluster/token_file.h"
#include "cluster/transfer_stream.h"

namespace plait::cluster {

// Somebody who is connected.
struct Peer {
  explicit Peer(std::shared_ptr<Connection> connection) : mail(std::move(connection)) {}

  Mail mail;
  bool is_admitted = false;
  PeerRole role = PeerRole::client;
  std::uint32_t number = 0;
  std::string name;
  pid_t process = 0;
  bool is_closing = false;             // was told to
  std::optional<std::uint64_t> watch;  // the number under which its next graph is told of
};

struct Scheduler::Impl {
  using Clock = EventLoop::Clock;
  using PeerPtr = std::shared_ptr<Peer>;

  struct Watcher {
    ClientNumber client = 0;
    std::uint64_t request = 0;
  };
  struct CallUnderWay {
    std::uint32_t client = 0;
    std::uint64_t request = 0;
  };

  explicit Impl(const SchedulerSettings& given);
  void close();
  void tick();

  static Time time_of(Clock::time_point time) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
  }
  static Time now() { return time_of(Clock::now()); }

  // --- Who comes and goes ---
  void accept_from(const FileDescriptor& socket, bool is_local);
  void cut_off(Peer& peer);
  void lost(const PeerPtr& peer);
  void worker_gone(WorkerNumber number, WorkerEnd how, const std::optional<std::vector<TaskNumber>>& executing);
  void admit(Peer& peer, MailReader& mail);

  // --- What is said ---
  void receive(Peer& peer, MailReader mail);
  void receive_of_client(Peer& peer, MailReader& mail, SchedulerActions& actions);
  void tell_recipe(Peer& peer, const Ask& ask);
  void start_processes_anew();
  void receive_of_worker(Peer& peer, MailReader& mail, SchedulerActions& actions);

  // --- What the state machine wants done; `arrived` came with the letter that it has heard of ---
  void carry_out(const SchedulerActions& actions, const Parcel* arrived);
  void carry_out_one(const scheduler_action::ToWorker& action, const Parcel* arrived);
  void carry_out_one(const scheduler_action::ToClient& action, const Parcel* arrived);
  void carry_out_one(const scheduler_action::KeepGraph& action, const Parcel* arrived);
  void carry_out_one(const scheduler_action::DropGraph& action, const Parcel*);
  void carry_out_one(const scheduler_action::KeepValue& action, const Parcel* arrived);
  void carry_out_one(const scheduler_action::DropValue& action, const Parcel*) { values.erase(action.task); }
  void carry_out_one(const scheduler_action::KeepFault& action, const Parcel* arrived);
  void carry_out_one(const scheduler_action::DropFault& action, const Parcel*) { faults.erase(action.task); }

  // --- Notes, for those who ask later or follow a graph's tasks ---
  void note(WorkerNumber worker, const message::ToScheduler& said, std::uint64_t num_bytes);
  void note_order(const message::ToWorker& order);
  void watch_graph_of(Peer& peer, const SchedulerActions& actions);
  void tell_watcher(const Peer& worker, const message::ToScheduler& message);

  // --- Questions, and functions that workers call outside of all tasks ---
  void answer(Peer& peer, const Ask& ask, const std::optional<Parcel>& parcel);
  void greet(Peer& peer, const Ask& ask, const std::optional<Parcel>& parcel);
  void call(Peer& peer, const Ask& ask, const std::optional<Parcel>& parcel);
  void pass_on(Peer& worker, const Called& called, const std::optional<Parcel>& parcel);

  // What another thread wants of the state, answered by the loop.
  template <class F>
  auto ask_loop(F question) const {
    using R = decltype(question());
    auto result = std::make_shared<std::promise<R>>();
    std::future<R> answer = result->get_future();
    loop.post([result, question = std::move(question)] { result->set_value(question()); });
    return answer.get();
  }

  const SchedulerSettings settings;
  const std::string id;
  std::string address;
  Listening listening;
  mutable EventLoop loop;
  std::thread thread;

  // --- Of the loop's thread ---
  SchedulerState state;
  SchedulerAnswers answers;
  TaskStream stream;
  TransferStream transfers;
  std::unordered_map<Peer*, PeerPtr> peers;
  std::map<ClientNumber, PeerPtr> clients;
  std::map<WorkerNumber, Clock::time_point> last_heard;
  std::set<WorkerNumber> silent;
  std::unordered_map<GraphNumber, Parcel> graphs;
  std::unordered_map<GraphNumber, Watcher> watched;
  std::unordered_map<TaskNumber, Parcel> values;
  std::unordered_map<TaskNumber, Parcel> faults;
  std::map<std::uint64_t, CallUnderWay> calls;
  std::uint64_t last_call = 0;
  std::vector<std::pair<std::string, Parcel>> greetings;  // in the order in which they came
  ClientNumber own_client = 0;

  // Changed by the loop's thread under the mutex; read by it without.
  mutable std::mutex mutex;
  mutable std::condition_variable workers_changed;
  std::map<WorkerNumber, PeerPtr> workers;
};

}  // namespace plait::cluster
