#include "kernels/array/tile_copy.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "kernels/array/transpose_loops.h"

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace plait {
namespace {

struct Bytes16 {
  std::uint64_t words[2];
};

template <class T>
void copy_strided(std::byte* to, std::int64_t to_stride, const std::byte* from, std::int64_t from_stride,
                  std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    T value;
    std::memcpy(&value, from + i * from_stride, sizeof(T));
    std::memcpy(to + i * to_stride, &value, sizeof(T));
  }
}

void copy_row(std::byte* to, std::int64_t to_stride, const std::byte* from, std::int64_t from_stride,
              std::int64_t count, std::size_t item) {
  const auto step = static_cast<std::int64_t>(item);
  if (to_stride == step && from_stride == step) {
    std::memcpy(to, from, static_cast<std::size_t>(count) * item);
    return;
  }
  switch (item) {
    case 1:
      return copy_strided<std::uint8_t>(to, to_stride, from, from_stride, count);
    case 2:
      return copy_strided<std::uint16_t>(to, to_stride, from, from_stride, count);
    case 4:
      return copy_strided<std::uint32_t>(to, to_stride, from, from_stride, count);
    case 8:
      return copy_strided<std::uint64_t>(to, to_stride, from, from_stride, count);
    default:
      return copy_strided<Bytes16>(to, to_stride, from, from_stride, count);
  }
}

// The only two axes of the tile are the last one and one that is contiguous in memory.
bool is_transposed(const TileWalk& walk, const Stepper& from, std::size_t item, int& other) {
  const int last = walk.ndim - 1;
  other = -1;
  for (int axis = 0; axis < last; ++axis) {
    if (walk.tile[axis] == 1) continue;
    if (other >= 0 || from.strides[axis] != static_cast<std::int64_t>(item)) return false;
    other = axis;
  }
  return other >= 0 && from.strides[last] != static_cast<std::int64_t>(item);
}

}  // namespace

void gather_tile(const TileWalk& walk, const Stepper& from, const std::byte* base, std::byte* to, std::size_t item) {
  const int last = walk.ndim - 1;
  int other = -1;
  if (can_transpose(item) && is_transposed(walk, from, item, other)) {
    transpose_columns(to, base + from.at, from.strides[last], walk.tile[other], walk.tile[last], item);
    return;
  }
  const auto step = static_cast<std::int64_t>(item);
  for_each_row(walk, [&](const TileRow& row) {
    copy_row(to + row.first * step, step, base + row.offset(walk, from), from.strides[last], row.count, item);
  });
}

void scatter_tile(const TileWalk& walk, const Stepper& to, std::byte* base, const std::byte* from, std::size_t item,
                  bool streams) {
  const auto step = static_cast<std::int64_t>(item);
  if (walk.is_contiguous(to, step)) {
    const std::size_t num_bytes = static_cast<std::size_t>(walk.num_elements) * item;
    return copy_bytes(base + to.at, from, num_bytes, streams);
  }
  const int last = walk.ndim - 1;
  for_each_row(walk, [&](const TileRow& row) {
    std::byte* place = base + row.offset(walk, to);
    if (streams && to.strides[last] == step)
      copy_bytes(place, from + row.first * step, static_cast<std::size_t>(row.count) * item, true);
    else
      copy_row(place, to.strides[last], from + row.first * step, step, row.count, item);
  });
}

void prefetch_run(const std::byte* first, std::int64_t num_bytes) {
  constexpr std::int64_t kLine = 64;
  for (std::int64_t at = 0; at < num_bytes; at += kLine) {
#if defined(__x86_64__)
    // Not __builtin_prefetch: g++ takes a function that does nothing else for one without effect, and drops its calls.
    asm volatile("prefetcht1 %0" : : "m"(first[at]));
#else
    __builtin_prefetch(first + at, 0, 2);
#endif
  }
}

void prefetch_tile(const TileWalk& walk, const Stepper& from, const std::byte* base, std::size_t item) {
  const int last = walk.ndim - 1;
  const auto step = static_cast<std::int64_t>(item);
  int other = -1;
  if (is_transposed(walk, from, item, other)) {
    for (std::int64_t column = 0; column < walk.tile[last]; ++column)
      prefetch_run(base + from.at + column * from.strides[last], walk.tile[other] * step);
  } else if (from.strides[last] == step) {
    for_each_row(walk, [&](const TileRow& row) { prefetch_run(base + row.offset(walk, from), row.count * step); });
  }
}

void repeat_element(const std::byte* element, std::size_t item, std::byte* to, std::int64_t n) {
  if (n <= 0) return;
  const std::size_t num_bytes = static_cast<std::size_t>(n) * item;
  std::memcpy(to, element, item);
  for (std::size_t done = item; done < num_bytes; done *= 2)
    std::memcpy(to + done, to, std::min(done, num_bytes - done));
}

void copy_bytes(std::byte* to, const std::byte* from, std::size_t num_bytes, [[maybe_unused]] bool streams) {
#if defined(__x86_64__)
  const std::size_t head = (64 - reinterpret_cast<std::uintptr_t>(to) % 64) % 64;
  if (streams && num_bytes >= head + 64) {
    std::memcpy(to, from, head);
    std::size_t i = head;
    for (; i + 64 <= num_bytes; i += 64) {
      for (std::size_t k = 0; k < 64; k += 16) {
        const __m128i part = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i + k));
        _mm_stream_si128(reinterpret_cast<__m128i*>(to + i + k), part);
      }
    }
    std::memcpy(to + i, from + i, num_bytes - i);
    return;
  }
#endif
  std::memcpy(to, from, num_bytes);
}

void finish_streaming() {
#if defined(__x86_64__)
  _mm_sfence();
#endif
}

}  // namespace plait
