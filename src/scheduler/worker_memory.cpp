// What stays in a worker's memory. Values that tasks here wait for stay; of the others the one that was touched longest
// ago goes to disk first.
#include "scheduler/worker_impl.h"

namespace plait {

std::uint64_t WorkerState::Impl::input_bytes(const Record& task) const {
  std::uint64_t bytes = 0;
  for (const Record* input : task.inputs) bytes += input->num_bytes;
  return bytes;
}

std::uint64_t WorkerState::Impl::working_bytes(const Record& task) const {
  const auto known = history.find(task.order.family);
  const LayerHistory& family = known == history.end() ? LayerHistory() : known->second;
  const std::uint64_t declared = task.order.output_bytes;
  return family.working_bytes(family.expected_bytes(declared), declared > 0, input_bytes(task));
}

std::uint64_t WorkerState::Impl::bytes_to_claim(const Record& task) const {
  std::uint64_t bytes = working_bytes(task);
  for (const Record* input : task.inputs)
    if (input->state == State::spilled) bytes += input->num_bytes;
  return bytes;
}

// For values and what tasks take: the target, or less where the process takes much besides.
std::uint64_t WorkerState::Impl::budget_bytes() const {
  const auto limit = static_cast<double>(options.memory_limit_bytes);
  const double beside = static_cast<double>(beside_bytes);
  return static_cast<std::uint64_t>(
      std::max(limit / 4, std::min(options.target * limit, options.spill * limit - beside)));
}

// The task does not fit. True if it starts nevertheless: there is room at once, or nothing is left that could make
// room.
bool WorkerState::Impl::make_room(Record& task) {
  const std::uint64_t over = used_bytes + bytes_to_claim(task) - budget_bytes();
  if (over > spilling_bytes) spill_until_freed(over - spilling_bytes);
  if (used_bytes + bytes_to_claim(task) <= budget_bytes()) return true;
  return executing.empty() && stopping.empty() && num_loading == 0 && num_spilling == 0;
}

// Until so many bytes are on their way to the disk or gone.
void WorkerState::Impl::spill_until_freed(std::uint64_t bytes) {
  std::uint64_t freed = 0;
  while (freed < bytes && oldest) {
    Record& value = *oldest;
    freed += value.num_bytes;
    unlist(value);
    if (value.has_copy) {
      used_bytes -= value.num_bytes;
      spilled_bytes += value.num_bytes;
      set_state(value, State::spilled);
      out->push_back(worker_action::Unload{value.number});
      continue;
    }
    value.is_spilling = true;
    ++num_spilling;
    spilling_bytes += value.num_bytes;
    out->push_back(worker_action::Spill{value.number});
  }
}

bool WorkerState::Impl::can_spill(const Record& value) const {
  return value.state == State::in_memory && value.users.empty() && value.num_pins == 0 && value.num_bytes > 0 &&
         !value.is_spilling && !value.is_unspillable && !value.order.is_actor && spilling_works &&
         options.memory_limit_bytes > 0 && !stale_spills.contains(value.number);
}

void WorkerState::Impl::list(Record& value) {
  if (value.is_listed || !can_spill(value)) return;
  value.is_listed = true;
  value.previous = newest;
  (newest ? newest->next : oldest) = &value;
  newest = &value;
}

void WorkerState::Impl::unlist(Record& value) {
  if (!value.is_listed) return;
  value.is_listed = false;
  (value.previous ? value.previous->next : oldest) = value.next;
  (value.next ? value.next->previous : newest) = value.previous;
  value.previous = value.next = nullptr;
}

// The process is too large, and something is under way, or can be done, that makes it smaller.
bool WorkerState::Impl::must_pause() const {
  const auto limit = static_cast<double>(options.memory_limit_bytes);
  return options.memory_limit_bytes > 0 && static_cast<double>(process_bytes) > options.pause * limit &&
         can_free_memory();
}

}  // namespace plait
