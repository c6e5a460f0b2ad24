// What RunState does about memory: what tasks need, which values are spilled when it is short, and what is made again
// when a copy on disk turns out damaged.
#include <algorithm>

#include "runtime/run_state.h"

namespace plait {
namespace {

// How many ready tasks are looked at for one that frees memory.
constexpr int kMaxTasksConsidered = 64;

}  // namespace

// --- What tasks need ---

std::uint64_t RunState::declared_output_bytes(TaskId task) const {
  return records_[task].flags & kWeightless ? 0 : graph_.task(task).output_bytes;
}

std::uint64_t RunState::input_bytes(TaskId task) const {
  const auto inputs = graph_.inputs(task);
  if (inputs.size() < 2) return inputs.empty() ? 0 : records_[inputs[0]].num_bytes;
  std::vector<TaskId> distinct(inputs.begin(), inputs.end());
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  std::uint64_t bytes = 0;
  for (TaskId input : distinct) bytes += records_[input].num_bytes;
  return bytes;
}

// --- Memory is short ---

bool RunState::make_room(TaskId task, std::uint64_t needed_bytes, Actions& out) {
  if (input_bytes(task) + declared_output_bytes(task) > budget_bytes_) {
    fail(RunFailure::never_fits, task);
    return false;
  }
  if (!pressure_) enter_pressure();
  const TaskId other = find_task_that_frees();
  if (other != RankSet::kNone) {
    claim(other, working_bytes(other), out);
    return true;
  }
  // The task's own inputs must stay.
  for (TaskId input : graph_.inputs(task)) ++records_[input].num_pins;
  if (spilling_works_) {
    const std::uint64_t over = used_bytes_ + needed_bytes - limit_bytes_;
    if (over > spilling_bytes_) spill_until_freed(over - spilling_bytes_, out);
  }
  for (TaskId input : graph_.inputs(task)) --records_[input].num_pins;
  for (TaskId input : graph_.inputs(task)) note_next_use(input);
  const std::uint64_t working = working_bytes(task);
  if (used_bytes_ + working + bytes_to_load(task) <= limit_bytes_) {
    // Copies were there already.
    claim(task, working, out);
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
  claim(task, working, out);
  return true;
}

// A ready task that fits and leaves less in memory than there was before it.
TaskId RunState::find_task_that_frees() const {
  int num_considered = 0;
  for (std::uint32_t rank = ready_.first(); rank != RankSet::kNone; rank = ready_.next(rank)) {
    if (++num_considered > kMaxTasksConsidered) break;
    const TaskId task = task_of_rank_[rank];
    const std::uint64_t needed = working_bytes(task) + bytes_to_load(task);
    if (used_bytes_ + needed <= limit_bytes_ && freed_by(task) >= expected_bytes(task) && freed_by(task) > 0)
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

}  // namespace plait
