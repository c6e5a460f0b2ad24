#include "runtime/run_state.h"

#include <algorithm>

namespace plait {

RunState::RunState(const Graph& graph, std::uint64_t budget_bytes, std::span<const TaskId> placed,
                   std::span<const TaskId> copied)
    : graph_(graph),
      budget_bytes_(budget_bytes),
      limit_bytes_(budget_bytes),
      records_(graph.size()),
      task_of_rank_(graph.size()),
      is_output_(graph.size(), 0),
      history_(graph.layers().size()),
      ready_(graph.size()),
      num_left_(graph.size()) {
  const std::vector<std::uint32_t> ranks = order(graph);
  make_uses(ranks);
  for (TaskId output : graph.outputs()) {
    records_[output].flags |= kOutput;
    is_output_[output] = 1;
  }
  for (TaskId task : placed) records_[task].flags |= kWeightless;
  for (TaskId id = 0; id < graph.size(); ++id) {
    Record& record = records_[id];
    record.rank = ranks[id];
    task_of_rank_[ranks[id]] = id;
    record.num_missing = graph.task(id).num_inputs;
    record.num_uses_left = starts_[id + 1] - starts_[id];
    if (graph.value_of(id)) record.flags |= kWeightless;
    if (record.num_missing == 0) make_ready(id);
  }
  for (TaskId task : copied) records_[task].flags &= static_cast<std::uint8_t>(~kWeightless);
  note_values_of_items();
}

void RunState::note_values_of_items() {
  const bool has_items = std::any_of(graph_.calls().begin(), graph_.calls().end(),
                                     [](const KernelCall& call) { return item_kernel.is_called_by(call); });
  if (!has_items) return;
  for (TaskId id = 0; id < graph_.size(); ++id) {
    const auto users = uses(id);
    const bool only_items = !users.empty() && !is_output_[id] && !graph_.value_of(id) &&
                            std::all_of(users.begin(), users.end(),
                                        [&](TaskId user) { return item_kernel.is_called_by(graph_.call_of(user)); });
    if (only_items) records_[id].flags |= kOnlyItems;
  }
}

void RunState::make_uses(const std::vector<std::uint32_t>& ranks) {
  const std::size_t size = graph_.size();
  starts_.assign(size + 1, 0);
  if (graph_.num_edges() == 0) return;
  for (TaskId id = 0; id < size; ++id) {
    for (TaskId input : graph_.inputs(id)) ++starts_[input + 1];
  }
  for (std::size_t i = 0; i < size; ++i) starts_[i + 1] += starts_[i];
  // Filled by rank, so that each value's uses are listed in the order in which they are meant to happen.
  std::vector<TaskId> by_rank(size);
  for (TaskId id = 0; id < size; ++id) by_rank[ranks[id]] = id;
  uses_.resize(starts_.back());
  std::vector<std::uint32_t> next(starts_.begin(), starts_.end() - 1);
  for (TaskId id : by_rank) {
    for (TaskId input : graph_.inputs(id)) uses_[next[input]++] = id;
  }
}

// --- Events ---

void RunState::handle(const WorkerFree& event, Actions& out) {
  short_of_memory_ = false;
  std::uint32_t num_tasks = 0;
  std::uint64_t ns = 0;
  auto count = [&](TaskId task) {
    const std::uint64_t duration = history_[graph_.task(task).layer].duration_ns();
    ns += duration == 0 ? event.max_ns : duration;
    ++num_tasks;
  };
  while (failure_ == RunFailure::none && num_tasks < event.max_tasks && (num_tasks == 0 || ns < event.max_ns)) {
    if (!runnable_.empty()) {
      const TaskId task = runnable_.back();
      runnable_.pop_back();
      count(task);
      start(task, out);
      continue;
    }
    const std::uint32_t rank = ready_.first();
    if (rank == RankSet::kNone) return;
    const TaskId task = task_of_rank_[rank];
    const std::uint64_t working = working_bytes(task);
    const std::uint64_t needed = working + bytes_to_load(task);
    if (needed > 0 && used_bytes_ + needed > limit_bytes_) [[unlikely]] {
      if (!make_room(task, needed, out)) return;
      ++num_tasks;
      continue;
    }
    count(task);
    claim(task, working, out);
  }
}

void RunState::handle(const TasksFinished& event, Actions& out) {
  for (const FinishedTask& finished : event.tasks) finish(finished, out);
  short_of_memory_ = false;
}

std::vector<TaskId> RunState::wanted_items(TaskId task) const {
  std::vector<TaskId> wanted;
  for (TaskId user : uses(task)) {
    if (records_[user].state == TaskState::ready) wanted.push_back(user);
  }
  return wanted;
}

void RunState::handle(const Divided& event, Actions& out) {
  Record& whole = records_[event.task];
  for (const FinishedTask& item : event.items) {
    Record& record = records_[item.task];
    PLAIT_CHECK(record.state == TaskState::ready);
    ready_.erase(record.rank);
    record.state = TaskState::in_memory;
    record.num_bytes = record.flags & kWeightless ? 0 : item.num_bytes;
    used_bytes_ += record.num_bytes;
    --num_left_;
    --whole.num_uses_left;
    announce(item.task);
    if (record.num_uses_left == 0 && !(record.flags & kOutput))
      release(item.task, out);
    else
      note_next_use(item.task);
  }
  if (whole.num_uses_left == 0 && !(whole.flags & kOutput)) release(event.task, out);
}

void RunState::handle(const TaskFailed& event, Actions&) {
  if (failure_ != RunFailure::none) return;
  if (retries_ == 0 || event.was_interrupted || num_failures_[event.task]++ >= retries_)
    return fail(RunFailure::task_failed, event.task);
  unclaim(event.task);
  make_ready(event.task);
  short_of_memory_ = false;
}

void RunState::handle(const MemoryMeasured& event, Actions&) {
  const std::uint64_t now = event.taken_bytes > used_bytes_ ? event.taken_bytes - used_bytes_ : 0;
  // Seen between tasks only, so it is believed in for a while. And whatever else is in memory, work goes on.
  beside_bytes_ = std::max(now, beside_bytes_ - beside_bytes_ / 8);
  limit_bytes_ = budget_bytes_ - std::min(beside_bytes_ + budget_bytes_ / 8, budget_bytes_ / 2);
}

void RunState::handle(const Cancel&, Actions&) { fail(RunFailure::cancelled, 0); }

void RunState::handle(const TasksReturned& event, Actions&) {
  for (TaskId task : event.tasks) {
    unclaim(task);
    make_ready(task);
  }
}

void RunState::handle(const WorkerLost& event, Actions&) {
  for (TaskId task : event.tasks) {
    Record& record = records_[task];
    PLAIT_CHECK(record.state == TaskState::running);
    const bool too_often = event.was_killed ? ++num_kills_[task] > WorkerLost::kMaxKills : record.flags & kLostOnce;
    if (too_often) return fail(RunFailure::worker_lost, task);
    if (!event.was_killed) record.flags |= kLostOnce;
    unclaim(task);
    make_ready(task);
  }
  short_of_memory_ = false;
}

void RunState::handle(const Spilled& event, Actions& out) {
  Record& record = records_[event.task];
  PLAIT_CHECK(record.flags & kSpilling);
  const bool is_stale = record.flags & kStaleSpill;
  record.flags &= static_cast<std::uint8_t>(~(kSpilling | kStaleSpill));
  --num_spilling_;
  if (!is_stale) spilling_bytes_ -= record.num_bytes;
  short_of_memory_ = false;
  if (!event.ok) {
    record.flags |= kUnspillable;
    if (!event.can_others_be_spilled) spilling_works_ = false;
    return;
  }
  if (is_stale) return out.drop_copy.push_back(event.task);
  record.flags |= kHasCopy;
  if (record.num_pins > 0) return note_next_use(event.task);
  record.state = TaskState::spilled;
  used_bytes_ -= record.num_bytes;
  out.unload.push_back(event.task);
}

void RunState::handle(const Loaded& event, Actions& out) {
  Record& record = records_[event.task];
  PLAIT_CHECK(record.state == TaskState::reading);
  if (!event.ok) {
    used_bytes_ -= record.num_bytes;
    record.flags &= static_cast<std::uint8_t>(~kHasCopy);
    out.drop_copy.push_back(event.task);
    recompute(event.task);
    short_of_memory_ = false;
    return;
  }
  record.state = TaskState::in_memory;
  for (TaskId user : uses(event.task)) {
    Record& waiting = records_[user];
    if (waiting.state != TaskState::loading) continue;
    if (--waiting.num_missing > 0) continue;
    waiting.state = TaskState::runnable;
    runnable_.push_back(user);
  }
  note_next_use(event.task);
}

// --- Tasks ---

std::uint64_t RunState::expected_bytes(TaskId task) const {
  if (records_[task].flags & kWeightless) return 0;
  const Task& described = graph_.task(task);
  return history_[described.layer].expected_bytes(described.output_bytes);
}

std::uint64_t RunState::working_bytes(TaskId task) const {
  const Task& described = graph_.task(task);
  const bool is_declared = described.output_bytes > 0;
  return history_[described.layer].working_bytes(expected_bytes(task), is_declared,
                                                 is_declared ? 0 : input_bytes(task));
}

std::uint64_t RunState::bytes_to_load(TaskId task) const {
  std::uint64_t bytes = 0;
  for (TaskId input : graph_.inputs(task)) {
    if (records_[input].state == TaskState::spilled) bytes += records_[input].num_bytes;
  }
  return bytes;
}

// Memory is reserved for the output and for inputs that must be read back; then the task starts, at once or when they
// are there.
void RunState::claim(TaskId task, std::uint64_t working_bytes, Actions& out) {
  Record& record = records_[task];
  ready_.erase(record.rank);
  record.num_bytes = working_bytes;
  used_bytes_ += record.num_bytes;
  ++num_active_;
  for (TaskId input : graph_.inputs(task)) {
    Record& value = records_[input];
    ++value.num_pins;
    if (value.state == TaskState::spilled) {
      value.state = TaskState::reading;
      used_bytes_ += value.num_bytes;
      out.load.push_back(input);
    }
    if (value.state == TaskState::reading) ++record.num_missing;
  }
  if (record.num_missing == 0) return start(task, out);
  record.state = TaskState::loading;
}

void RunState::start(TaskId task, Actions& out) {
  records_[task].state = TaskState::running;
  out.start.push_back(task);
}

// Takes back what `claim` reserved.
void RunState::unclaim(TaskId task) {
  Record& record = records_[task];
  if (record.state == TaskState::runnable) runnable_.erase(std::find(runnable_.begin(), runnable_.end(), task));
  used_bytes_ -= record.num_bytes;
  record.num_bytes = 0;
  record.num_missing = 0;
  --num_active_;
  for (TaskId input : graph_.inputs(task)) {
    --records_[input].num_pins;
    note_next_use(input);
  }
}

void RunState::make_ready(TaskId task) {
  records_[task].state = TaskState::ready;
  ready_.insert(records_[task].rank);
}

void RunState::finish(const FinishedTask& finished, Actions& out) {
  Record& record = records_[finished.task];
  PLAIT_CHECK(record.state == TaskState::running);
  LayerHistory& history = history_[graph_.task(finished.task).layer];
  history.note_duration(finished.duration_ns);
  used_bytes_ -= record.num_bytes;
  record.num_bytes = record.flags & kWeightless ? 0 : finished.num_bytes;
  used_bytes_ += record.num_bytes;
  history.note_bytes(record.num_bytes);
  if (history.is_new_peak(finished.peak_bytes)) history.note_peak(finished.peak_bytes, input_bytes(finished.task));
  record.state = TaskState::in_memory;
  --num_active_;
  --num_left_;
  announce(finished.task);
  if (graph_.task(finished.task).num_inputs > 0) drop_uses_of_inputs(finished.task, out);
  if (record.num_uses_left == 0 && !(record.flags & kOutput)) return release(finished.task, out);
  note_next_use(finished.task);
}

// The value exists: tasks that waited for nothing else are ready.
void RunState::announce(TaskId task) {
  for (TaskId user : uses(task)) {
    Record& waiting = records_[user];
    if (waiting.state == TaskState::waiting && --waiting.num_missing == 0) make_ready(user);
  }
}

void RunState::drop_uses_of_inputs(TaskId task, Actions& out) {
  for (TaskId input : graph_.inputs(task)) {
    Record& value = records_[input];
    --value.num_pins;
    --value.num_uses_left;
    if (value.num_uses_left > 0)
      note_next_use(input);
    else if (!(value.flags & kOutput))
      release(input, out);
  }
}

void RunState::release(TaskId task, Actions& out) {
  Record& record = records_[task];
  PLAIT_CHECK(record.state == TaskState::in_memory && record.num_pins == 0);
  used_bytes_ -= record.num_bytes;
  if ((record.flags & kSpilling) && !(record.flags & kStaleSpill)) {
    spilling_bytes_ -= record.num_bytes;
    record.flags |= kStaleSpill;
  }
  record.flags &= static_cast<std::uint8_t>(~kHasCopy);
  record.state = TaskState::released;
  out.release.push_back(task);
}

void RunState::fail(RunFailure failure, TaskId task) {
  if (failure_ != RunFailure::none) return;
  failure_ = failure;
  failed_task_ = task;
}

}  // namespace plait
