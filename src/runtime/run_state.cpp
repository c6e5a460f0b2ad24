#include "runtime/run_state.h"

#include <algorithm>

namespace plait {
namespace {

// How many ready tasks are looked at for one that frees memory.
constexpr int kMaxTasksConsidered = 64;

}  // namespace

RunState::RunState(const Graph& graph, std::uint64_t budget_bytes, std::span<const TaskId> placed)
    : graph_(graph),
      budget_bytes_(budget_bytes),
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
  const Kernel* literal = graph.size() > 0 ? literal_kernel() : nullptr;
  for (TaskId id = 0; id < graph.size(); ++id) {
    Record& record = records_[id];
    record.rank = ranks[id];
    task_of_rank_[ranks[id]] = id;
    record.num_missing = graph.task(id).num_inputs;
    record.num_uses_left = starts_[id + 1] - starts_[id];
    if (graph.task(id).kernel == literal) record.flags |= kWeightless;
    if (record.num_missing == 0) make_ready(id);
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
    const std::uint64_t duration = history_[graph_.task(task).layer].duration_ns;
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
    const std::uint64_t needed = bytes_to_claim(task);
    if (needed > 0 && used_bytes_ + needed > budget_bytes_) [[unlikely]] {
      if (!make_room(task, needed, out)) return;
      ++num_tasks;
      continue;
    }
    count(task);
    claim(task, out);
  }
}

void RunState::handle(const TasksFinished& event, Actions& out) {
  for (const FinishedTask& finished : event.tasks) finish(finished, out);
  short_of_memory_ = false;
}

void RunState::handle(const TaskFailed& event, Actions&) { fail(RunFailure::task_failed, event.task); }

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
    if (record.flags & kLostOnce) return fail(RunFailure::worker_lost, task);
    record.flags |= kLostOnce;
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
  return described.output_bytes > 0 ? described.output_bytes : history_[described.layer].max_bytes;
}

std::uint64_t RunState::declared_output_bytes(TaskId task) const {
  return records_[task].flags & kWeightless ? 0 : graph_.task(task).output_bytes;
}

std::uint64_t RunState::input_bytes(TaskId task) const {
  const auto inputs = graph_.inputs(task);
  std::vector<TaskId> distinct(inputs.begin(), inputs.end());
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  std::uint64_t bytes = 0;
  for (TaskId input : distinct) bytes += records_[input].num_bytes;
  return bytes;
}

std::uint64_t RunState::bytes_to_claim(TaskId task) const {
  std::uint64_t bytes = expected_bytes(task);
  for (TaskId input : graph_.inputs(task)) {
    if (records_[input].state == TaskState::spilled) bytes += records_[input].num_bytes;
  }
  return bytes;
}

// Memory is reserved for the output and for inputs that must be read back; then the task starts, at once or when they
// are there.
void RunState::claim(TaskId task, Actions& out) {
  Record& record = records_[task];
  ready_.erase(record.rank);
  record.num_bytes = expected_bytes(task);
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
  if (finished.duration_ns > 0) {
    // Rises at once and falls slowly: a batch of tasks taken for short must not turn out long.
    history.duration_ns = std::max(finished.duration_ns, history.duration_ns - history.duration_ns / 8);
  }
  used_bytes_ -= record.num_bytes;
  record.num_bytes = record.flags & kWeightless ? 0 : finished.num_bytes;
  used_bytes_ += record.num_bytes;
  history.max_bytes = std::max(history.max_bytes, record.num_bytes);
  record.state = TaskState::in_memory;
  --num_active_;
  --num_left_;
  for (TaskId user : uses(finished.task)) {
    Record& waiting = records_[user];
    if (waiting.state == TaskState::waiting && --waiting.num_missing == 0) make_ready(user);
  }
  if (graph_.task(finished.task).num_inputs > 0) drop_uses_of_inputs(finished.task, out);
  if (record.num_uses_left == 0 && !(record.flags & kOutput)) return release(finished.task, out);
  note_next_use(finished.task);
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

// --- Memory ---

bool RunState::make_room(TaskId task, std::uint64_t needed_bytes, Actions& out) {
  if (input_bytes(task) + declared_output_bytes(task) > budget_bytes_) {
    fail(RunFailure::never_fits, task);
    return false;
  }
  if (!pressure_) enter_pressure();
  const TaskId other = find_task_that_frees();
  if (other != RankSet::kNone) {
    claim(other, out);
    return true;
  }
  // The task's own inputs must stay.
  for (TaskId input : graph_.inputs(task)) ++records_[input].num_pins;
  if (spilling_works_) {
    const std::uint64_t over = used_bytes_ + needed_bytes - budget_bytes_;
    if (over > spilling_bytes_) spill_until_freed(over - spilling_bytes_, out);
  }
  for (TaskId input : graph_.inputs(task)) --records_[input].num_pins;
  for (TaskId input : graph_.inputs(task)) note_next_use(input);
  if (used_bytes_ + bytes_to_claim(task) <= budget_bytes_) {
    // Copies were there already.
    claim(task, out);
    return true;
  }
  if (num_spilling_ > 0 || num_active_ > 0) {
    short_of_memory_ = true;
    return false;
  }
  if (!spilling_works_) {
    fail(RunFailure::spill_failed, task);
    return false;
  }
  claim(task, out);
  return true;
}

// A ready task that fits and leaves less in memory than there was before it.
TaskId RunState::find_task_that_frees() const {
  int num_considered = 0;
  for (std::uint32_t rank = ready_.first(); rank != RankSet::kNone; rank = ready_.next(rank)) {
    if (++num_considered > kMaxTasksConsidered) break;
    const TaskId task = task_of_rank_[rank];
    const std::uint64_t needed = bytes_to_claim(task);
    if (used_bytes_ + needed <= budget_bytes_ && freed_by(task) >= expected_bytes(task) && freed_by(task) > 0)
      return task;
  }
  return RankSet::kNone;
}

std::uint64_t RunState::freed_by(TaskId task) const {
  std::uint64_t bytes = 0;
  for (TaskId input : graph_.inputs(task)) {
    const Record& value = records_[input];
    if (value.num_uses_left == 1 && !(value.flags & kOutput) && value.state == TaskState::in_memory)
      bytes += value.num_bytes;
  }
  return bytes;
}

bool RunState::can_spill(TaskId task) const {
  const Record& record = records_[task];
  return record.state == TaskState::in_memory && record.num_pins == 0 && record.num_bytes > 0 &&
         record.num_uses_left > 0 && !(record.flags & (kOutput | kSpilling | kUnspillable));
}

// Spills what is needed last until so many bytes are on their way to the disk or gone.
void RunState::spill_until_freed(std::uint64_t bytes, Actions& out) {
  std::uint64_t freed = 0;
  while (freed < bytes) {
    const std::uint32_t rank = next_uses_.last();
    if (rank == RankSet::kNone) return;
    bool found = false;
    for (TaskId input : graph_.inputs(task_of_rank_[rank])) {
      if (freed >= bytes) return;
      if (!can_spill(input) || next_use(input) != rank) continue;
      Record& record = records_[input];
      found = true;
      freed += record.num_bytes;
      if (record.flags & kHasCopy) {
        record.state = TaskState::spilled;
        used_bytes_ -= record.num_bytes;
        out.unload.push_back(input);
      } else {
        record.flags |= kSpilling;
        ++num_spilling_;
        spilling_bytes_ += record.num_bytes;
        out.spill.push_back(input);
      }
    }
    // Values that cannot be spilled now are noted again when they can.
    if (!found || freed < bytes) next_uses_.erase(rank);
  }
}

void RunState::enter_pressure() {
  pressure_ = true;
  next_uses_ = RankSet(records_.size());
  use_cursor_.assign(records_.size(), 0);
  for (TaskId id = 0; id < records_.size(); ++id) note_next_use(id);
}

// To be called whenever a value may have become one that can be spilled, or its next use has changed.
void RunState::note_next_use(TaskId task) {
  if (pressure_ && can_spill(task)) next_uses_.insert(next_use(task));
}

std::uint32_t RunState::next_use(TaskId task) {
  const auto users = uses(task);
  std::uint32_t& cursor = use_cursor_[task];
  while (is_finished(records_[users[cursor]].state)) ++cursor;
  return records_[users[cursor]].rank;
}

// --- Damage ---

// A finished value is lost: it is made again, and before it those of its inputs that have been released.
void RunState::recompute(TaskId lost) {
  std::vector<TaskId> again{lost};
  records_[lost].state = TaskState::waiting;
  while (!again.empty()) {
    const TaskId task = again.back();
    again.pop_back();
    Record& record = records_[task];
    ++num_left_;
    record.num_bytes = 0;
    if (!use_cursor_.empty()) use_cursor_[task] = 0;
    for (TaskId input : graph_.inputs(task)) {
      Record& value = records_[input];
      ++value.num_uses_left;
      if (!use_cursor_.empty()) use_cursor_[input] = 0;
      if (value.state != TaskState::released) continue;
      value.state = TaskState::waiting;
      again.push_back(input);
    }
    recount_missing(task);
    if (record.num_missing == 0) make_ready(task);
    for (TaskId input : graph_.inputs(task)) note_next_use(input);
  }
  // Whoever counted on the value waits again. Nobody runs with it: what is pinned in memory is not read from disk.
  TaskId previous = RankSet::kNone;
  for (TaskId user : uses(lost)) {
    if (user == previous) continue;
    previous = user;
    Record& record = records_[user];
    if (is_finished(record.state)) continue;
    if (record.state == TaskState::ready) ready_.erase(record.rank);
    if (record.state == TaskState::loading) unclaim(user);
    record.state = TaskState::waiting;
    recount_missing(user);
  }
}

void RunState::recount_missing(TaskId task) {
  std::uint32_t missing = 0;
  for (TaskId input : graph_.inputs(task)) missing += !exists(records_[input].state);
  records_[task].num_missing = missing;
}

// --- For tests ---

void RunState::check_invariants() const {
  std::uint64_t used = 0;
  std::uint64_t spilling = 0;
  std::size_t num_active = 0;
  std::size_t num_spilling = 0;
  std::size_t num_left = 0;
  for (TaskId id = 0; id < records_.size(); ++id) {
    const Record& record = records_[id];
    const TaskState state = record.state;
    const bool is_active = state == TaskState::loading || state == TaskState::runnable || state == TaskState::running;
    num_active += is_active;
    num_left += !is_finished(state);
    num_spilling += (record.flags & kSpilling) != 0;
    if ((record.flags & kSpilling) && !(record.flags & kStaleSpill)) {
      PLAIT_CHECK(state == TaskState::in_memory);
      spilling += record.num_bytes;
    }
    if (is_active || state == TaskState::in_memory || state == TaskState::reading) used += record.num_bytes;
    PLAIT_CHECK(ready_.contains(record.rank) == (state == TaskState::ready));
    PLAIT_CHECK((std::count(runnable_.begin(), runnable_.end(), id) == 1) == (state == TaskState::runnable));
    std::uint32_t uses_left = 0;
    std::uint32_t pins = 0;
    for (TaskId user : uses(id)) {
      const TaskState user_state = records_[user].state;
      uses_left += !is_finished(user_state);
      pins += user_state == TaskState::loading || user_state == TaskState::runnable || user_state == TaskState::running;
    }
    PLAIT_CHECK(record.num_uses_left == uses_left);
    PLAIT_CHECK(record.num_pins == pins);
    if (uses_left > 0 || (record.flags & kOutput)) PLAIT_CHECK(state != TaskState::released);
    std::uint32_t missing = 0;
    std::uint32_t not_in_memory = 0;
    for (TaskId input : graph_.inputs(id)) {
      missing += !exists(records_[input].state);
      not_in_memory += records_[input].state != TaskState::in_memory;
    }
    if (state == TaskState::waiting) PLAIT_CHECK(missing > 0 && record.num_missing == missing);
    if (state == TaskState::ready) PLAIT_CHECK(missing == 0);
    if (state == TaskState::loading) PLAIT_CHECK(not_in_memory > 0 && record.num_missing == not_in_memory);
    if (state == TaskState::runnable || state == TaskState::running) PLAIT_CHECK(not_in_memory == 0);
  }
  PLAIT_CHECK(used == used_bytes_);
  PLAIT_CHECK(spilling == spilling_bytes_);
  PLAIT_CHECK(num_active == num_active_);
  PLAIT_CHECK(num_spilling == num_spilling_);
  PLAIT_CHECK(num_left == num_left_);
}

}  // namespace plait
