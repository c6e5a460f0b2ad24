// What people ask SchedulerState, and what must hold in it between any two events.
#include <fmt/format.h>

#include "scheduler/scheduler_impl.h"

namespace plait {

using State = SchedulerTaskState;
using scheduling::kKept;
using scheduling::kSeceded;

TaskInfo SchedulerState::Impl::info_of(TaskRecord& task) const {
  const TaskRecord& value = root(task);
  TaskInfo info{.task = value.number(), .state = task.state, .failure = task.failure};
  info.cause = task.state == State::erred ? cause_of(task) : 0;
  info.family = families[value.family].name;
  info.num_bytes = task.has_value() ? value.num_bytes : 0;
  info.type_name = types[value.type];
  info.holders.assign(value.holders.all().begin(), value.holders.all().end());
  info.processing_on = value.worker;
  info.attempts = value.attempt;
  info.num_deaths = value.num_deaths + value.num_kills;
  return info;
}

Counts SchedulerState::counts() const { return impl_->counts; }

std::optional<TaskInfo> SchedulerState::task(TaskNumber number) const {
  scheduling::TaskRecord* task = impl_->find(number);
  return task ? std::optional(impl_->info_of(*task)) : std::nullopt;
}

std::optional<TaskInfo> SchedulerState::task(std::string_view name) const {
  scheduling::KeyRecord* key = impl_->find_key(name);
  return key ? std::optional(impl_->info_of(*key->task)) : std::nullopt;
}

std::vector<WorkerInfo> SchedulerState::workers() const {
  std::vector<WorkerInfo> infos;
  for (const scheduling::WorkerRecord* worker : impl_->here) {
    WorkerInfo info{.worker = worker->number, .name = worker->joined.name, .address = worker->joined.address};
    info.nthreads = worker->joined.nthreads;
    info.memory_limit_bytes = worker->joined.memory_limit_bytes;
    info.resources = worker->joined.resources;
    info.used_resources = worker->used_resources;
    info.held_bytes = worker->held_bytes;
    info.num_held = worker->num_held;
    for (const scheduling::TaskRecord* task : worker->processing) info.processing.push_back(task->number());
    info.occupancy_ns = worker->occupancy_ns;
    info.is_paused = worker->status.is_paused;
    info.is_silent = worker->is_silent;
    info.is_retiring = worker->is_retiring;
    info.last_seen = worker->last_seen;
    info.status = worker->status;
    infos.push_back(std::move(info));
  }
  return infos;
}

std::vector<std::string> SchedulerState::keys() const {
  std::vector<std::string> names;
  for (const auto& [name, key] : impl_->keys) names.push_back(name);
  return names;
}

std::vector<TaskNumber> SchedulerState::held_by(WorkerNumber worker) const {
  std::vector<TaskNumber> held;
  for (const scheduling::GraphRecord* graph : impl_->graphs_in_order())
    for (const scheduling::TaskRecord& task : graph->tasks)
      if (task.holders.contains(worker)) held.push_back(task.number());
  return held;
}

std::map<std::string, Counts> SchedulerState::counts_by_family() const {
  std::map<std::string, Counts> by_family;
  for (const scheduling::FamilyRecord& family : impl_->families)
    if (family.counts.num_tasks > 0) by_family[family.name] = family.counts;
  return by_family;
}

std::string SchedulerState::key_of(TaskNumber number) const {
  const scheduling::TaskRecord* task = impl_->find(number);
  return task && task->extra && !task->extra->keys.empty() ? task->extra->keys.front()->key : "";
}

std::string_view SchedulerState::family_name(FamilyNumber family) const {
  return family < impl_->families.size() ? std::string_view(impl_->families[family].name) : std::string_view();
}

std::vector<std::string> SchedulerState::story(TaskNumber task) const { return impl_->story.of(task); }

std::vector<std::string> SchedulerState::what_blocks() const {
  const Counts& counts = impl_->counts;
  if (counts.processing > 0 || counts.ready + counts.waiting == 0 || !impl_->transfers.empty()) return {};
  std::vector<std::string> chain;
  for (const scheduling::WorkerRecord* worker : impl_->here) {
    const char* why = worker->is_silent          ? "is not heard of"
                      : worker->is_retiring      ? "is being retired"
                      : worker->status.is_paused ? "is short of memory and paused"
                                                 : "would take a task";
    chain.push_back(fmt::format("worker {} ({}) {}", worker->number, worker->joined.name, why));
  }
  if (impl_->here.empty()) chain.push_back("there is no worker");
  for (const scheduling::GraphRecord* graph : impl_->graphs_in_order()) {
    for (const scheduling::TaskRecord& task : graph->tasks) {
      if (task.state != State::ready) continue;
      chain.push_back(
          fmt::format("task {} ({}) is ready and has no worker", task.number(), impl_->families[task.family].name));
      const auto* annotation = impl_->annotation_of(task);
      if (annotation && annotation->demand)
        chain.push_back(fmt::format("... it demands workers [{}] and {} resources",
                                    fmt::join(annotation->demand->workers, ", "),
                                    annotation->demand->resources.size()));
      if (chain.size() > 20) return chain;
    }
  }
  return chain;
}

// --- Invariants ---

void SchedulerState::validate() const {
  Impl& impl = *impl_;
  using scheduling::TaskRecord;
  std::map<const TaskRecord*, std::uint32_t> needs;
  std::map<const scheduling::GraphRecord*, std::uint64_t> refs;
  std::map<WorkerNumber, std::pair<std::uint64_t, std::uint64_t>> held;
  Counts counts;
  std::size_t num_processing = 0;
  for (auto& [name, key] : impl.keys) {
    PLAIT_CHECK(name == key->key && std::ranges::is_sorted(key->wanted_by));
    PLAIT_CHECK(std::ranges::count(key->task->extra->keys, key.get()) == 1);
    needs[key->task] += key->is_wanted();
    refs[key->task->graph] += key->is_wanted();
  }
  for (auto& [number, graph] : impl.graphs) {
    for (TaskRecord& task : graph->tasks) {
      ++counts.num_tasks;
      const bool uses_sources = task.is_active() || (task.is_alias() && task.has_value());
      if (uses_sources) Impl::for_each_source(task, [&](TaskRecord& source) { ++needs[&source]; });
      if (task.is_alias()) ++refs[task.extra->target->graph];
    }
  }
  for (auto& [number, graph] : impl.graphs) {
    PLAIT_CHECK(graph->num_refs == refs[graph.get()]);
    PLAIT_CHECK(graph->num_refs > 0);
    for (TaskRecord& task : graph->tasks) {
      PLAIT_CHECK(task.num_needs == needs[&task]);
      PLAIT_CHECK((task.num_needs > 0) == (task.is_active() || task.has_value()) || task.state == State::erred);
      PLAIT_CHECK(task.failure == TaskFailure::none || task.state == State::erred);
      PLAIT_CHECK((task.worker != 0) == (task.state == State::processing));
      PLAIT_CHECK(task.has_value() || (task.holders.empty() && !task.has(kKept)));
      PLAIT_CHECK(!task.has_value() || task.is_alias() || !task.holders.empty() || task.has(kKept));
      if (task.is_alias()) {
        PLAIT_CHECK(!task.extra->target->is_alias() && task.holders.empty());
        PLAIT_CHECK(task.state != State::in_memory || task.extra->target->has_value());
        PLAIT_CHECK(task.state != State::waiting || task.extra->target->is_active());
        PLAIT_CHECK(task.state != State::ready && task.state != State::processing);
      }
      std::uint32_t missing = 0;
      Impl::for_each_source(task, [&](TaskRecord& source) {
        missing += !source.has_value();
        if (task.is_active()) PLAIT_CHECK(source.is_active() || source.has_value());
      });
      PLAIT_CHECK(!task.has(scheduling::kPromised) || !task.is_active() || task.state == State::ready);
      if (task.state == State::waiting) PLAIT_CHECK(missing > 0 && task.num_missing == missing);
      if (task.state == State::ready || task.state == State::processing) PLAIT_CHECK(missing == 0);
      switch (task.state) {
        case State::released:
          ++counts.released;
          break;
        case State::waiting:
          ++counts.waiting;
          break;
        case State::ready:
          ++counts.ready;
          break;
        case State::processing:
          ++counts.processing;
          break;
        case State::in_memory:
          ++counts.in_memory;
          break;
        case State::erred:
          ++counts.erred;
          break;
      }
      if (task.state == State::processing) {
        const auto* worker = impl.worker(task.worker);
        PLAIT_CHECK(worker && worker->processing[task.position] == &task);
        // Each input is there, or on its way.
        Impl::for_each_input(task, [&](TaskRecord& input) {
          TaskRecord& value = Impl::root(input);
          if (value.holders.contains(task.worker)) return;
          const auto transfer = impl.transfers.find(value.number());
          PLAIT_CHECK(transfer != impl.transfers.end());
          PLAIT_CHECK(std::ranges::count(transfer->second.to, task.worker) == 1);
        });
      }
      for (WorkerNumber holder : task.holders.all()) {
        PLAIT_CHECK(impl.worker(holder));
        held[holder].first += task.num_bytes;
        ++held[holder].second;
      }
    }
  }
  for (const auto& [number, transfer] : impl.transfers) {
    const TaskRecord* task = impl.find(number);
    PLAIT_CHECK(task && impl.worker(transfer.from));
    const bool comes_when_done = task->state == State::processing && task->worker == transfer.from;
    PLAIT_CHECK(comes_when_done || task->holders.contains(transfer.from));
  }
  for (const scheduling::WorkerRecord* worker : impl.here) {
    PLAIT_CHECK(worker->held_bytes == held[worker->number].first && worker->num_held == held[worker->number].second);
    PLAIT_CHECK(impl.here[worker->slot] == worker && impl.worker(worker->number) == worker);
    PLAIT_CHECK(impl.room.contains(worker->slot) == impl.has_room(*worker));
    PLAIT_CHECK(impl.forgets[worker->slot].empty());
    num_processing += worker->processing.size();
    Time occupancy = 0;
    std::uint32_t outside = 0;
    for (const TaskRecord* task : worker->processing) {
      occupancy += task->has(kSeceded) ? 0 : task->expected_ns;
      outside += task->has(kSeceded);
    }
    PLAIT_CHECK(worker->occupancy_ns == occupancy && worker->num_outside == outside);
    for (const auto& [name, amount] : worker->used_resources) {
      const auto has = worker->joined.resources.find(name);
      PLAIT_CHECK(has != worker->joined.resources.end() && amount > -1e-9 && amount < has->second + 1e-9);
    }
  }
  PLAIT_CHECK(num_processing == counts.processing);
  const Counts& kept = impl.counts;
  PLAIT_CHECK(kept.num_tasks == counts.num_tasks && kept.released == counts.released &&
              kept.waiting == counts.waiting && kept.ready == counts.ready && kept.processing == counts.processing &&
              kept.in_memory == counts.in_memory && kept.erred == counts.erred);
}

}  // namespace plait
