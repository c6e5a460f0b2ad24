#include "runtime/memory_watch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "base/unused_memory.h"

namespace plait {
namespace {

constexpr auto kInterval =
    std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::milliseconds(10));

}  // namespace

std::uint64_t private_bytes(pid_t process) {
  const std::string path = process == 0 ? "/proc/self/statm" : fmt::format("/proc/{}/statm", process);
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  char text[128] = {};
  const ssize_t size = ::read(file, text, sizeof(text) - 1);
  ::close(file);
  unsigned long long resident = 0;
  unsigned long long shared = 0;
  if (size <= 0 || std::sscanf(text, "%*u %llu %llu", &resident, &shared) != 2 || resident < shared) return 0;
  return (resident - shared) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

// A look costs as much as a short run, which needs none.
MemoryWatch::MemoryWatch(std::uint64_t budget_bytes)
    : budget_bytes_(budget_bytes),
      at_start_(private_bytes()),
      next_look_((Clock::now() + kInterval).time_since_epoch().count()) {}

std::uint64_t MemoryWatch::growth() const {
  const std::uint64_t now = private_bytes();
  return now > at_start_ ? now - at_start_ : 0;
}

std::optional<std::uint64_t> MemoryWatch::look() {
  // What a thread has allocated, only it can give back.
  thread_local std::uint64_t given_back = 0;
  const std::uint64_t wanted = times_short_.load(std::memory_order_relaxed);
  if (given_back != wanted) {
    given_back = wanted;
    release_unused_memory();
  }
  const Clock::rep now = Clock::now().time_since_epoch().count();
  Clock::rep next = next_look_.load(std::memory_order_relaxed);
  if (now < next) return std::nullopt;
  if (!next_look_.compare_exchange_strong(next, now + kInterval.count(), std::memory_order_relaxed))
    return std::nullopt;
  std::uint64_t grown = growth();
  if (grown > budget_bytes_ / 16 * 15) {
    given_back = ++times_short_;
    release_unused_memory();
    grown = growth();
  }
  return grown;
}

}  // namespace plait
