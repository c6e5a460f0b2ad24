// Copies that somebody asks for: replicas, evening out memory, and moving away what a worker that is to go alone holds.
// Each is a wish that is looked at again until it has come true, so that lost workers and values in between do no harm.
#include "scheduler/scheduler_impl.h"

namespace plait {

using scheduling::kActor;
using scheduling::kKept;

// Those that may hold more, the emptiest first.
std::vector<SchedulerState::Impl::WorkerRecord*> SchedulerState::Impl::emptiest_workers() const {
  std::vector<WorkerRecord*> open;
  for (WorkerRecord* worker : here)
    if (is_open(*worker)) open.push_back(worker);
  std::ranges::stable_sort(open, {}, &WorkerRecord::held_bytes);
  return open;
}

// --- Replicate ---

void SchedulerState::Impl::on(ClientNumber from, const message::Replicate& replicate) {
  Replication wish{.client = from,
                   .request = replicate.request,
                   .num_copies = replicate.num_copies,
                   .keys = replicate.keys,
                   .workers = replicate.workers};
  replications.push_back(std::move(wish));
  continue_replications();
}

void SchedulerState::Impl::continue_replications() {
  for (auto wish = replications.begin(); wish != replications.end();) {
    if (!is_replicated(*wish)) {
      ++wish;
      continue;
    }
    send(wish->client, message::Done{.request = wish->request});
    wish = replications.erase(wish);
  }
}

// Asks for the copies that are missing. Keys that have no value, and never will, need none.
bool SchedulerState::Impl::is_replicated(const Replication& wish) {
  std::vector<WorkerRecord*> targets = wish.workers.empty() ? emptiest_workers() : workers_named(wish.workers);
  const std::size_t num_copies =
      wish.num_copies == 0 ? targets.size() : std::min<std::size_t>(wish.num_copies, targets.size());
  bool all_there = true;
  for (const std::string& name : wish.keys) {
    KeyRecord* key = find_key(name);
    if (!key) continue;
    TaskRecord& task = root(*key->task);
    if (task.has(kActor)) continue;
    all_there &= !task.is_active();
    if (!task.has_value()) continue;
    std::size_t num_there = 0;
    for (WorkerRecord* target : targets) num_there += task.holders.contains(target->number);
    for (WorkerRecord* target : targets) {
      if (num_there >= num_copies) break;
      if (task.holders.contains(target->number)) continue;
      bring(task, *target);
      ++num_there;
      all_there &= task.holders.contains(target->number);
    }
  }
  return all_there;
}

// --- Rebalance ---

// Values go from the worker that holds most to the one that holds least as long as that makes them more alike.
void SchedulerState::Impl::on(ClientNumber from, const message::Rebalance& rebalance) {
  std::vector<WorkerRecord*> among = rebalance.workers.empty() ? emptiest_workers() : workers_named(rebalance.workers);
  Rebalancing wish{.client = from, .request = rebalance.request, .moves = {}};
  std::map<WorkerNumber, std::uint64_t> bytes;
  for (WorkerRecord* worker : among) bytes[worker->number] = worker->held_bytes;
  for (TaskRecord* task : movable(rebalance.keys)) {
    if (among.size() < 2) break;
    const WorkerNumber source = task->holders.all().front();
    if (!bytes.contains(source)) continue;
    const auto least = std::ranges::min_element(bytes, {}, [](const auto& entry) { return entry.second; });
    if (least->second + task->num_bytes >= bytes[source]) continue;
    least->second += task->num_bytes;
    bytes[source] -= task->num_bytes;
    wish.moves.push_back({task->number(), source, least->first});
  }
  rebalancings.push_back(std::move(wish));
  continue_rebalancings();
}

// Values with one holder, the largest first.
std::vector<SchedulerState::Impl::TaskRecord*> SchedulerState::Impl::movable(
    const std::vector<std::string>& of_keys) const {
  std::vector<TaskRecord*> found;
  auto consider = [&](TaskRecord& task) {
    if (task.has_value() && task.holders.count() == 1 && !task.has(kActor)) found.push_back(&task);
  };
  for (const std::string& name : of_keys)
    if (KeyRecord* key = find_key(name)) consider(root(*key->task));
  if (of_keys.empty())
    for (GraphRecord* graph : graphs_in_order())
      for (TaskRecord& task : graph->tasks) consider(task);
  std::ranges::stable_sort(found, std::greater{}, &TaskRecord::num_bytes);
  return found;
}

void SchedulerState::Impl::continue_rebalancings() {
  for (auto wish = rebalancings.begin(); wish != rebalancings.end();) {
    std::erase_if(wish->moves, [&](const Move& move) { return has_moved(move); });
    if (!wish->moves.empty()) {
      ++wish;
      continue;
    }
    send(wish->client, message::Done{.request = wish->request});
    wish = rebalancings.erase(wish);
  }
}

// Whether the move is done, or there is nothing to be done any more.
bool SchedulerState::Impl::has_moved(const Move& move) {
  TaskRecord* task = find(move.task);
  WorkerRecord* source = worker(move.from);
  WorkerRecord* target = worker(move.to);
  if (!task || !task->has_value() || !source || !target || !task->holders.contains(move.from)) return true;
  if (!task->holders.contains(move.to)) {
    bring(*task, *target);
    if (!task->holders.contains(move.to)) return false;
  }
  if (is_used_at(*task, *source)) return false;
  remove_holder(*task, *source);
  forget_at(*source, move.task);
  return true;
}

// Whether a task that the worker was given takes the value, or a copy of it is on its way from there.
bool SchedulerState::Impl::is_used_at(TaskRecord& value, const WorkerRecord& worker) const {
  const auto transfer = transfers.find(value.number());
  if (transfer != transfers.end() && transfer->second.from == worker.number) return true;
  bool used = false;
  for (TaskRecord* task : worker.processing)
    for_each_input(*task, [&](TaskRecord& input) { used |= &root(input) == &value; });
  return used;
}

// --- Retire ---

void SchedulerState::Impl::on(ClientNumber from, const message::Retire& request) {
  retire(workers_named(request.workers), from, request.request, request.close);
}

void SchedulerState::Impl::retire(const std::vector<WorkerRecord*>& leaving, ClientNumber client, std::uint64_t request,
                                  bool close) {
  Retirement retirement{.client = client, .request = request, .close = close, .workers = {}, .names = {}};
  for (WorkerRecord* worker : leaving) {
    worker->is_retiring = true;
    update_room(*worker);
    retirement.workers.push_back(worker->number);
    retirement.names.push_back(worker->joined.name);
  }
  for (WorkerRecord* worker : leaving) requeue(worker->queue);
  retirements.push_back(std::move(retirement));
  continue_retirements();
}

void SchedulerState::Impl::continue_retirements() {
  for (auto retirement = retirements.begin(); retirement != retirements.end();) {
    std::erase_if(retirement->workers, [&](WorkerNumber number) {
      WorkerRecord* leaving = worker(number);
      if (!leaving) return true;
      if (!is_empty(*leaving)) return false;
      if (retirement->close) send(*leaving, message::Close{});
      return true;
    });
    if (!retirement->workers.empty()) {
      ++retirement;
      continue;
    }
    if (retirement->client != 0)
      send(retirement->client,
           message::Done{.request = retirement->request, .ok = true, .text = "", .names = retirement->names});
    retirement = retirements.erase(retirement);
  }
}

// Moves away what only workers that leave hold. True when nothing is left to be done there.
bool SchedulerState::Impl::is_empty(WorkerRecord& leaving) {
  bool is_done = leaving.processing.empty();
  const std::vector<WorkerRecord*> others = emptiest_workers();
  for (GraphRecord* graph : graphs_in_order()) {
    for (TaskRecord& task : graph->tasks) {
      if (!task.holders.contains(leaving.number) || task.has(kActor) || task.has(kKept)) continue;
      const bool is_elsewhere =
          std::ranges::any_of(task.holders.all(), [&](WorkerNumber holder) { return !workers[holder]->is_retiring; });
      if (is_elsewhere) continue;
      is_done = false;
      if (transfers.contains(task.number())) continue;
      if (others.empty())
        bring_to_shell(task);
      else
        bring(task, *others[task.index % others.size()]);
    }
  }
  return is_done;
}

}  // namespace plait
