// What clients, the scheduler and workers say to each other: structs that list their fields, in variants that have a
// Codec. Values, faults and graphs are never inside a message: the shells send them as parcels beside it.
//
// Who sends what, when, and what it means if it comes twice or late stands with the machines (scheduler_state.h,
// worker_state.h). Between two machines messages come in order and once, or the session ends (link.h).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "base/records.h"

namespace plait {

// Given by the scheduler, never twice. A task's number holds its graph's and its index in the graph, so that one order
// of 16 bytes names both.
using GraphNumber = std::uint64_t;
using TaskNumber = std::uint64_t;
using WorkerNumber = std::uint32_t;  // of one incarnation; from 1
using ClientNumber = std::uint32_t;  // from 1
using TransferNumber = std::uint64_t;
using FamilyNumber = std::uint32_t;  // tasks that are alike: sizes and times are learned for each
using Time = std::int64_t;           // nanoseconds, of any clock that only goes forward

inline constexpr int kTaskIndexBits = 26;
inline constexpr std::size_t kMaxTasksOfGraph = std::size_t{1} << kTaskIndexBits;

constexpr TaskNumber task_number(GraphNumber graph, std::uint32_t index) { return graph << kTaskIndexBits | index; }
constexpr GraphNumber graph_of(TaskNumber task) { return task >> kTaskIndexBits; }
constexpr std::uint32_t index_of(TaskNumber task) { return static_cast<std::uint32_t>(task & (kMaxTasksOfGraph - 1)); }

// What a client sees of a key.
enum class KeyStatus : std::uint8_t {
  pending,
  finished,
  error,      // the fault's parcel comes along
  lost,       // data that nobody can make again
  cancelled,  // or never known
};

// Why a task has no value.
enum class TaskFailure : std::uint8_t {
  none,
  raised,         // the fault's parcel says what
  worker_died,    // again and again, while this task was running
  data_lost,      // it was scattered, or is an actor, and its holder is gone
  never_fits,     // its inputs and its declared output exceed a worker's memory
  over_its_cap,   // it took more memory than it may
  nobody_can,     // it demands what no worker will ever have
  input_unknown,  // it builds on a key that does not exist
  damaged,        // no copy of its value could be read, again and again
  asks_to_run_again,
};

namespace message {

// --- Client to scheduler ---

// What a user demands of tasks.
struct Annotation {
  std::int32_t priority = 0;  // higher goes first
  std::uint32_t retries = 0;
  std::vector<std::string> workers;  // by name or address; empty: any
  bool allow_other_workers = false;
  std::map<std::string, double> resources;
  std::uint64_t memory_bytes = 0;  // cap for the task; 0: the worker's
  bool is_actor = false;           // its value never moves, and what takes it runs where it is
  static constexpr auto fields = std::tuple{
      &Annotation::priority,  &Annotation::retries,      &Annotation::workers, &Annotation::allow_other_workers,
      &Annotation::resources, &Annotation::memory_bytes, &Annotation::is_actor};
};

// A graph as the scheduler needs it. One entry a task in each vector but `inputs`, `families` and `annotations`;
// a task's inputs are earlier tasks.
struct Topology {
  std::vector<std::uint32_t> num_inputs;
  std::vector<std::uint32_t> inputs;        // of the first task, the second, ...
  std::vector<std::uint32_t> rank;          // order(graph)
  std::vector<std::uint32_t> family;        // index in `families`
  std::vector<std::string> families;        // names of layers' operations
  std::vector<std::uint64_t> output_bytes;  // expected; empty: none are known
  std::vector<std::uint32_t> annotation;    // 1 + index in `annotations`, 0: none; empty: none at all
  std::vector<Annotation> annotations;
  static constexpr auto fields =
      std::tuple{&Topology::num_inputs, &Topology::inputs,       &Topology::rank,       &Topology::family,
                 &Topology::families,   &Topology::output_bytes, &Topology::annotation, &Topology::annotations};
};

struct NamedTask {
  std::uint32_t index = 0;
  std::string key;
  static constexpr auto fields = std::tuple{&NamedTask::index, &NamedTask::key};
};

// Comes with the graph's parcel. The sender wants the outputs until it releases them.
struct SubmitGraph {
  Topology topology;
  std::vector<NamedTask> outputs;
  std::vector<NamedTask> named;     // can be asked for by their keys as long as the graph lives
  std::vector<NamedTask> existing;  // stand for results that are on the cluster already
  static constexpr auto fields =
      std::tuple{&SubmitGraph::topology, &SubmitGraph::outputs, &SubmitGraph::named, &SubmitGraph::existing};
};
// Comes with the value's parcel. The sender wants the key.
struct Scatter {
  std::string key;
  std::uint64_t num_bytes = 0;
  std::vector<std::string> workers;  // empty: any
  std::uint32_t num_copies = 1;      // at least; 0: on all workers
  static constexpr auto fields =
      std::tuple{&Scatter::key, &Scatter::num_bytes, &Scatter::workers, &Scatter::num_copies};
};
// Answered by KeyState for each key, and again whenever it changes.
struct Want {
  std::vector<std::string> keys;
  static constexpr auto fields = std::tuple{&Want::keys};
};
struct Release {
  std::vector<std::string> keys;
  static constexpr auto fields = std::tuple{&Release::keys};
};
// The keys are kept until they are finished or have failed, even if the client goes.
struct FireAndForget {
  std::vector<std::string> keys;
  static constexpr auto fields = std::tuple{&FireAndForget::keys};
};
// Unless somebody else wants them (with `force`: even then). Answered by Done where a request is given.
struct Cancel {
  std::vector<std::string> keys;
  bool force = false;
  std::string reason;  // for who asks for the results: in a word, and in some more
  std::string text;
  std::uint64_t request = 0;
  static constexpr auto fields =
      std::tuple{&Cancel::keys, &Cancel::force, &Cancel::reason, &Cancel::text, &Cancel::request};
};
// Failed tasks run again, and those that failed because of them.
struct Retry {
  std::vector<std::string> keys;
  static constexpr auto fields = std::tuple{&Retry::keys};
};
// One Gathered for each key, as soon as it is finished.
struct Gather {
  std::uint64_t request = 0;
  std::vector<std::string> keys;
  static constexpr auto fields = std::tuple{&Gather::request, &Gather::keys};
};
// Answered by Done when all copies are there.
struct Replicate {
  std::uint64_t request = 0;
  std::vector<std::string> keys;
  std::uint32_t num_copies = 0;  // 0: on all
  std::vector<std::string> workers;
  static constexpr auto fields =
      std::tuple{&Replicate::request, &Replicate::keys, &Replicate::num_copies, &Replicate::workers};
};
// Evens out the memory of workers. Answered by Done.
struct Rebalance {
  std::uint64_t request = 0;
  std::vector<std::string> keys;     // empty: all
  std::vector<std::string> workers;  // empty: all
  static constexpr auto fields = std::tuple{&Rebalance::request, &Rebalance::keys, &Rebalance::workers};
};
// Workers get nothing new, what only they hold is moved, then they close (with `close`). Answered by Done.
struct Retire {
  std::uint64_t request = 0;
  std::vector<std::string> workers;
  bool close = true;
  static constexpr auto fields = std::tuple{&Retire::request, &Retire::workers, &Retire::close};
};
// All tasks are cancelled, all clients' keys with them. Answered by Done.
struct Restart {
  std::uint64_t request = 0;
  static constexpr auto fields = std::tuple{&Restart::request};
};

// Named objects that tasks and clients of the whole cluster share: see coordination.h.
enum class ObjectKind : std::uint8_t { lock, semaphore, event, queue, variable, dataset };
enum class ObjectAction : std::uint8_t {
  acquire,  // lock, semaphore: `names` are taken all at once
  release,
  get,     // event: wait until set; queue: take the first; variable, dataset: read
  put,     // event: set; queue: append; variable, dataset: write
  remove,  // event: clear; others: delete
  info,    // lock: whether held; semaphore: number of leases; event: whether set; queue: size; dataset: names
};
// What queues and variables hold: bytes that only clients understand, and keys that stay wanted as long as it is held.
struct Item {
  std::vector<std::uint8_t> bytes;
  std::vector<std::string> keys;
  static constexpr auto fields = std::tuple{&Item::bytes, &Item::keys};
};
struct ObjectRequest {
  std::uint64_t request = 0;
  ObjectKind kind = ObjectKind::lock;
  ObjectAction action = ObjectAction::info;
  std::vector<std::string> names;  // one; several for acquire and release of locks
  std::uint32_t limit = 1;         // semaphore: leases; queue: maximal size, 0: none; get of a queue: how many
  std::uint32_t count = 1;         // acquire: how many of `names` at least
  Time timeout_ns = -1;            // how long to wait; -1: for ever
  std::uint64_t owner = 0;         // tells holders of one client apart
  Item item;
  static constexpr auto fields = std::tuple{&ObjectRequest::request,    &ObjectRequest::kind,  &ObjectRequest::action,
                                            &ObjectRequest::names,      &ObjectRequest::limit, &ObjectRequest::count,
                                            &ObjectRequest::timeout_ns, &ObjectRequest::owner, &ObjectRequest::item};
};

using FromClient = std::variant<SubmitGraph, Scatter, Want, Release, FireAndForget, Cancel, Retry, Gather, Replicate,
                                Rebalance, Retire, Restart, ObjectRequest>;

// --- Scheduler to client ---

struct KeyState {
  std::string key;
  KeyStatus status = KeyStatus::pending;
  TaskFailure failure = TaskFailure::none;
  TaskNumber cause = 0;  // the task that failed; its fault's parcel comes along if there is one
  std::uint64_t num_bytes = 0;
  std::string type_name;
  static constexpr auto fields = std::tuple{&KeyState::key,   &KeyState::status,    &KeyState::failure,
                                            &KeyState::cause, &KeyState::num_bytes, &KeyState::type_name};
};
// Somebody has cancelled them, or nobody knows them: they are `cancelled`.
struct KeysCancelled {
  std::vector<std::string> keys;
  std::string reason;
  std::string text;
  static constexpr auto fields = std::tuple{&KeysCancelled::keys, &KeysCancelled::reason, &KeysCancelled::text};
};
// Comes with the value's parcel, or with the fault's.
struct Gathered {
  std::uint64_t request = 0;
  std::uint32_t index = 0;  // of the key in the request
  KeyStatus status = KeyStatus::finished;
  TaskFailure failure = TaskFailure::none;
  static constexpr auto fields =
      std::tuple{&Gathered::request, &Gathered::index, &Gathered::status, &Gathered::failure};
};
struct Done {
  std::uint64_t request = 0;
  bool ok = true;
  std::string text;                // what went wrong
  std::vector<std::string> names;  // retired workers
  static constexpr auto fields = std::tuple{&Done::request, &Done::ok, &Done::text, &Done::names};
};
struct ObjectReply {
  std::uint64_t request = 0;
  bool ok = false;           // false: the time was up, or there is no such thing
  std::uint64_t number = 0;  // for `info`; for acquire: how many
  std::vector<Item> items;
  std::vector<std::string> names;
  static constexpr auto fields = std::tuple{&ObjectReply::request, &ObjectReply::ok, &ObjectReply::number,
                                            &ObjectReply::items, &ObjectReply::names};
};
// A message of the client made no sense: a bug in the client.
struct Refused {
  std::string text;
  static constexpr auto fields = std::tuple{&Refused::text};
};

using ToClient = std::variant<KeyState, KeysCancelled, Gathered, Done, ObjectReply, Refused>;

// --- Scheduler to worker ---

// Comes with the graph's parcel, before the first task of it.
struct TakeGraph {
  GraphNumber graph = 0;
  static constexpr auto fields = std::tuple{&TakeGraph::graph};
};
struct ForgetGraph {
  GraphNumber graph = 0;
  static constexpr auto fields = std::tuple{&ForgetGraph::graph};
};
// Inputs that the worker does not hold are delivered without being asked for.
struct Compute {
  TaskNumber task = 0;  // graph and index; the value's number
  std::uint32_t attempt = 0;
  FamilyNumber family = 0;
  std::vector<TaskNumber> inputs;  // in the order of the graph; values of other graphs stand under their own numbers
  std::int32_t priority = 0;
  std::uint64_t order = 0;         // lower goes first among equal priorities
  std::uint64_t output_bytes = 0;  // declared; 0: not known
  std::uint64_t memory_bytes = 0;  // cap; 0: none but the worker's
  TransferNumber transfer = 0;     // not 0: Provided under this number follows TaskDone without being asked for
  bool is_actor = false;
  static constexpr auto fields = std::tuple{
      &Compute::task,  &Compute::attempt,      &Compute::family,       &Compute::inputs,   &Compute::priority,
      &Compute::order, &Compute::output_bytes, &Compute::memory_bytes, &Compute::transfer, &Compute::is_actor};
};
// Asks for a copy of a value that the worker holds. Answered by Provided with the parcel.
struct Provide {
  TaskNumber task = 0;
  TransferNumber transfer = 0;
  static constexpr auto fields = std::tuple{&Provide::task, &Provide::transfer};
};
// A copy for the worker to hold, with its parcel.
struct Deliver {
  TaskNumber task = 0;
  std::uint64_t num_bytes = 0;
  static constexpr auto fields = std::tuple{&Deliver::task, &Deliver::num_bytes};
};
// Values are dropped, tasks that have not finished are taken back, running ones stopped.
struct Forget {
  std::vector<TaskNumber> tasks;
  static constexpr auto fields = std::tuple{&Forget::tasks};
};
// The task is given back unless it is running. Answered by Revoked.
struct Revoke {
  TaskNumber task = 0;
  std::uint32_t attempt = 0;
  static constexpr auto fields = std::tuple{&Revoke::task, &Revoke::attempt};
};
struct Close {
  bool comes_back = false;  // as another process: whoever watches over it starts it again
  static constexpr auto fields = std::tuple{&Close::comes_back};
};

using ToWorker = std::variant<TakeGraph, ForgetGraph, Compute, Provide, Deliver, Forget, Revoke, Close>;

// --- Worker to scheduler ---

struct HeldValue {
  TaskNumber task = 0;
  std::uint64_t num_bytes = 0;
  static constexpr auto fields = std::tuple{&HeldValue::task, &HeldValue::num_bytes};
};
// The first message of a session. A worker whose session had ended comes with what it still holds.
struct WorkerJoined {
  std::string name;
  std::string address;
  std::uint32_t nthreads = 1;
  std::uint64_t memory_limit_bytes = 0;  // 0: none
  std::map<std::string, double> resources;
  std::vector<HeldValue> held;
  static constexpr auto fields = std::tuple{&WorkerJoined::name,
                                            &WorkerJoined::address,
                                            &WorkerJoined::nthreads,
                                            &WorkerJoined::resources,
                                            &WorkerJoined::memory_limit_bytes,
                                            &WorkerJoined::held};
};
struct TaskDone {
  TaskNumber task = 0;
  std::uint32_t attempt = 0;
  std::uint64_t num_bytes = 0;
  std::uint64_t duration_ns = 0;
  std::uint64_t peak_bytes = 0;
  std::string type_name;
  static constexpr auto fields = std::tuple{&TaskDone::task,        &TaskDone::attempt,    &TaskDone::num_bytes,
                                            &TaskDone::duration_ns, &TaskDone::peak_bytes, &TaskDone::type_name};
};
// Comes with the fault's parcel if the task raised or exceeded its cap.
struct TaskErred {
  TaskNumber task = 0;
  std::uint32_t attempt = 0;
  TaskFailure failure = TaskFailure::raised;
  static constexpr auto fields = std::tuple{&TaskErred::task, &TaskErred::attempt, &TaskErred::failure};
};
// Comes with the parcel if `ok`. If not, the value cannot be read: the worker has dropped it.
struct Provided {
  TaskNumber task = 0;
  TransferNumber transfer = 0;
  bool ok = true;
  static constexpr auto fields = std::tuple{&Provided::task, &Provided::transfer, &Provided::ok};
};
// The worker no longer has its copy: a parcel or a file was damaged.
struct Lost {
  TaskNumber task = 0;
  static constexpr auto fields = std::tuple{&Lost::task};
};
struct Revoked {
  TaskNumber task = 0;
  std::uint32_t attempt = 0;
  bool ok = true;
  static constexpr auto fields = std::tuple{&Revoked::task, &Revoked::attempt, &Revoked::ok};
};
// The task goes on outside the worker's threads, or comes back to them.
struct Seceded {
  TaskNumber task = 0;
  std::uint32_t attempt = 0;
  bool is_back = false;
  static constexpr auto fields = std::tuple{&Seceded::task, &Seceded::attempt, &Seceded::is_back};
};
struct WorkerStatus {
  std::uint64_t process_bytes = 0;
  std::uint64_t managed_bytes = 0;
  std::uint64_t spilled_bytes = 0;
  bool is_paused = false;
  std::vector<TaskNumber> executing;
  static constexpr auto fields =
      std::tuple{&WorkerStatus::process_bytes, &WorkerStatus::managed_bytes, &WorkerStatus::spilled_bytes,
                 &WorkerStatus::is_paused, &WorkerStatus::executing};
};
// The worker wants to be retired: somebody has asked it to end.
struct Leaving {
  static constexpr auto fields = std::tuple{};
};

using ToScheduler = std::variant<TaskDone, TaskErred, Provided, Lost, Revoked, Seceded, WorkerStatus, Leaving>;

}  // namespace message
}  // namespace plait
