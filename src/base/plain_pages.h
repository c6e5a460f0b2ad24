// Memory for the columns of tables, from a pool of its own: no huge pages, since columns are cut into parts that go
// back to the system one by one, and little is kept for reuse. Thread-safe.
#pragma once

#include <cstddef>

namespace plait {

// Smaller blocks come from the heap.
inline constexpr std::size_t kMinPlainBytes = std::size_t{64} << 10;

// 64-byte aligned. Throws Error(memory) when the system has none.
void* take_plain_pages(std::size_t num_bytes);
// With the size that it was taken with.
void give_plain_pages(void* data, std::size_t num_bytes);
// The block with another size, both of which are at least kMinPlainBytes: pages are moved, not copied. Throws
// Error(memory).
void* resize_plain_pages(void* data, std::size_t old_bytes, std::size_t new_bytes);

// All that the pools of buffers and of tables keep for reuse goes back to the system.
void drop_cached_memory();

}  // namespace plait
