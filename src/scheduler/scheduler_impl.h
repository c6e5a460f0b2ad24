// What SchedulerState is made of. Its methods stand in files by what they decide: scheduler_state.cpp (events),
// submitting.cpp (graphs and keys), task_life.cpp (what is needed), placement.cpp (who runs what next), siblings.cpp,
// transfers.cpp,// losses.cpp (workers and values that go), replication.cpp, stealing.cpp, adaptive.cpp,
// scheduler_report.cpp.
#pragma once

#include "base/check.h"
#include "base/rank_set.h"
#include "scheduler/coordination.h"
#include "scheduler/records.h"
#include "scheduler/story.h"

namespace plait {

struct SchedulerState::Impl {
  using State = SchedulerTaskState;
  using TaskRecord = scheduling::TaskRecord;
  using GraphRecord = scheduling::GraphRecord;
  using KeyRecord = scheduling::KeyRecord;
  using WorkerRecord = scheduling::WorkerRecord;
  using Demand = scheduling::Demand;
  using Transfer = scheduling::Transfer;

  // Wishes that take more than one event.
  struct Replication {
    ClientNumber client = 0;
    std::uint64_t request = 0;
    std::uint32_t num_copies = 0;
    std::vector<std::string> keys;
    std::vector<std::string> workers;
  };
  struct Move {
    TaskNumber task = 0;
    WorkerNumber from = 0;
    WorkerNumber to = 0;
  };
  struct Rebalancing {
    ClientNumber client = 0;
    std::uint64_t request = 0;
    std::vector<Move> moves;
  };
  struct Retirement {
    ClientNumber client = 0;  // 0: nobody asks
    std::uint64_t request = 0;
    bool close = true;
    std::vector<WorkerNumber> workers;
    std::vector<std::string> names;
  };

  explicit Impl(const SchedulerOptions& given) : options(given) {}
  Impl(const Impl&) = delete;

  // --- Events: each runs between begin and end ---
  void begin(Time time, SchedulerActions& actions) {
    now = time;
    out = &actions;
  }
  void end();

  void on(WorkerRecord& from, const message::TaskDone& done);
  void on(WorkerRecord& from, const message::TaskErred& erred);
  void on(WorkerRecord& from, const message::Provided& provided);
  void on(WorkerRecord& from, const message::Lost& lost);
  void on(WorkerRecord& from, const message::Revoked& revoked);
  void on(WorkerRecord& from, const message::Seceded& seceded);
  void on(WorkerRecord& from, const message::WorkerStatus& status);
  void on(WorkerRecord& from, const message::Leaving& leaving);

  void on(ClientNumber from, const message::SubmitGraph& submitted);
  void on(ClientNumber from, const message::Scatter& scattered);
  void on(ClientNumber from, const message::Want& want);
  void on(ClientNumber from, const message::Release& release);
  void on(ClientNumber from, const message::FireAndForget& fire);
  void on(ClientNumber from, const message::Cancel& cancel);
  void on(ClientNumber from, const message::Retry& retry);
  void on(ClientNumber from, const message::Gather& gather);
  void on(ClientNumber from, const message::Replicate& replicate);
  void on(ClientNumber from, const message::Rebalance& rebalance);
  void on(ClientNumber from, const message::Retire& retire);
  void on(ClientNumber from, const message::Restart& restart);
  void on(ClientNumber from, const message::ObjectRequest& request);

  // --- Messages ---
  void send(WorkerRecord& to, message::ToWorker message, Attached attached = Attached::nothing);
  void send(ClientNumber to, message::ToClient message, Attached attached = Attached::nothing, TaskNumber of = 0);
  void forget_at(WorkerRecord& worker, TaskNumber task);
  void flush_forgets(WorkerRecord& worker);

  // --- Look-ups ---
  TaskRecord* find(TaskNumber task) const;
  // The task if this worker has it to run, in this attempt; null if the message is late.
  TaskRecord* current(const WorkerRecord& worker, TaskNumber task, std::uint32_t attempt) const;
  KeyRecord* find_key(std::string_view key) const;
  WorkerRecord* worker(WorkerNumber number) const { return number < workers.size() ? workers[number].get() : nullptr; }
  WorkerRecord* worker_named(std::string_view name_or_address) const;
  static TaskRecord& root(TaskRecord& task) { return task.is_alias() ? *task.extra->target : task; }
  std::vector<GraphRecord*> graphs_in_order() const;
  template <class F>  // f(TaskRecord&) for every use of the value in its own graph
  static void for_each_user(TaskRecord& task, F&& f) {
    for (std::uint32_t user : task.graph->users_of(task)) f(task.graph->tasks[user]);
  }
  template <class F>  // f(TaskRecord&) for every input, aliases as they stand
  static void for_each_input(TaskRecord& task, F&& f) {
    for (std::uint32_t input : task.graph->inputs_of(task)) f(task.graph->tasks[input]);
  }
  template <class F>  // f(TaskRecord&) for every use of a value: the inputs, or the task that this one stands for
  static void for_each_source(TaskRecord& task, F&& f) {
    if (task.is_alias())
      f(*task.extra->target);
    else
      for_each_input(task, f);
  }
  template <class F>  // f(KeyRecord&) for all keys of the value, those of its aliases too
  static void for_each_key(TaskRecord& task, F&& f);
  const scheduling::AnnotationRecord* annotation_of(const TaskRecord& task) const {
    return task.annotation == TaskRecord::kNoAnnotation ? nullptr : &task.graph->annotations[task.annotation];
  }
  Urgency urgency_of(const TaskRecord& task) const {
    const auto* annotation = annotation_of(task);
    return {annotation ? annotation->priority : 0, task_number(task.graph->number, task.rank)};
  }
  std::uint64_t declared_bytes(const TaskRecord& task) const {
    return task.graph->output_bytes.empty() ? 0 : task.graph->output_bytes[task.index];
  }
  scheduling::TaskExtra& extra_of(TaskRecord& task) {
    if (!task.extra) task.extra = std::make_unique<scheduling::TaskExtra>();
    return *task.extra;
  }
  static TaskNumber cause_of(const TaskRecord& task) { return task.num_bytes; }

  // --- Graphs and keys: submitting.cpp, keys.cpp ---
  std::string what_is_wrong(const message::SubmitGraph& submitted) const;
  GraphRecord& make_graph(const message::Topology& topology, const std::vector<TaskRecord*>& targets);
  void make_edges(GraphRecord& graph, const message::Topology& topology);
  void make_annotations(GraphRecord& graph, const message::Topology& topology);
  FamilyNumber family_named(const std::string& name);
  KeyRecord& make_key(const std::string& key, TaskRecord& task);
  void want(KeyRecord& key, ClientNumber client);
  void unwant(KeyRecord& key, ClientNumber client);
  void begin_to_want(KeyRecord& key);
  void stop_wanting(KeyRecord& key);
  void tell(const KeyRecord& key, ClientNumber client);
  void tell_all(TaskRecord& task);
  void tell_cancelled(const std::string& key, ClientNumber client, const message::Cancel& by = {});
  void cancel(KeyRecord& key, const message::Cancel& by);
  void revive(TaskRecord& task, const message::Scatter& scattered);
  void unref(GraphRecord& graph);
  void bury(GraphRecord& graph);
  std::uint32_t type_named(const std::string& name);

  // --- What is needed: task_life.cpp ---
  void set_state(TaskRecord& task, State state, WorkerNumber worker = 0);
  void need(TaskRecord& task);
  void unneed(TaskRecord& task);
  void activate(TaskRecord& task);
  void release_inputs(TaskRecord& task, std::vector<TaskRecord*>& no_longer_needed);
  void deactivate(std::vector<TaskRecord*> no_longer_needed);
  void drop_value(TaskRecord& task);
  void finish(TaskRecord& task);
  void announce(TaskRecord& task);
  void fail(TaskRecord& task, TaskFailure failure, TaskNumber cause);
  static TaskRecord* failed_input(TaskRecord& task);
  void try_again(TaskRecord& task);
  void wait_again(TaskRecord& task);
  void add_holder(TaskRecord& task, WorkerRecord& worker);
  void remove_holder(TaskRecord& task, WorkerRecord& worker);

  // --- Who runs what next: placement.cpp ---
  void make_ready(TaskRecord& task);
  ReadyQueue& queue_for(TaskRecord& task);
  void assign(TaskRecord& task, WorkerRecord& worker);
  // Takes the task from its worker, which is told so unless it knows.
  void take_back(TaskRecord& task, bool tell_worker);
  void dispatch();
  TaskRecord* take_for(WorkerRecord& worker);
  TaskRecord* top(ReadyQueue& queue);
  bool may_run(const Demand& demand, const WorkerRecord& worker) const;
  static bool is_open(const WorkerRecord& worker);  // whether it may be given tasks at all
  bool has_room(const WorkerRecord& worker) const;
  void update_room(WorkerRecord& worker);
  bool is_short_of_memory(const WorkerRecord& worker) const;
  bool may_begin(const TaskRecord& task, WorkerRecord& worker);
  static bool is_root(const TaskRecord& task) { return task.graph->inputs_of(task).empty(); }
  Time expected_ns(const TaskRecord& task) const;
  Time transfer_ns(std::uint64_t num_bytes) const;
  void requeue(ReadyQueue& queue);

  // --- Large values: siblings.cpp ---
  bool is_large_root(const TaskRecord& task) const;
  std::vector<TaskRecord*> siblings_of(TaskRecord& task) const;
  void promise_siblings(TaskRecord& task, WorkerRecord& worker);
  bool has_enough(WorkerRecord& worker, const GraphRecord& graph);
  bool is_about_to_be_used(TaskRecord& value, const WorkerRecord& worker) const;
  bool waits_for_siblings(TaskRecord& user, const WorkerRecord& worker) const;

  // --- transfers.cpp ---
  void bring(TaskRecord& task, WorkerRecord& to);  // a copy of the value to the worker
  void bring_to_shell(TaskRecord& task);
  void serve_gathers(TaskRecord& task);
  void answer_gathers(KeyRecord& key, KeyStatus status, Attached attached, TaskNumber of);
  Transfer& transfer_of(TaskRecord& task);
  void ask(TaskRecord& task, Transfer& transfer);
  WorkerRecord& holder_to_ask(const TaskRecord& task) const;
  void copy_is_gone(TaskRecord& task, WorkerRecord& at);
  void reroute(TaskRecord& task, WorkerNumber from);
  void reroute_all(WorkerNumber from, bool is_gone);
  bool is_wanted_by_gather(TaskRecord& task) const;

  // --- losses.cpp ---
  void lose_value(TaskRecord& task, TaskFailure hopeless = TaskFailure::none);
  void lose_worker(WorkerRecord& worker, const WorkerGone& event);
  void leave(WorkerRecord& worker);
  void renumber_slots();
  bool is_to_blame(TaskRecord& task, WorkerEnd how, bool was_alone) const;
  void run_suspects();
  void accept_held(WorkerRecord& worker);

  // --- replication.cpp, stealing.cpp ---
  void continue_replications();
  bool is_replicated(const Replication& wish);
  std::vector<TaskRecord*> movable(const std::vector<std::string>& of_keys) const;
  void continue_rebalancings();
  bool has_moved(const Move& move);
  bool is_used_at(TaskRecord& value, const WorkerRecord& worker) const;
  void retire(const std::vector<WorkerRecord*>& leaving, ClientNumber client, std::uint64_t request, bool close);
  void continue_retirements();
  bool is_empty(WorkerRecord& leaving);
  std::vector<WorkerRecord*> workers_named(const std::vector<std::string>& names) const;
  std::vector<WorkerRecord*> emptiest_workers() const;
  ReadyQueue* queue_to_steal_from(WorkerRecord& thief);
  std::uint64_t bytes_missing(TaskRecord& task, const WorkerRecord& worker) const;
  void revoke_for_idle();
  TaskRecord* last_that_may_move(WorkerRecord& victim, const WorkerRecord& thief);
  static bool takes_actor(TaskRecord& task);

  // --- objects.cpp ---
  void carry_out(Coordination::Effects& effects);

  // --- scheduler_report.cpp ---
  TaskInfo info_of(TaskRecord& task) const;

  // --- State ---
  const SchedulerOptions options;
  Time now = 0;
  SchedulerActions* out = nullptr;
  Story story;

  std::unordered_map<GraphNumber, std::unique_ptr<GraphRecord>> graphs;
  mutable GraphRecord* last_graph = nullptr;  // of the last look-up
  GraphNumber next_graph = 1;
  std::map<std::string, std::unique_ptr<KeyRecord>, std::less<>> keys;
  std::vector<scheduling::FamilyRecord> families;
  std::unordered_map<std::string, FamilyNumber> family_numbers;
  std::vector<std::string> types{""};
  std::unordered_map<std::string, std::uint32_t> type_numbers{{"", 0}};
  Counts counts;

  std::vector<std::unique_ptr<WorkerRecord>> workers{1};  // by number; those that are gone are null
  std::vector<WorkerRecord*> here;                        // by slot, in the order of joining
  std::vector<std::vector<TaskNumber>> forgets;           // by slot: to be sent as one message
  bool has_forgets = false;
  RankSet room;  // slots of workers that can be given a task
  std::vector<ClientNumber> clients;
  ClientNumber next_client = 1;

  ReadyQueue queue;  // of tasks that can run anywhere
  std::vector<TaskNumber> suspects;
  bool is_draining = false;             // some worker is kept for a suspect
  bool has_idle_worker = false;         // since idle workers were last helped
  std::vector<std::uint64_t> bytes_at;  // by slot: scratch of queue_for
  std::vector<std::shared_ptr<Demand>> demands;
  std::map<TaskNumber, Transfer> transfers;
  TransferNumber next_transfer = 1;

  std::vector<std::string> settled;  // keys to be released for kNobody when the event ends
  std::vector<GraphNumber> dying;    // without references: buried when the event ends

  Coordination coordination;
  std::map<std::string, std::uint32_t> num_in_objects;  // of keys
  std::vector<Replication> replications;
  std::vector<Rebalancing> rebalancings;
  std::vector<Retirement> retirements;
};

template <class F>
void SchedulerState::Impl::for_each_key(TaskRecord& task, F&& f) {
  if (!task.extra) return;
  for (KeyRecord* key : task.extra->keys) f(*key);
  for (TaskRecord* alias : task.extra->aliases)
    for (KeyRecord* key : alias->extra->keys) f(*key);
}

}  // namespace plait
