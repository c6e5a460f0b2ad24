#include "scheduler/scheduler_state.h"

#include "scheduler/scheduler_impl.h"

namespace plait {

using State = SchedulerTaskState;
using scheduling::kHasFault;
using scheduling::kSeceded;

SchedulerState::SchedulerState(const SchedulerOptions& options) : impl_(std::make_unique<Impl>(options)) {}
SchedulerState::SchedulerState(SchedulerState&&) noexcept = default;
SchedulerState& SchedulerState::operator=(SchedulerState&&) noexcept = default;
SchedulerState::~SchedulerState() = default;

// --- Who comes and goes ---

WorkerNumber SchedulerState::add_worker(const message::WorkerJoined& joined, Time now, SchedulerActions& out) {
  Impl& impl = *impl_;
  impl.begin(now, out);
  auto made = std::make_unique<scheduling::WorkerRecord>();
  scheduling::WorkerRecord& worker = *made;
  worker.number = static_cast<WorkerNumber>(impl.workers.size());
  worker.joined = joined;
  worker.joined.nthreads = std::max(joined.nthreads, 1u);
  worker.last_seen = now;
  impl.workers.push_back(std::move(made));
  impl.here.push_back(&worker);
  impl.forgets.emplace_back();
  impl.renumber_slots();
  impl.has_idle_worker = true;
  impl.accept_held(worker);
  impl.end();
  return worker.number;
}

ClientNumber SchedulerState::add_client(Time) {
  impl_->clients.push_back(impl_->next_client);
  return impl_->next_client++;
}

void SchedulerState::handle(const WorkerGone& event, Time now, SchedulerActions& out) {
  scheduling::WorkerRecord* worker = impl_->worker(event.worker);
  if (!worker) return;
  impl_->begin(now, out);
  impl_->lose_worker(*worker, event);
  impl_->end();
}

void SchedulerState::handle(const WorkerSilent& event, Time now, SchedulerActions& out) {
  scheduling::WorkerRecord* worker = impl_->worker(event.worker);
  if (!worker || worker->is_silent == event.is_silent) return;
  impl_->begin(now, out);
  worker->is_silent = event.is_silent;
  impl_->update_room(*worker);
  if (event.is_silent) {
    impl_->reroute_all(worker->number, false);
    impl_->requeue(worker->queue);
  }
  impl_->end();
}

void SchedulerState::handle(const ClientGone& event, Time now, SchedulerActions& out) {
  if (std::erase(impl_->clients, event.client) == 0) return;
  impl_->begin(now, out);
  for (auto& [name, key] : impl_->keys) {
    const bool was_wanted = key->is_wanted();
    std::erase(key->wanted_by, event.client);
    std::erase_if(key->gathers, [&](const auto& gather) { return gather.client == event.client; });
    if (was_wanted && !key->is_wanted()) impl_->stop_wanting(*key);
  }
  Coordination::Effects effects;
  impl_->coordination.forget_client(event.client, effects);
  impl_->carry_out(effects);
  impl_->end();
}

void SchedulerState::handle(const Tick&, Time now, SchedulerActions& out) {
  impl_->begin(now, out);
  impl_->continue_replications();
  impl_->continue_rebalancings();
  impl_->continue_retirements();
  Coordination::Effects effects;
  impl_->coordination.tick(now, effects);
  impl_->carry_out(effects);
  impl_->has_idle_worker = true;
  impl_->end();
}

// --- Messages ---

void SchedulerState::handle_worker(WorkerNumber from, const message::ToScheduler& message, Time now,
                                   SchedulerActions& out) {
  scheduling::WorkerRecord* worker = impl_->worker(from);
  if (!worker) return;
  impl_->begin(now, out);
  worker->last_seen = now;
  std::visit([&](const auto& content) { impl_->on(*worker, content); }, message);
  impl_->end();
}

void SchedulerState::handle_client(ClientNumber from, const message::FromClient& message, Time now,
                                   SchedulerActions& out) {
  if (std::ranges::count(impl_->clients, from) == 0) return;
  impl_->begin(now, out);
  std::visit([&](const auto& content) { impl_->on(from, content); }, message);
  impl_->end();
}

// What can only be done when all else has been decided.
void SchedulerState::Impl::end() {
  while (!settled.empty() || !dying.empty()) {
    for (const std::string& name : std::exchange(settled, {})) {
      KeyRecord* key = find_key(name);
      if (key && !key->task->is_active()) unwant(*key, scheduling::kNobody);
    }
    for (GraphNumber number : std::exchange(dying, {})) {
      const auto at = graphs.find(number);
      if (at != graphs.end() && at->second->num_refs == 0) bury(*at->second);
    }
  }
  dispatch();
  if (has_idle_worker) revoke_for_idle();
  if (!has_forgets) return;
  for (WorkerRecord* worker : here) flush_forgets(*worker);
  has_forgets = false;
}

void SchedulerState::Impl::send(WorkerRecord& to, message::ToWorker message, Attached attached) {
  // What the worker is to forget must not be what it is given now.
  if (has_forgets) flush_forgets(to);
  out->push_back(scheduler_action::ToWorker{to.number, std::move(message), attached});
}

void SchedulerState::Impl::send(ClientNumber to, message::ToClient message, Attached attached, TaskNumber of) {
  out->push_back(scheduler_action::ToClient{to, std::move(message), attached, of});
}

void SchedulerState::Impl::forget_at(WorkerRecord& worker, TaskNumber task) {
  forgets[worker.slot].push_back(task);
  has_forgets = true;
}

void SchedulerState::Impl::flush_forgets(WorkerRecord& worker) {
  std::vector<TaskNumber>& tasks = forgets[worker.slot];
  if (tasks.empty()) return;
  out->push_back(
      scheduler_action::ToWorker{worker.number, message::Forget{std::exchange(tasks, {})}, Attached::nothing});
}

// --- Look-ups ---

SchedulerState::Impl::TaskRecord* SchedulerState::Impl::find(TaskNumber task) const {
  const GraphNumber number = graph_of(task);
  if (!last_graph || last_graph->number != number) {
    const auto at = graphs.find(number);
    if (at == graphs.end()) return nullptr;
    last_graph = at->second.get();
  }
  const std::uint32_t index = index_of(task);
  return index < last_graph->tasks.size() ? &last_graph->tasks[index] : nullptr;
}

std::vector<SchedulerState::Impl::GraphRecord*> SchedulerState::Impl::graphs_in_order() const {
  std::vector<GraphRecord*> ordered;
  for (const auto& [number, graph] : graphs) ordered.push_back(graph.get());
  std::ranges::sort(ordered, {}, &GraphRecord::number);
  return ordered;
}

SchedulerState::Impl::WorkerRecord* SchedulerState::Impl::worker_named(std::string_view name_or_address) const {
  for (WorkerRecord* worker : here)
    if (worker->joined.name == name_or_address || worker->joined.address == name_or_address) return worker;
  return nullptr;
}

std::vector<SchedulerState::Impl::WorkerRecord*> SchedulerState::Impl::workers_named(
    const std::vector<std::string>& names) const {
  std::vector<WorkerRecord*> found;
  for (const std::string& name : names) {
    WorkerRecord* worker = worker_named(name);
    if (worker && std::ranges::count(found, worker) == 0) found.push_back(worker);
  }
  return found;
}

// --- Workers' messages about tasks ---

SchedulerState::Impl::TaskRecord* SchedulerState::Impl::current(const WorkerRecord& worker, TaskNumber number,
                                                                std::uint32_t attempt) const {
  TaskRecord* task = find(number);
  const bool is_current =
      task && task->state == State::processing && task->worker == worker.number && task->attempt == attempt;
  return is_current ? task : nullptr;
}

// What the worker keeps of an attempt that is not the current one it has been told to forget.
void SchedulerState::Impl::on(WorkerRecord& from, const message::TaskDone& done) {
  TaskRecord* task = current(from, done.task, done.attempt);
  if (!task) return;
  scheduling::FamilyRecord& family = families[task->family];
  family.history.note_duration(done.duration_ns);
  take_back(*task, false);
  task->num_bytes = done.num_bytes;
  if (!done.type_name.empty()) task->type = type_named(done.type_name);
  add_holder(*task, from);
  finish(*task);
}

void SchedulerState::Impl::on(WorkerRecord& from, const message::TaskErred& erred) {
  TaskRecord* task = current(from, erred.task, erred.attempt);
  if (!task) return;
  transfers.erase(erred.task);
  take_back(*task, false);
  if (erred.failure == TaskFailure::asks_to_run_again) return make_ready(*task);
  const auto* annotation = annotation_of(*task);
  if (annotation && task->num_retries < annotation->retries) {
    ++task->num_retries;
    return make_ready(*task);
  }
  if (erred.failure == TaskFailure::raised || erred.failure == TaskFailure::over_its_cap) {
    task->set(kHasFault);
    out->push_back(scheduler_action::KeepFault{erred.task});
  }
  fail(*task, erred.failure, erred.task);
}

void SchedulerState::Impl::on(WorkerRecord& from, const message::Seceded& seceded) {
  TaskRecord* task = current(from, seceded.task, seceded.attempt);
  if (!task || task->has(kSeceded) != seceded.is_back) return;
  if (seceded.is_back) {
    task->unset(kSeceded);
    --from.num_outside;
    from.occupancy_ns += task->expected_ns;
  } else {
    task->set(kSeceded);
    ++from.num_outside;
    from.occupancy_ns -= task->expected_ns;
  }
  update_room(from);
}

void SchedulerState::Impl::on(WorkerRecord& from, const message::WorkerStatus& status) {
  from.status = status;
  update_room(from);
  if (status.is_paused) requeue(from.queue);
}

void SchedulerState::Impl::on(WorkerRecord& from, const message::Leaving&) {
  if (from.is_retiring) return;
  retire({&from}, 0, 0, true);
}

}  // namespace plait
