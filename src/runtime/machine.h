// What this process may use of the machine: cores and memory, as limited by affinity and cgroups.
#pragma once

#include <cstdint>
#include <string>

namespace plait {

int num_usable_cores();
// The machine's memory or the cgroup's limit, whichever is less.
std::uint64_t usable_memory_bytes();
// The setting memory-budget: by default 60 % of the usable memory.
std::uint64_t default_memory_budget_bytes();
// The setting spill.directory: by default $TMPDIR, or /tmp, or /var/tmp where /tmp is kept in memory.
std::string default_spill_directory();

}  // namespace plait
