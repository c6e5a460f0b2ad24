#include "base/buffer.h"

#include <sys/mman.h>

#include <array>
#include <atomic>
#include <bit>
#include <cstdlib>
#include <mutex>
#include <string>
#include <vector>

#include "plait/error.h"

namespace plait {
namespace {

constexpr std::size_t kMinPooledBytes = std::size_t{256} << 10;
constexpr std::size_t kHugePageBytes = std::size_t{2} << 20;
constexpr std::size_t kPageBytes = 4096;

// Size classes are a power of two and its three quarter steps, so that at most a fifth of a buffer is unused.
std::size_t size_class_bytes(std::size_t num_bytes) {
  if (num_bytes < kMinPooledBytes) return (num_bytes + 63) / 64 * 64;
  const std::size_t step = std::bit_floor(num_bytes) / 4;
  const std::size_t rounded = (num_bytes + step - 1) / step * step;
  return (rounded + kPageBytes - 1) / kPageBytes * kPageBytes;
}

class Pool {
 public:
  std::byte* take(std::size_t capacity) {
    in_use_ += capacity;
    if (capacity < kMinPooledBytes) return small(capacity);
    {
      std::lock_guard lock(mutex_);
      auto& list = free_list(capacity);
      if (!list.empty()) {
        std::byte* data = list.back();
        list.pop_back();
        cached_ -= capacity;
        return data;
      }
    }
    return map(capacity);
  }

  void give_back(std::byte* data, std::size_t capacity) {
    in_use_ -= capacity;
    if (capacity < kMinPooledBytes) return std::free(data);
    {
      std::lock_guard lock(mutex_);
      if (cached_ + capacity <= limit_) {
        free_list(capacity).push_back(data);
        cached_ += capacity;
        return;
      }
    }
    ::munmap(data, mapped_bytes(capacity));
  }

  void set_limit(std::size_t limit) {
    std::lock_guard lock(mutex_);
    limit_ = limit;
    for (auto& entry : lists_) {
      while (cached_ > limit_ && !entry.free.empty()) {
        ::munmap(entry.free.back(), mapped_bytes(entry.capacity));
        entry.free.pop_back();
        cached_ -= entry.capacity;
      }
    }
  }

  PoolStatus status() {
    std::lock_guard lock(mutex_);
    return {in_use_, cached_};
  }

 private:
  struct FreeList {
    std::size_t capacity;
    std::vector<std::byte*> free;
  };

  static std::size_t mapped_bytes(std::size_t capacity) {
    return capacity < kHugePageBytes ? capacity : (capacity + kHugePageBytes - 1) / kHugePageBytes * kHugePageBytes;
  }

  std::byte* small(std::size_t capacity) {
    void* data = std::aligned_alloc(64, capacity == 0 ? 64 : capacity);
    if (!data) fail(capacity);
    return static_cast<std::byte*>(data);
  }

  std::byte* map(std::size_t capacity) {
    // Over-map and trim, so that a large buffer starts on a huge page.
    const std::size_t bytes = mapped_bytes(capacity);
    const bool huge = bytes >= kHugePageBytes;
    const std::size_t slack = huge ? kHugePageBytes : 0;
    void* raw = ::mmap(nullptr, bytes + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (raw == MAP_FAILED) fail(capacity);
    auto* start = static_cast<std::byte*>(raw);
    if (!huge) return start;
    const std::size_t misfit = reinterpret_cast<std::uintptr_t>(start) % kHugePageBytes;
    const std::size_t lead = misfit == 0 ? 0 : kHugePageBytes - misfit;
    if (lead > 0) ::munmap(start, lead);
    if (slack - lead > 0) ::munmap(start + lead + bytes, slack - lead);
    ::madvise(start + lead, bytes, MADV_HUGEPAGE);
    return start + lead;
  }

  [[noreturn]] void fail(std::size_t capacity) {
    in_use_ -= capacity;
    throw Error(ErrorKind::memory, "the system has no " + std::to_string(capacity) + " bytes of memory left");
  }

  std::vector<std::byte*>& free_list(std::size_t capacity) {
    for (auto& entry : lists_) {
      if (entry.capacity == capacity) return entry.free;
    }
    lists_.push_back({capacity, {}});
    return lists_.back().free;
  }

  std::mutex mutex_;
  std::vector<FreeList> lists_;
  std::size_t cached_ = 0;
  std::size_t limit_ = std::size_t{1} << 30;
  std::atomic<std::size_t> in_use_ = 0;
};

// Never destroyed: buffers may outlive every static object.
Pool& pool() {
  static Pool* instance = new Pool;
  return *instance;
}

}  // namespace

void* take_from_pool(std::size_t num_bytes) { return pool().take(size_class_bytes(num_bytes)); }
void give_to_pool(void* data, std::size_t num_bytes) {
  pool().give_back(static_cast<std::byte*>(data), size_class_bytes(num_bytes));
}

std::shared_ptr<Buffer> Buffer::allocate(std::size_t num_bytes) {
  const std::size_t capacity = size_class_bytes(num_bytes == 0 ? 1 : num_bytes);
  return std::shared_ptr<Buffer>(new Buffer(pool().take(capacity), num_bytes, capacity, nullptr));
}

std::shared_ptr<Buffer> Buffer::wrap(void* data, std::size_t num_bytes, std::shared_ptr<const void> owner) {
  return std::shared_ptr<Buffer>(new Buffer(static_cast<std::byte*>(data), num_bytes, 0, std::move(owner)));
}

Buffer::~Buffer() {
  if (capacity_ != 0) pool().give_back(data_, capacity_);
}

PoolStatus pool_status() { return pool().status(); }

void set_pool_limit(std::size_t max_cached_bytes) { pool().set_limit(max_cached_bytes); }

}  // namespace plait
