// What this process may use of the machine: cores and memory, as limited by affinity and cgroups.
#pragma once

#include <cstdint>
#include <string>

namespace plait {

int num_usable_cores();
// The machine's memory or the cgroup's limit, whichever is less.
std::uint64_t usable_memory_bytes();
// What the runs of this thread may take: the budget of the innermost BudgetScope, else the setting memory-budget, by
// default 60 % of the usable memory.
std::uint64_t memory_budget_bytes();
// The setting spill.directory: by default $TMPDIR, or /tmp, or /var/tmp where /tmp is kept in memory.
std::string default_spill_directory();

// The budget of what this thread plans and runs while it lives; 0 leaves the one that there is.
class BudgetScope {
 public:
  explicit BudgetScope(std::uint64_t budget_bytes);
  BudgetScope(const BudgetScope&) = delete;
  BudgetScope& operator=(const BudgetScope&) = delete;
  ~BudgetScope();

 private:
  std::uint64_t outer_bytes_;
};

}  // namespace plait
