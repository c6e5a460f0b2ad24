// What workers without anything to do take from others: tasks that wait for another worker, and, by asking for them
// back, tasks that another worker was given and has not begun.
#include "scheduler/scheduler_impl.h"

namespace plait {

using scheduling::kRevoking;
using scheduling::kSeceded;
using scheduling::kSuspect;

// The queue of another worker whose most urgent task would begin here before it could begin there.
ReadyQueue* SchedulerState::Impl::queue_to_steal_from(WorkerRecord& thief) {
  ReadyQueue* found = nullptr;
  Time longest = 0;
  for (WorkerRecord* victim : here) {
    if (victim == &thief) continue;
    TaskRecord* task = top(victim->queue);
    if (!task) continue;
    const Time wait = victim->occupancy_ns / victim->joined.nthreads;
    const std::uint64_t missing = bytes_missing(*task, thief);
    if (is_open(*victim) && (has_room(*victim) || wait <= transfer_ns(missing))) continue;
    if (missing >= options.large_value_bytes && has_enough(thief, *task->graph)) continue;
    if (found && wait <= longest) continue;
    found = &victim->queue;
    longest = wait;
  }
  return found;
}

// What the worker would have to be brought for the task. A root that is promised elsewhere is to be brought there.
std::uint64_t SchedulerState::Impl::bytes_missing(TaskRecord& task, const WorkerRecord& worker) const {
  if (task.has(scheduling::kPromised)) return declared_bytes(task);
  std::uint64_t missing = 0;
  for_each_input(task, [&](TaskRecord& input) {
    const TaskRecord& value = root(input);
    if (!value.holders.contains(worker.number)) missing += value.num_bytes + 1;
  });
  return missing;
}

// Every worker that has nothing to do asks for one task of the worker that has most work ahead. The answer is Revoked.
void SchedulerState::Impl::revoke_for_idle() {
  has_idle_worker = false;
  if (counts.ready > 0) return;
  for (std::uint32_t slot = room.first(); slot != RankSet::kNone; slot = room.next(slot)) {
    if (!here[slot]->processing.empty()) continue;
    TaskRecord* best = nullptr;
    Time longest = 2 * options.latency_ns;
    for (WorkerRecord* victim : here) {
      const Time wait = victim->occupancy_ns / victim->joined.nthreads;
      if (victim->num_running() <= victim->joined.nthreads || wait <= longest) continue;
      TaskRecord* task = last_that_may_move(*victim, *here[slot]);
      if (!task || wait <= transfer_ns(bytes_missing(*task, *here[slot]))) continue;
      best = task;
      longest = wait;
    }
    if (!best) return;
    best->set(kRevoking);
    send(*workers[best->worker], message::Revoke{best->number(), best->attempt});
  }
}

SchedulerState::Impl::TaskRecord* SchedulerState::Impl::last_that_may_move(WorkerRecord& victim,
                                                                           const WorkerRecord& thief) {
  for (auto task = victim.processing.rbegin(); task != victim.processing.rend(); ++task) {
    if ((*task)->has(kRevoking)) return nullptr;  // one at a time
    if ((*task)->has(kSeceded) || (*task)->has(kSuspect) || takes_actor(**task)) continue;
    const auto* annotation = annotation_of(**task);
    if (annotation && annotation->demand && !may_run(*annotation->demand, thief)) continue;
    return *task;
  }
  return nullptr;
}

bool SchedulerState::Impl::takes_actor(TaskRecord& task) {
  bool takes = false;
  for_each_input(task, [&](TaskRecord& input) { takes |= root(input).has(scheduling::kActor); });
  return takes;
}

void SchedulerState::Impl::on(WorkerRecord& from, const message::Revoked& revoked) {
  TaskRecord* task = current(from, revoked.task, revoked.attempt);
  if (!task) return;
  task->unset(kRevoking);
  if (!revoked.ok) return;
  transfers.erase(revoked.task);
  take_back(*task, false);
  set_state(*task, SchedulerTaskState::ready);
  // To whoever has nothing to do, not to the worker that it came from.
  const auto* annotation = annotation_of(*task);
  ReadyQueue& to = annotation && annotation->demand ? annotation->demand->queue : queue;
  to.push(urgency_of(*task), revoked.task);
}

}  // namespace plait
