// How many workers the work that is there is worth, and which can go.
#include <cmath>

#include "scheduler/scheduler_impl.h"

namespace plait {

// Enough that all known work is done within the target time, and that every task which could run now has a thread,
// as far as it is worth a worker's start; none if there is nothing to do and nothing is held.
std::uint32_t SchedulerState::adaptive_target() const {
  const Impl& impl = *impl_;
  Time work = 0;
  std::size_t num_tasks = 0;
  for (const scheduling::FamilyRecord& family : impl.families) {
    const std::size_t num = family.counts.ready + family.counts.processing + family.counts.waiting;
    const auto known = static_cast<Time>(family.history.duration_ns());
    work += static_cast<Time>(num) * (known > 0 ? known : impl.options.adaptive_target_ns / 2);
    num_tasks += family.counts.ready + family.counts.processing;
  }
  std::uint32_t nthreads = 1;
  for (const scheduling::WorkerRecord* worker : impl.here) nthreads = std::max(nthreads, worker->joined.nthreads);
  const double threads =
      std::min(std::ceil(static_cast<double>(work) / static_cast<double>(impl.options.adaptive_target_ns)),
               static_cast<double>(num_tasks));
  const auto for_work = static_cast<std::uint32_t>(std::min(std::ceil(threads / nthreads), 1e6));
  // Values need somebody to hold them.
  std::uint64_t held = 0;
  std::uint64_t limit = 0;
  for (const scheduling::WorkerRecord* worker : impl.here) {
    held += worker->held_bytes;
    limit = std::max(limit, worker->joined.memory_limit_bytes);
  }
  const std::uint32_t for_memory = held == 0    ? 0
                                   : limit == 0 ? 1
                                                : static_cast<std::uint32_t>(1 + held / (limit / 2 + 1));
  const bool has_work = impl.counts.ready + impl.counts.processing + impl.counts.waiting > 0;
  return std::max({for_work, for_memory, has_work ? 1u : 0u});
}

std::vector<WorkerNumber> SchedulerState::workers_to_close(std::uint32_t num_to_keep) const {
  const Impl& impl = *impl_;
  std::vector<const scheduling::WorkerRecord*> candidates;
  for (const scheduling::WorkerRecord* worker : impl.here)
    if (!worker->is_retiring) candidates.push_back(worker);
  if (candidates.size() <= num_to_keep) return {};
  const std::size_t num = candidates.size() - num_to_keep;
  // Idle ones first, then those whose values are quickly moved; the youngest first among equals.
  std::ranges::stable_sort(candidates, [](const auto* a, const auto* b) {
    return std::tuple(a->processing.size(), a->held_bytes, b->number) <
           std::tuple(b->processing.size(), b->held_bytes, a->number);
  });
  std::vector<WorkerNumber> found;
  for (std::size_t i = 0; i < num; ++i) found.push_back(candidates[i]->number);
  return found;
}

}  // namespace plait
