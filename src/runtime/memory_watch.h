// MemoryWatch: how much memory a run really takes. A run's books hold values and what tasks are expected to make; what
// kernels need while they work, and what allocators keep, shows only in the memory of the process.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace plait {

// Memory that is in this process only (0) or in another one of that id; 0 if that cannot be told.
std::uint64_t private_bytes(pid_t process = 0);

class MemoryWatch {
 public:
  explicit MemoryWatch(std::uint64_t budget_bytes);

  // What this process has taken since the start, if it is time to look again: often enough for tasks of a few
  // milliseconds, seldom enough to cost nothing. Near the budget unused memory is given back first, by every thread
  // that looks. Thread-safe.
  std::optional<std::uint64_t> look();

 private:
  using Clock = std::chrono::steady_clock;

  std::uint64_t growth() const;

  const std::uint64_t budget_bytes_;
  const std::uint64_t at_start_;
  std::atomic<Clock::rep> next_look_;
  inline static std::atomic<std::uint64_t> times_short_ = 0;  // in any run: every thread gives back what it keeps
};

}  // namespace plait
