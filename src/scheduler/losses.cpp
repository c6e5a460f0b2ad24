// What happens when workers and values go: what is lost and needed is made again, and a task that keeps ending workers
// is found. After the first death that nobody explains each task that may be the cause runs alone, so that the second
// death names it and no other task is blamed.
#include "scheduler/scheduler_impl.h"

namespace plait {

using State = SchedulerTaskState;
using scheduling::kActor;
using scheduling::kScattered;
using scheduling::kSuspect;

namespace {
// How long a task that is to stop may still run.
constexpr Time kLongestStop = 30'000'000'000;
}  // namespace

// Nobody holds the value any more, or is to hold it. `hopeless`: why it is not made again; none if it may be.
void SchedulerState::Impl::lose_value(TaskRecord& task, TaskFailure hopeless) {
  drop_value(task);
  auto lose_input = [&](TaskRecord& user) {
    if (!user.is_active()) return;
    wait_again(user);
    ++user.num_missing;
  };
  for_each_user(task, lose_input);
  if (task.extra) {
    for (TaskRecord* alias : task.extra->aliases) {
      if (!alias->has_value()) continue;
      alias->num_bytes = 0;
      alias->num_missing = 1;
      set_state(*alias, State::waiting);
      for_each_user(*alias, lose_input);
    }
  }
  if (hopeless == TaskFailure::none && (task.has(kScattered) || task.has(kActor))) hopeless = TaskFailure::data_lost;
  if (hopeless != TaskFailure::none) return fail(task, hopeless, task.number());
  activate(task);
  if (task.extra) {
    tell_all(task);
    for (TaskRecord* alias : task.extra->aliases)
      if (alias->is_active()) tell_all(*alias);
  }
}

void SchedulerState::Impl::lose_worker(WorkerRecord& lost, const WorkerGone& event) {
  const WorkerNumber number = lost.number;
  const std::vector<TaskRecord*> interrupted = lost.processing;
  // A task that was taken back may have been running still.
  const bool was_alone = event.executing ? event.executing->size() == 1
                                         : interrupted.size() == 1 && now - lost.last_taken_back > kLongestStop;
  for (TaskRecord* task : interrupted) {
    story.note(now, task->number(), "lost with %", number);
    transfers.erase(task->number());
    take_back(*task, false);
    task->num_missing = 0;
    set_state(*task, State::waiting);
  }
  leave(lost);
  std::vector<TaskRecord*> without_value;
  for (GraphRecord* graph : graphs_in_order()) {
    std::erase(graph->known_by, number);
    for (TaskRecord& task : graph->tasks) {
      if (!task.holders.contains(number)) continue;
      remove_holder(task, lost);
      if (task.holders.empty() && !task.has(scheduling::kKept)) without_value.push_back(&task);
    }
  }
  for (auto& [task, transfer] : transfers) std::erase(transfer.to, number);
  for (TaskRecord* task : without_value)
    if (task->has_value() && task->holders.empty()) lose_value(*task);
  reroute_all(number, true);
  for (TaskRecord* task : interrupted) {
    if (!task->is_active()) continue;
    const bool was_running = !event.executing || std::ranges::count(*event.executing, task->number()) > 0;
    if (was_running && is_to_blame(*task, event.how, was_alone)) {
      fail(*task, TaskFailure::worker_died, task->number());
    } else if (task->state == State::waiting && task->num_missing == 0) {
      make_ready(*task);
    }
  }
  requeue(lost.queue);
  requeue(lost.pinned);
  workers[number].reset();
}

// The worker has no slot any more, and is given nothing.
void SchedulerState::Impl::leave(WorkerRecord& worker) {
  here.erase(here.begin() + worker.slot);
  forgets.erase(forgets.begin() + worker.slot);
  renumber_slots();
}

void SchedulerState::Impl::renumber_slots() {
  room = RankSet(here.size());
  for (std::uint32_t slot = 0; slot < here.size(); ++slot) here[slot]->slot = slot;
  for (WorkerRecord* worker : here) update_room(*worker);
}

// The task was running when its worker ended.
bool SchedulerState::Impl::is_to_blame(TaskRecord& task, WorkerEnd how, bool was_alone) const {
  switch (how) {
    case WorkerEnd::asked:
      return false;
    case WorkerEnd::killed:
      if (++task.num_kills >= 2) task.set(kSuspect);
      return task.num_kills >= options.max_killed;
    case WorkerEnd::died:
      task.set(kSuspect);
      // Only a task that ran alone is found guilty.
      if (!was_alone && task.num_deaths + 1u >= options.max_unexplained) return false;
      return ++task.num_deaths >= options.max_unexplained;
  }
  return false;
}

// Each suspect gets a worker that does nothing else; if all are busy, one of them is given nothing more.
void SchedulerState::Impl::run_suspects() {
  if (suspects.empty() && !is_draining) return;
  for (WorkerRecord* worker : here) {
    worker->is_draining = false;
    update_room(*worker);
  }
  is_draining = false;
  std::vector<TaskNumber> left;
  for (TaskNumber number : std::exchange(suspects, {})) {
    TaskRecord* task = find(number);
    if (!task || task->state != State::ready || !task->has(kSuspect) || std::ranges::count(left, number) > 0) continue;
    const auto* annotation = annotation_of(*task);
    WorkerRecord* best = nullptr;
    for (WorkerRecord* worker : here) {
      if (!is_open(*worker) || worker->is_draining || worker->runs_suspect) continue;
      if (annotation && annotation->demand && !may_run(*annotation->demand, *worker)) continue;
      if (!best || worker->processing.size() < best->processing.size()) best = worker;
    }
    if (best && best->processing.empty()) {
      assign(*task, *best);
      continue;
    }
    left.push_back(number);
    if (!best) continue;
    best->is_draining = is_draining = true;
    update_room(*best);
  }
  suspects = std::move(left);
}

// A worker whose session had ended comes back with values: what is needed and not there is taken from it.
void SchedulerState::Impl::accept_held(WorkerRecord& worker) {
  for (const message::HeldValue& held : worker.joined.held) {
    TaskRecord* task = find(held.task);
    const bool is_welcome = task && !task->is_alias() && (task->is_active() || task->has_value());
    if (!is_welcome) {
      forget_at(worker, held.task);
      continue;
    }
    if (task->has_value()) {
      add_holder(*task, worker);
      continue;
    }
    if (task->state == State::processing) take_back(*task, true);
    task->num_bytes = held.num_bytes;
    task->num_missing = 0;
    add_holder(*task, worker);
    finish(*task);
  }
  worker.joined.held = {};
}

}  // namespace plait
