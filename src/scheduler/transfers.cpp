// How values reach those who need them: a holder is asked for a copy, the copy goes to all who wait for it.
#include "scheduler/scheduler_impl.h"

namespace plait {

using scheduling::kKept;

namespace {
// Chance does not damage a value so often: something is wrong with the machine, or with the value.
constexpr std::uint8_t kMaxDamaged = 100;
}  // namespace

// From now on the worker counts as a holder as soon as the copy has been sent: frames come in order.
void SchedulerState::Impl::bring(TaskRecord& task, WorkerRecord& to) {
  if (task.holders.contains(to.number)) return;
  if (task.has(kKept)) {
    send(to, message::Deliver{task.number(), task.num_bytes}, Attached::kept);
    return add_holder(task, to);
  }
  Transfer& transfer = transfer_of(task);
  if (std::ranges::count(transfer.to, to.number) == 0) transfer.to.push_back(to.number);
}

void SchedulerState::Impl::bring_to_shell(TaskRecord& task) {
  if (!task.has(kKept)) transfer_of(task).to_shell = true;
}

SchedulerState::Impl::Transfer& SchedulerState::Impl::transfer_of(TaskRecord& task) {
  const auto [at, is_new] = transfers.try_emplace(task.number());
  if (is_new) ask(task, at->second);
  return at->second;
}

void SchedulerState::Impl::ask(TaskRecord& task, Transfer& transfer) {
  WorkerRecord& holder = holder_to_ask(task);
  transfer.number = next_transfer++;
  transfer.from = holder.number;
  send(holder, message::Provide{task.number(), transfer.number});
}

// One that is heard of, if there is one.
SchedulerState::Impl::WorkerRecord& SchedulerState::Impl::holder_to_ask(const TaskRecord& task) const {
  PLAIT_CHECK(!task.holders.empty());
  for (WorkerNumber holder : task.holders.all())
    if (!workers[holder]->is_silent) return *workers[holder];
  return *workers[task.holders.all().front()];
}

void SchedulerState::Impl::on(WorkerRecord& from, const message::Provided& provided) {
  const auto at = transfers.find(provided.task);
  if (at == transfers.end() || at->second.number != provided.transfer || at->second.from != from.number) return;
  TaskRecord* task = find(provided.task);
  if (!task || !task->has_value()) return;  // it comes before the task is done: a worker that makes no sense
  if (!provided.ok) return copy_is_gone(*task, from);
  const Transfer transfer = std::move(at->second);
  transfers.erase(at);
  for (WorkerNumber number : transfer.to) {
    WorkerRecord* to = worker(number);
    if (!to || task->holders.contains(number)) continue;
    send(*to, message::Deliver{provided.task, task->num_bytes}, Attached::arrived);
    add_holder(*task, *to);
  }
  if (transfer.to_shell && !task->has(kKept)) {
    task->set(kKept);
    out->push_back(scheduler_action::KeepValue{provided.task});
  }
  for_each_key(*task,
               [&](KeyRecord& key) { answer_gathers(key, KeyStatus::finished, Attached::arrived, provided.task); });
  continue_replications();
}

// The holder's copy was damaged, and it has dropped it.
void SchedulerState::Impl::on(WorkerRecord& from, const message::Lost& lost) {
  TaskRecord* task = find(lost.task);
  if (!task || !task->has_value() || !task->holders.contains(from.number)) return;
  // What is damaged so often would be fetched and made again for ever.
  if (++task->num_damaged >= kMaxDamaged) return lose_value(*task, TaskFailure::damaged);
  copy_is_gone(*task, from);
}

void SchedulerState::Impl::copy_is_gone(TaskRecord& task, WorkerRecord& at) {
  remove_holder(task, at);
  // It may have been sent another copy meanwhile, which would stay there.
  send(at, message::Forget{{task.number()}});
  if (task.holders.empty() && !task.has(kKept)) return lose_value(task);
  reroute(task, at.number);
  for (std::size_t i = 0; i < at.processing.size(); ++i) {
    bool takes = false;
    for_each_input(*at.processing[i], [&](TaskRecord& input) { takes |= &root(input) == &task; });
    if (takes) return bring(task, at);
  }
}

// Somebody else is asked for the copy on its way from a worker that will not send it.
void SchedulerState::Impl::reroute(TaskRecord& task, WorkerNumber from) {
  const auto at = transfers.find(task.number());
  if (at == transfers.end() || at->second.from != from) return;
  if (!task.has(kKept)) return ask(task, at->second);
  const Transfer transfer = std::move(at->second);
  transfers.erase(at);
  for (WorkerNumber to : transfer.to)
    if (worker(to)) bring(task, *workers[to]);
  serve_gathers(task);
}

// The worker was not heard of, or is gone: then even a holder that is not heard of is asked.
void SchedulerState::Impl::reroute_all(WorkerNumber from, bool is_gone) {
  std::vector<TaskNumber> affected;
  for (const auto& [number, transfer] : transfers)
    if (transfer.from == from) affected.push_back(number);
  for (TaskNumber number : affected) {
    TaskRecord* task = find(number);
    if (!task->has_value()) continue;  // its worker will send it when it is done
    const auto holders = task->holders.all();
    const bool has_other = task->has(kKept) || std::ranges::any_of(holders, [&](WorkerNumber holder) {
                             return holder != from && (is_gone || !workers[holder]->is_silent);
                           });
    if (has_other) reroute(*task, from);
  }
}

// --- Clients that wait for values ---

bool SchedulerState::Impl::is_wanted_by_gather(TaskRecord& task) const {
  bool wanted = false;
  for_each_key(task, [&](KeyRecord& key) { wanted |= !key.gathers.empty(); });
  return wanted;
}

void SchedulerState::Impl::serve_gathers(TaskRecord& task) {
  if (!is_wanted_by_gather(task)) return;
  if (task.has(kKept)) {
    for_each_key(task,
                 [&](KeyRecord& key) { answer_gathers(key, KeyStatus::finished, Attached::kept, task.number()); });
    return;
  }
  transfer_of(task);
}

void SchedulerState::Impl::answer_gathers(KeyRecord& key, KeyStatus status, Attached attached, TaskNumber of) {
  if (key.gathers.empty()) return;
  const TaskRecord* source = find(of);
  if (attached == Attached::fault && !(source && source->has(scheduling::kHasFault))) attached = Attached::nothing;
  const TaskFailure failure = status == KeyStatus::error ? key.task->failure : TaskFailure::none;
  const auto gathers = std::exchange(key.gathers, {});
  for (const auto& gather : gathers)
    send(gather.client, message::Gathered{gather.request, gather.index, status, failure}, attached, of);
  if (!key.is_wanted()) stop_wanting(key);
}

}  // namespace plait
