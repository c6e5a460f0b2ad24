#include "base/buffer.h"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "base/plain_pages.h"
#include "base/task_memory.h"
#include "plait/error.h"

namespace plait {
namespace {

constexpr std::size_t kMinPooledBytes = std::size_t{256} << 10;
constexpr std::size_t kHugePageBytes = std::size_t{2} << 20;
constexpr std::size_t kPageBytes = 4096;

// Size classes are a power of two and its three quarter steps, so that at most a fifth of a buffer is unused.
std::size_t size_class_bytes(std::size_t num_bytes, std::size_t min_pooled = kMinPooledBytes) {
  if (num_bytes < min_pooled) return (num_bytes + 63) / 64 * 64;
  const std::size_t step = std::bit_floor(num_bytes) / 4;
  const std::size_t rounded = (num_bytes + step - 1) / step * step;
  return (rounded + kPageBytes - 1) / kPageBytes * kPageBytes;
}

// What all pools together have handed out. Whatever they keep beside it is no more than what was once in use: sizes
// change from one step of a program to the next, and memory kept for the last one must not come on top of the next.
class Usage {
 public:
  void add(std::size_t bytes) {
    const std::size_t now = in_use_ += bytes;
    std::size_t most = most_.load(std::memory_order_relaxed);
    while (now > most && !most_.compare_exchange_weak(most, now, std::memory_order_relaxed)) {
    }
  }
  void subtract(std::size_t bytes) { in_use_ -= bytes; }
  // May be kept for reuse at this moment.
  std::size_t unused() const {
    const std::size_t now = in_use_;
    const std::size_t most = most_.load(std::memory_order_relaxed);
    return most > now ? most - now : 0;
  }

 private:
  std::atomic<std::size_t> in_use_ = 0;
  std::atomic<std::size_t> most_ = 0;
};

class Pool {
 public:
  // Smaller blocks come from the heap.
  Pool(std::size_t min_pooled, bool uses_huge_pages, Usage& usage)
      : min_pooled_(min_pooled), uses_huge_pages_(uses_huge_pages), usage_(usage) {}

  std::byte* take(std::size_t capacity) {
    count(static_cast<std::int64_t>(capacity));
    if (capacity < min_pooled_) return small(capacity);
    {
      std::lock_guard lock(mutex_);
      auto& list = free_list(capacity);
      if (!list.empty()) {
        std::byte* data = list.back().data;
        list.pop_back();
        cached_ -= capacity;
        return data;
      }
    }
    shrink_to(usage_.unused());
    return map(capacity);
  }

  void give_back(std::byte* data, std::size_t capacity) {
    count(-static_cast<std::int64_t>(capacity));
    if (capacity < min_pooled_) return std::free(data);
    std::unique_lock lock(mutex_);
    if (capacity > limit_) {
      lock.unlock();
      return unmap({data, capacity});
    }
    free_list(capacity).push_back({data, ++num_returned_});
    cached_ += capacity;
    shrink_to(limit_, std::move(lock));
  }

  // Of plain pages only.
  std::byte* resize(std::byte* data, std::size_t old_capacity, std::size_t new_capacity) {
    if (old_capacity == new_capacity) return data;
    void* moved = ::mremap(data, old_capacity, new_capacity, MREMAP_MAYMOVE);
    if (moved == MAP_FAILED) throw no_memory(new_capacity);
    count(static_cast<std::int64_t>(new_capacity) - static_cast<std::int64_t>(old_capacity));
    return static_cast<std::byte*>(moved);
  }

  void set_limit(std::size_t limit) {
    std::unique_lock lock(mutex_);
    limit_ = limit;
    shrink_to(limit, std::move(lock));
  }
  void shrink_to(std::size_t limit) { shrink_to(limit, std::unique_lock(mutex_)); }

  PoolStatus status() {
    std::lock_guard lock(mutex_);
    return {in_use_, cached_};
  }

 private:
  struct Free {
    std::byte* data;
    std::uint64_t number;  // in the order in which buffers were returned
  };
  struct FreeList {
    std::size_t capacity;
    std::deque<Free> free;

    std::uint64_t oldest() const { return free.empty() ? ~std::uint64_t{0} : free.front().number; }
  };

  struct Block {
    std::byte* data;
    std::size_t capacity;
  };

  void count(std::int64_t bytes) {
    if (bytes >= 0)
      usage_.add(static_cast<std::size_t>(bytes));
    else
      usage_.subtract(static_cast<std::size_t>(-bytes));
    in_use_ += static_cast<std::size_t>(bytes);
    TaskMemory::count(bytes);
  }

  // What has been unused for longest goes first: sizes that nobody asks for any more must not fill the pool.
  void shrink_to(std::size_t limit, std::unique_lock<std::mutex> lock) {
    std::vector<Block> surplus;
    while (cached_ > limit) {
      const auto oldest = std::min_element(
          lists_.begin(), lists_.end(), [](const FreeList& a, const FreeList& b) { return a.oldest() < b.oldest(); });
      surplus.push_back({oldest->free.front().data, oldest->capacity});
      oldest->free.pop_front();
      cached_ -= oldest->capacity;
    }
    lock.unlock();
    for (const Block& block : surplus) unmap(block);
  }

  bool is_huge(std::size_t capacity) const { return uses_huge_pages_ && capacity >= kHugePageBytes; }
  std::size_t mapped_bytes(std::size_t capacity) const {
    return is_huge(capacity) ? (capacity + kHugePageBytes - 1) / kHugePageBytes * kHugePageBytes : capacity;
  }

  std::byte* small(std::size_t capacity) {
    void* data = std::aligned_alloc(64, capacity == 0 ? 64 : capacity);
    if (!data) fail(capacity);
    return static_cast<std::byte*>(data);
  }

  std::byte* map(std::size_t capacity) {
    // Over-map and trim, so that a large buffer starts on a huge page.
    const std::size_t bytes = mapped_bytes(capacity);
    const bool huge = is_huge(capacity);
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
  void unmap(const Block& block) const { ::munmap(block.data, mapped_bytes(block.capacity)); }

  [[noreturn]] void fail(std::size_t capacity) {
    count(-static_cast<std::int64_t>(capacity));
    throw no_memory(capacity);
  }
  static Error no_memory(std::size_t capacity) {
    return Error(ErrorKind::memory, "the system has no " + std::to_string(capacity) + " bytes of memory left");
  }

  std::deque<Free>& free_list(std::size_t capacity) {
    for (auto& entry : lists_) {
      if (entry.capacity == capacity) return entry.free;
    }
    lists_.push_back({capacity, {}});
    return lists_.back().free;
  }

  const std::size_t min_pooled_;
  const bool uses_huge_pages_;
  Usage& usage_;
  std::mutex mutex_;
  std::vector<FreeList> lists_;
  std::size_t cached_ = 0;
  std::size_t limit_ = std::size_t{1} << 30;
  std::uint64_t num_returned_ = 0;
  std::atomic<std::size_t> in_use_ = 0;
};

// Of tables hardly anything is used again at once, and parts of them are given back page by page.
constexpr std::size_t kMaxCachedPlainBytes = std::size_t{128} << 20;

struct Pools {
  Usage usage;
  Pool huge{kMinPooledBytes, true, usage};
  Pool plain{kMinPlainBytes, false, usage};

  Pools() { plain.set_limit(kMaxCachedPlainBytes); }
};

// Never destroyed: buffers may outlive every static object.
Pools& pools() {
  static Pools* instance = new Pools;
  return *instance;
}
Pool& pool() { return pools().huge; }

}  // namespace

void* take_from_pool(std::size_t num_bytes) { return pool().take(size_class_bytes(num_bytes)); }
void give_to_pool(void* data, std::size_t num_bytes) {
  pool().give_back(static_cast<std::byte*>(data), size_class_bytes(num_bytes));
}
void* take_plain_pages(std::size_t num_bytes) {
  return pools().plain.take(size_class_bytes(num_bytes, kMinPlainBytes));
}
void give_plain_pages(void* data, std::size_t num_bytes) {
  pools().plain.give_back(static_cast<std::byte*>(data), size_class_bytes(num_bytes, kMinPlainBytes));
}
void* resize_plain_pages(void* data, std::size_t old_bytes, std::size_t new_bytes) {
  return pools().plain.resize(static_cast<std::byte*>(data), size_class_bytes(old_bytes, kMinPlainBytes),
                              size_class_bytes(new_bytes, kMinPlainBytes));
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

PoolStatus pool_status() {
  const PoolStatus huge = pools().huge.status();
  const PoolStatus plain = pools().plain.status();
  return {huge.in_use_bytes + plain.in_use_bytes, huge.cached_bytes + plain.cached_bytes};
}

void set_pool_limit(std::size_t max_cached_bytes) {
  pools().huge.set_limit(max_cached_bytes);
  pools().plain.set_limit(std::min(max_cached_bytes / 2, kMaxCachedPlainBytes));
}

void drop_cached_memory() {
  pools().huge.shrink_to(0);
  pools().plain.shrink_to(0);
}

}  // namespace plait
