// What stays in a worker's memory. Values that tasks here wait for stay; of the others the one that was touched longest
// ago goes to disk first.
#include "scheduler/worker_impl.h"

namespace plait {
namespace {
// A disk that was full may have room again.
constexpr Time kPauseOfSpilling = 2'000'000'000;
}  // namespace

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

// Values and tasks may always have so much, even where the process is too large without them.
std::uint64_t WorkerState::Impl::least_budget_bytes() const { return options.memory_limit_bytes / 4; }

// For values and what tasks take: the target, or less where the process takes much besides.
std::uint64_t WorkerState::Impl::budget_bytes() const {
  const auto limit = static_cast<double>(options.memory_limit_bytes);
  const double beside = static_cast<double>(beside_bytes);
  const double budget = std::min(options.target * limit, options.spill * limit - beside);
  return std::max(least_budget_bytes(), static_cast<std::uint64_t>(std::max(budget, 0.0)));
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

// The disk takes nothing: values stay in memory for a while.
void WorkerState::Impl::stop_spilling() {
  spilling_works = false;
  tries_to_spill_at = now + kPauseOfSpilling;
  while (oldest) unlist(*oldest);
}

void WorkerState::Impl::spill_again_if_due() {
  if (spilling_works || now < tries_to_spill_at) return;
  spilling_works = true;
  std::vector<Record*> values;
  for (auto& [number, record] : records) values.push_back(&record);
  std::ranges::sort(values, {}, &Record::number);
  for (Record* value : values) list(*value);
}

// The process is too large: values go to disk, but not those that fit into what they may always have.
void WorkerState::Impl::spill_excess() {
  if (options.memory_limit_bytes == 0 || used_bytes <= least_budget_bytes()) return;
  const double too_much =
      static_cast<double>(process_bytes) - options.spill * static_cast<double>(options.memory_limit_bytes);
  if (too_much <= 0) return;
  const std::uint64_t bytes = std::min(static_cast<std::uint64_t>(too_much), used_bytes - least_budget_bytes());
  if (bytes > spilling_bytes) spill_until_freed(bytes - spilling_bytes);
}

// The process is too large, and something is under way, or can be done, that makes it smaller. Few values are not what
// makes it large: a worker that waited until they are on disk would run a task now and then, and be as large as before.
bool WorkerState::Impl::must_pause() const {
  const double bound = options.pause * static_cast<double>(options.memory_limit_bytes);
  if (options.memory_limit_bytes == 0 || static_cast<double>(process_bytes) <= bound) return false;
  const bool runs = !executing.empty() || !stopping.empty();
  const bool can_spill_more = num_spilling > 0 || oldest;
  return runs || (can_spill_more && used_bytes > least_budget_bytes());
}

}  // namespace plait
