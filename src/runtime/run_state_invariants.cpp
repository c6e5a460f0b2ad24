// What must hold between any two events of a RunState, computed from scratch.
#include <algorithm>

#include "runtime/run_state.h"

namespace plait {

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
