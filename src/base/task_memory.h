// What the task at work on this thread takes of memory. Allocators of large blocks count what they hand out and get
// back; a run learns from it how much the next task of the same kind will need while it works.
#pragma once

#include <algorithm>
#include <cstdint>

namespace plait {

// From here on, on this thread. Scopes nest: what an inner one has taken and kept is the outer one's, too.
class TaskMemory {
 public:
  TaskMemory() : outer_(counts_) { counts_ = {0, 0}; }
  ~TaskMemory() { counts_ = {outer_.now + counts_.now, std::max(outer_.peak, outer_.now + counts_.peak)}; }
  TaskMemory(const TaskMemory&) = delete;
  TaskMemory& operator=(const TaskMemory&) = delete;

  // The most that was taken and not yet given back at one time.
  std::uint64_t peak_bytes() const { return static_cast<std::uint64_t>(counts_.peak); }

  // For allocators: so much more, or less.
  static void count(std::int64_t bytes) {
    counts_.now += bytes;
    counts_.peak = std::max(counts_.peak, counts_.now);
  }

 private:
  struct Counts {
    std::int64_t now;
    std::int64_t peak;
  };

  inline static thread_local Counts counts_{0, 0};
  const Counts outer_;
};

}  // namespace plait
