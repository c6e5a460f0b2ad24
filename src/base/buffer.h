// Memory for chunks and columns: 64-byte aligned, from a pool that reuses it.
//
// Fresh pages are slow (a first touch costs ten times a copy), so freed buffers of 256 KiB and more are kept for the
// next allocation of their size class, up to a limit, and large ones ask for huge pages. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace plait {

class Buffer {
 public:
  // Uninitialised memory. Throws Error(memory) when the system has none.
  static std::shared_ptr<Buffer> allocate(std::size_t num_bytes);
  // Memory that somebody else owns; `owner` is kept alive.
  static std::shared_ptr<Buffer> wrap(void* data, std::size_t num_bytes, std::shared_ptr<const void> owner);

  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer();

  std::byte* data() { return data_; }
  const std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  Buffer(std::byte* data, std::size_t size, std::size_t capacity, std::shared_ptr<const void> owner)
      : data_(data), size_(size), capacity_(capacity), owner_(std::move(owner)) {}

  std::byte* data_;
  std::size_t size_;
  std::size_t capacity_;  // 0 when the memory belongs to `owner_`
  std::shared_ptr<const void> owner_;
};

// The pool's memory without a Buffer: given back with the size that it was taken with.
void* take_from_pool(std::size_t num_bytes);
void give_to_pool(void* data, std::size_t num_bytes);

template <class T>
struct PoolAllocator {
  using value_type = T;
  PoolAllocator() = default;
  template <class U>
  PoolAllocator(const PoolAllocator<U>&) {}

  T* allocate(std::size_t n) { return static_cast<T*>(take_from_pool(n * sizeof(T))); }
  void deallocate(T* data, std::size_t n) { give_to_pool(data, n * sizeof(T)); }
  bool operator==(const PoolAllocator&) const { return true; }
};
// For tables and columns that may grow large while a kernel works.
template <class T>
using PooledVector = std::vector<T, PoolAllocator<T>>;

// What the pool holds now. `in_use_bytes` counts the buffers that are alive, `cached_bytes` those kept for reuse.
struct PoolStatus {
  std::size_t in_use_bytes = 0;
  std::size_t cached_bytes = 0;
};

PoolStatus pool_status();
// Keeps at most this much for reuse from now on, and gives the rest back to the system.
void set_pool_limit(std::size_t max_cached_bytes);

}  // namespace plait
