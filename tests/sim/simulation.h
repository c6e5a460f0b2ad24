// One simulated cluster: the real SchedulerState and the real WorkerStates in one thread and in virtual time. Tasks are
// not run: a value is the hash of its task and its inputs' hashes, so the right answer of every graph is known. What
// stands between the machines (links, disks, processes, clients) is simulated here, and breaks as the scenario says.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <variant>

#include "scenario.h"
#include "scheduler/link.h"
#include "scheduler/scheduler_state.h"
#include "scheduler/worker_state.h"

namespace plait::sim {

struct Parcel {
  std::uint64_t hash = 0;
  bool is_damaged = false;
};

template <class Message>
struct Packet {
  Message message;
  Parcel parcel;
};

struct Outcome {
  std::uint64_t trace = 0;  // the hash of all that happened
  std::string failure;      // empty: all promises were kept
  // How hard the run was.
  std::size_t num_events = 0;
  std::size_t num_runs = 0;
  std::size_t num_deaths = 0;
  std::size_t num_spills = 0;
  std::size_t num_damaged = 0;
  std::size_t num_rejoins = 0;
  std::size_t num_errors = 0;
  std::size_t num_transfers = 0;
  std::size_t num_gathered = 0;

  void add(const Outcome& other);
  std::string text() const;
};

class Simulation {
 public:
  explicit Simulation(const Scenario& scenario);
  ~Simulation();
  Outcome run();

 private:
  using ToWorkerPacket = Packet<message::ToWorker>;
  using ToSchedulerPacket = Packet<message::ToScheduler>;
  template <class P>
  using Frame = std::shared_ptr<const std::vector<P>>;

  struct Session;
  struct Process;
  struct Client;

  // --- Time ---
  void after(Time delay, std::function<void()> what);
  void note(std::uint64_t what) { outcome_.trace = mix(outcome_.trace, what); }
  void fail(const std::string& what);
  bool step();

  // --- Processes ---
  void start_process(std::size_t place);
  void open_session(Process& process);
  void kill(Process& process, WorkerEnd how, bool is_replaced);
  template <class Event>
  void happen(Process& process, const Event& event);
  // Now, or when the process goes on.
  void in_process(Process& process, std::function<void()> what);
  void wake(Process& process);
  void measure_memory(Process& process);
  void close(Process& process);
  void carry_out(Process& process, WorkerActions actions, const Parcel& arrived);
  void act(Process& process, const worker_action::Send& send);
  void act(Process& process, const worker_action::Execute& execute);
  void act(Process& process, const worker_action::Interrupt& interrupt);
  void act(Process& process, const worker_action::ReplaceThread& replace);
  void act(Process& process, const worker_action::Keep& keep);
  void act(Process& process, const worker_action::Provide& provide);
  void act(Process& process, const worker_action::Drop& drop);
  void act(Process& process, const worker_action::Unload& unload);
  void act(Process& process, const worker_action::DropCopy& drop);
  void act(Process& process, const worker_action::Spill& spill);
  void act(Process& process, const worker_action::Load& load);
  void act(Process& process, const worker_action::TakeGraph& take);
  void act(Process& process, const worker_action::ForgetGraph& forget);
  void act(Process& process, const worker_action::Close& close);
  void finish(Process& process, const worker_action::Execute& execute, std::uint64_t hash);
  void check(Process& process);
  void send(Process& process, ToSchedulerPacket packet);
  std::uint64_t hash_of(Process& process, const worker_action::Execute& execute);

  // --- Links ---
  void to_worker(Session& session, FrameHeader header, Frame<ToWorkerPacket> frame);
  void to_scheduler(Session& session, FrameHeader header, Frame<ToSchedulerPacket> frame);
  void on_wire(Process& process, Time cut_until, std::function<void()> arrive);
  void arrive_at_worker(Session& session, const FrameHeader& header, const Frame<ToWorkerPacket>& frame);
  void arrive_at_scheduler(Session& session, const FrameHeader& header, const Frame<ToSchedulerPacket>& frame);
  void tick_session(Session& session);
  Session* session_of(WorkerNumber worker);

  // --- Scheduler ---
  template <class F>
  void at_scheduler(F&& handle, const Parcel& arrived) {
    SchedulerActions actions;
    handle(actions);
    carry_out(actions, arrived);
    // In large graphs not after every event: it looks at every task.
    if (scheduler_.counts().num_tasks < 300 || outcome_.num_events % 64 == 0) scheduler_.validate();
  }
  void carry_out(const SchedulerActions& actions, const Parcel& arrived);
  void lose_session(Session& session, WorkerEnd how, std::optional<std::vector<TaskNumber>> executing);

  // --- Clients ---
  void submit(const SimGraph& graph);
  bool may_fit(const SimGraph& graph, const SimTask& task) const;
  void scatter(const SimScatter& scattered);
  template <class F>
  void send_to_scheduler(Client& client, F&& what);
  void from_client(Client& client, message::FromClient message, Parcel parcel = {});
  void at_client(Client& client, const message::ToClient& message, const Parcel& parcel);
  void gather(Client& client, std::vector<std::string> keys);
  void cancel_some(Client& client);
  void retry_failed(Client& client);
  void vanish(Client& client);

  void inject(const Fault& fault);
  bool all_settled() const;
  void release_all();
  void check_end();

  const Scenario& scenario_;
  Dice dice_;
  Outcome outcome_;
  Time now_ = 0;
  std::uint64_t sequence_ = 0;
  std::map<std::pair<Time, std::uint64_t>, std::function<void()>> events_;

  SchedulerState scheduler_;
  std::map<TaskNumber, Parcel> kept_;
  std::set<TaskNumber> faults_;
  std::set<GraphNumber> graphs_;
  std::map<GraphNumber, const SimGraph*> sources_;  // of all graphs there ever were
  const SimGraph* submitted_ = nullptr;             // while SubmitGraph is being handled

  std::vector<std::unique_ptr<Process>> processes_;  // those that are gone too
  std::vector<std::unique_ptr<Session>> sessions_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::map<ClientNumber, Client*> client_of_;
  std::map<std::string, std::uint64_t> expected_;  // by key
  std::set<std::string> fragile_;                  // keys that may fail or be lost without a fault of the cluster
  std::map<std::uint64_t, int> num_runs_of_;       // by the task's hash
  Parcel arrived_;                                 // with the message that a worker handles
  WorkerNumber next_worker_ = 1;
  // Nothing breaks any more: a while after the last fault, so that all must come to an end.
  bool is_calm() const { return is_ending_ || now_ > calm_after_; }
  Time calm_after_ = 0;
  bool is_ending_ = false;
};

}  // namespace plait::sim
