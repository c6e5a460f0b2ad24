// Which worker runs which task, and when. Tasks are bound late: a worker is given what fills its threads and a little
// work ahead, so that what is decided now is right when it begins. The most urgent task goes first; one with inputs
// waits for the worker that would begin it first, counting what must be brought there, and others take it when they
// have nothing to do. Roots start only where there is memory, so that values are used before more are made.
#include "scheduler/scheduler_impl.h"

namespace plait {

using State = SchedulerTaskState;
using scheduling::kActor;
using scheduling::kPromised;
using scheduling::kRevoking;
using scheduling::kSeceded;
using scheduling::kSuspect;

// --- Workers ---

bool SchedulerState::Impl::is_open(const WorkerRecord& worker) {
  return !worker.is_silent && !worker.is_retiring && !worker.status.is_paused;
}

bool SchedulerState::Impl::has_room(const WorkerRecord& worker) const {
  if (!is_open(worker) || worker.is_draining || worker.runs_suspect) return false;
  return worker.num_running() < worker.joined.nthreads ||
         worker.occupancy_ns < static_cast<Time>(worker.joined.nthreads) * options.backlog_ns;
}

void SchedulerState::Impl::update_room(WorkerRecord& worker) {
  if (has_room(worker))
    room.insert(worker.slot);
  else
    room.erase(worker.slot);
}

// Whether a root must not start here. If nothing runs anywhere, memory will not get free by waiting.
bool SchedulerState::Impl::is_short_of_memory(const WorkerRecord& worker) const {
  const std::uint64_t limit = worker.joined.memory_limit_bytes;
  if (limit == 0 || counts.processing == 0) return false;
  const std::uint64_t on_disk = std::min(worker.held_bytes, worker.status.spilled_bytes);
  return static_cast<double>(worker.held_bytes - on_disk) > options.memory_target * static_cast<double>(limit);
}

bool SchedulerState::Impl::may_run(const Demand& demand, const WorkerRecord& worker) const {
  auto is_named = [&](const WorkerRecord& one) {
    return std::ranges::count(demand.workers, one.joined.name) +
               std::ranges::count(demand.workers, one.joined.address) >
           0;
  };
  if (!demand.workers.empty() && !is_named(worker)) {
    const bool is_there_one = std::ranges::any_of(here, [&](const WorkerRecord* one) { return is_named(*one); });
    if (!demand.allow_other_workers || is_there_one) return false;
  }
  for (const auto& [name, amount] : demand.resources) {
    const auto has = worker.joined.resources.find(name);
    if (has == worker.joined.resources.end()) return false;
    const auto used = worker.used_resources.find(name);
    if ((used == worker.used_resources.end() ? 0.0 : used->second) + amount > has->second) return false;
  }
  return true;
}

Time SchedulerState::Impl::expected_ns(const TaskRecord& task) const {
  const auto known = static_cast<Time>(families[task.family].history.duration_ns());
  return known > 0 ? known : options.backlog_ns / 2;
}

Time SchedulerState::Impl::transfer_ns(std::uint64_t num_bytes) const {
  if (num_bytes == 0) return 0;
  return options.latency_ns + static_cast<Time>(static_cast<double>(num_bytes) / options.bandwidth_bytes_per_s * 1e9);
}

// --- Tasks that could run ---

void SchedulerState::Impl::make_ready(TaskRecord& task) {
  set_state(task, State::ready);
  task.unset(kPromised);
  const auto* annotation = annotation_of(task);
  if (task.has(kSuspect)) {
    suspects.push_back(task.number());
  } else if (annotation && annotation->demand) {
    annotation->demand->queue.push(urgency_of(task), task.number());
  } else {
    queue_for(task).push(urgency_of(task), task.number());
  }
}

ReadyQueue& SchedulerState::Impl::queue_for(TaskRecord& task) {
  if (is_root(task)) return queue;
  // Whoever takes an actor runs where it lives.
  WorkerRecord* actors_home = nullptr;
  std::uint64_t all_bytes = 0;
  bytes_at.assign(here.size(), 0);
  for_each_input(task, [&](TaskRecord& input) {
    const TaskRecord& value = root(input);
    all_bytes += value.num_bytes + 1;
    for (WorkerNumber holder : value.holders.all()) {
      WorkerRecord& at = *workers[holder];
      bytes_at[at.slot] += value.num_bytes + 1;
      if (value.has(kActor)) actors_home = &at;
    }
  });
  if (actors_home) return actors_home->pinned;
  WorkerRecord* best = nullptr;
  Time least = 0;
  auto consider = [&](WorkerRecord& worker) {
    if (!is_open(worker)) return;
    const Time wait = worker.occupancy_ns / worker.joined.nthreads + transfer_ns(all_bytes - bytes_at[worker.slot]);
    if (best && wait >= least) return;
    best = &worker;
    least = wait;
  };
  for (WorkerRecord* worker : here)
    if (bytes_at[worker->slot] > 0) consider(*worker);
  if (const std::uint32_t slot = room.first(); slot != RankSet::kNone) consider(*here[slot]);
  return best ? best->queue : queue;
}

// All that waits in the queue finds another one: its worker is no longer to be given anything.
void SchedulerState::Impl::requeue(ReadyQueue& from) {
  for (const ReadyQueue::Entry& entry : from.take_all()) {
    TaskRecord* task = find(entry.task);
    if (!task || task->state != State::ready) continue;
    task->unset(kPromised);
    queue_for(*task).push(entry.urgency, entry.task);
  }
}

// The most urgent task of the queue that is still to be given away.
SchedulerState::Impl::TaskRecord* SchedulerState::Impl::top(ReadyQueue& from) {
  while (!from.empty()) {
    TaskRecord* task = find(from.top().task);
    // What is promised to a worker waits in its queue.
    if (task && task->state == State::ready && !(&from == &queue && task->has(kPromised))) return task;
    from.pop();
  }
  return nullptr;
}

// Whether a task of those that can run anywhere should begin here, for all that is known of memory.
bool SchedulerState::Impl::may_begin(const TaskRecord& task, WorkerRecord& worker) {
  if (!is_root(task)) return true;
  return !is_short_of_memory(worker) && !(is_large_root(task) && has_enough(worker, *task.graph));
}

SchedulerState::Impl::TaskRecord* SchedulerState::Impl::take_for(WorkerRecord& worker) {
  ReadyQueue* best = nullptr;
  auto consider = [&](ReadyQueue& candidate) {
    if (!best || candidate.top().urgency.is_before(best->top().urgency)) best = &candidate;
  };
  if (top(worker.pinned)) consider(worker.pinned);
  if (top(worker.queue)) consider(worker.queue);
  for (const auto& demand : demands)
    if (top(demand->queue) && may_run(*demand, worker)) consider(demand->queue);
  if (const TaskRecord* task = top(queue); task && may_begin(*task, worker)) consider(queue);
  if (!best) best = queue_to_steal_from(worker);
  if (!best) return nullptr;
  TaskRecord* task = find(best->top().task);
  best->pop();
  if (best == &queue) promise_siblings(*task, worker);
  return task;
}

// --- Giving and taking back ---

// First one task for each free thread, so that all have something to do, then work ahead.
void SchedulerState::Impl::dispatch() {
  if (counts.ready == 0) return;
  run_suspects();
  for (bool has_given = true; has_given;) {
    has_given = false;
    for (std::uint32_t slot = room.first(); slot != RankSet::kNone; slot = room.next(slot)) {
      WorkerRecord& worker = *here[slot];
      if (worker.num_running() >= worker.joined.nthreads) continue;
      TaskRecord* task = take_for(worker);
      if (!task) continue;
      assign(*task, worker);
      has_given = true;
    }
  }
  for (std::uint32_t slot = room.first(); slot != RankSet::kNone; slot = room.next(slot)) {
    WorkerRecord& worker = *here[slot];
    while (has_room(worker)) {
      TaskRecord* task = take_for(worker);
      if (!task) break;
      assign(*task, worker);
    }
  }
}

void SchedulerState::Impl::assign(TaskRecord& task, WorkerRecord& worker) {
  set_state(task, State::processing, worker.number);
  task.unset(kPromised);
  ++task.attempt;
  task.worker = worker.number;
  task.position = static_cast<std::uint32_t>(worker.processing.size());
  worker.processing.push_back(&task);
  task.expected_ns =
      static_cast<std::uint32_t>(std::min<Time>(expected_ns(task), std::numeric_limits<std::uint32_t>::max()));
  worker.occupancy_ns += task.expected_ns;
  worker.runs_suspect |= task.has(kSuspect);
  const auto* annotation = annotation_of(task);
  if (annotation && annotation->demand)
    for (const auto& [name, amount] : annotation->demand->resources) worker.used_resources[name] += amount;
  else if (is_large_root(task) && std::ranges::count(worker.large_values, task.number()) == 0)
    worker.large_values.push_back(task.number());
  update_room(worker);

  GraphRecord& graph = *task.graph;
  if (std::ranges::count(graph.known_by, worker.number) == 0) {
    graph.known_by.push_back(worker.number);
    send(worker, message::TakeGraph{graph.number}, Attached::graph);
  }
  message::Compute compute{.task = task.number(), .attempt = task.attempt, .family = task.family};
  compute.inputs.reserve(graph.inputs_of(task).size());
  for_each_input(task, [&](TaskRecord& input) {
    TaskRecord& value = root(input);
    compute.inputs.push_back(value.number());
    bring(value, worker);
  });
  const Urgency urgency = urgency_of(task);
  compute.priority = urgency.priority;
  compute.order = urgency.order;
  compute.output_bytes = declared_bytes(task);
  compute.memory_bytes = annotation ? annotation->memory_bytes : 0;
  compute.is_actor = task.has(kActor);
  if (is_wanted_by_gather(task)) {
    compute.transfer = next_transfer++;
    transfers[compute.task] = {.number = compute.transfer, .from = worker.number};
  }
  send(worker, std::move(compute));
}

void SchedulerState::Impl::take_back(TaskRecord& task, bool tell_worker) {
  WorkerRecord& worker = *workers[task.worker];
  worker.processing[task.position] = worker.processing.back();
  worker.processing[task.position]->position = task.position;
  worker.processing.pop_back();
  if (task.has(kSeceded))
    --worker.num_outside;
  else
    worker.occupancy_ns -= task.expected_ns;
  if (task.has(kSuspect)) worker.runs_suspect = false;
  task.unset(kSeceded);
  task.unset(kRevoking);
  const auto* annotation = annotation_of(task);
  if (annotation && annotation->demand)
    for (const auto& [name, amount] : annotation->demand->resources) worker.used_resources[name] -= amount;
  task.worker = 0;
  has_idle_worker |= worker.processing.empty();
  update_room(worker);
  if (!tell_worker) return;
  worker.last_taken_back = now;
  transfers.erase(task.number());
  forget_at(worker, task.number());
}

}  // namespace plait
