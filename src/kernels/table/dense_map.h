// DenseMap and TextMap: keys -> 1, 2, 3, ... in order of first appearance; 0 means "not there".
//
// Linear probing over a power of two of slots, at most half full. Integer slots hold key and id; text slots hold the
// first sixteen bytes and the length, so that short strings are compared without touching their memory; longer ones are
// compared exactly against the kept text. Not thread-safe for adding.
#pragma once

#include <xxhash.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/buffer.h"

namespace plait {

inline std::uint64_t mix64(std::uint64_t x) {
  x ^= x >> 32;
  x *= 0x9E3779B97F4A7C15ull;
  x ^= x >> 29;
  return x * 0xD6E8FEB86659FD93ull;
}

class DenseMap {
 public:
  DenseMap() { resize(6); }

  std::uint32_t find(std::uint64_t key) const {
    for (std::size_t i = mix64(key) >> shift_;; i = (i + 1) & mask_) {
      const Slot& slot = slots_[i];
      if (slot.id == 0) return 0;
      if (slot.key == key) return slot.id;
    }
  }
  std::uint32_t add(std::uint64_t key) {
    for (std::size_t i = mix64(key) >> shift_;; i = (i + 1) & mask_) {
      Slot& slot = slots_[i];
      if (slot.id == 0) return insert(i, key);
      if (slot.key == key) return slot.id;
    }
  }
  void prefetch(std::uint64_t key) const { __builtin_prefetch(&slots_[mix64(key) >> shift_]); }
  // Tables beyond the near caches want their probes prefetched.
  bool is_large() const { return slots_.size() > (std::size_t{1} << 14); }
  // Keys by id - 1.
  std::span<const std::uint64_t> keys() const { return keys_; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(keys_.size()); }

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t id = 0;
  };

  std::uint32_t insert(std::size_t at, std::uint64_t key) {
    keys_.push_back(key);
    const auto id = static_cast<std::uint32_t>(keys_.size());
    slots_[at] = {key, id};
    if (keys_.size() * 2 > slots_.size()) resize(64 - shift_ + 1);
    return id;
  }
  void resize(int bits) {
    shift_ = 64 - bits;
    mask_ = (std::size_t{1} << bits) - 1;
    slots_ = PooledVector<Slot>();  // gives its memory back before the larger one is taken
    slots_.resize(mask_ + 1);
    constexpr std::size_t kAhead = 16;
    for (std::size_t n = 0; n < keys_.size(); ++n) {
      if (n + kAhead < keys_.size()) prefetch(keys_[n + kAhead]);
      std::size_t i = mix64(keys_[n]) >> shift_;
      while (slots_[i].id != 0) i = (i + 1) & mask_;
      slots_[i] = {keys_[n], static_cast<std::uint32_t>(n + 1)};
    }
  }

  PooledVector<Slot> slots_;
  PooledVector<std::uint64_t> keys_;
  int shift_ = 0;
  std::size_t mask_ = 0;
};

// A text made ready for a table: its first sixteen bytes as two words (zero padded) and its hash.
struct PreparedText {
  const char* data;
  std::uint32_t size;
  std::uint64_t low;
  std::uint64_t high;
  std::uint64_t hash;
};

// Up to eight bytes as a word, zero padded. `end` is where readable memory ends.
inline std::uint64_t text_word(const char* text, std::size_t size, const char* end) {
  std::uint64_t bytes = 0;
  if (end - text >= 8) {
    std::memcpy(&bytes, text, 8);
    if (size < 8) bytes &= (std::uint64_t{1} << (8 * size)) - 1;
  } else {
    std::memcpy(&bytes, text, size < 8 ? size : 8);
  }
  return bytes;
}

// Written field by field into its place: a copy of the whole would have to wait for each field to be stored.
inline void prepare_text(const char* text, std::size_t size, const char* end, PreparedText& out) {
  const std::uint64_t low = text_word(text, size, end);
  const std::uint64_t high = size > 8 ? text_word(text + 8, size - 8, end) : 0;
  out.data = text;
  out.size = static_cast<std::uint32_t>(size);
  out.low = low;
  out.high = high;
  out.hash = size <= 8    ? mix64(low + size)
             : size <= 16 ? mix64(low + size + high * 0x9FB21C651E98DF25ull)
                          : XXH3_64bits(text, size);
}
inline PreparedText prepare_text(const char* text, std::size_t size, const char* end) {
  PreparedText out;
  prepare_text(text, size, end, out);
  return out;
}

class TextMap {
 public:
  TextMap() { resize(0); }

  std::uint32_t find(const PreparedText& text) const {
    for (std::size_t i = text.hash >> shift_;; i = (i + 1) & mask_) {
      const Slot& slot = slots_[i];
      if (slot.id == 0) return 0;
      if (matches(slot, text)) return slot.id;
    }
  }
  std::uint32_t add(const PreparedText& text) {
    for (std::size_t i = text.hash >> shift_;; i = (i + 1) & mask_) {
      Slot& slot = slots_[i];
      if (slot.id == 0) return insert(i, text);
      if (matches(slot, text)) return slot.id;
    }
  }
  std::uint32_t add(const char* text, std::size_t size, const char* end) { return add(prepare_text(text, size, end)); }
  void prefetch(const PreparedText& text) const { __builtin_prefetch(&slots_[text.hash >> shift_]); }
  // Tables beyond the near caches want their probes prefetched.
  bool is_large() const { return slots_.size() > (std::size_t{1} << 13); }

  std::uint32_t size() const { return static_cast<std::uint32_t>(ends_.size() - 1); }
  std::string_view key(std::uint32_t id) const {
    return std::string_view(arena_).substr(ends_[id - 1], ends_[id] - ends_[id - 1]);
  }

 private:
  struct Slot {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::uint32_t size = 0;
    std::uint32_t id = 0;
  };

  bool matches(const Slot& slot, const PreparedText& text) const {
    if (slot.low != text.low || slot.high != text.high || slot.size != text.size) return false;
    return text.size <= 16 || std::memcmp(arena_.data() + ends_[slot.id - 1] + 16, text.data + 16, text.size - 16) == 0;
  }
  std::uint32_t insert(std::size_t at, const PreparedText& text) {
    arena_.append(text.data, text.size);
    ends_.push_back(arena_.size());
    const std::uint32_t id = this->size();
    slots_[at] = {text.low, text.high, text.size, id};
    if (id > max_keys(slots_.size())) resize(std::size_t{id} * 2);
    return id;
  }
  // Few keys get many slots: where two share one, the rows of either go a way that the processor did not expect.
  static constexpr std::size_t kMinSlots = 1024;
  static std::size_t max_keys(std::size_t num_slots) { return num_slots / (num_slots == kMinSlots ? 16 : 2); }
  void resize(std::size_t expected) {
    int bits = std::countr_zero(kMinSlots);
    while (max_keys(std::size_t{1} << bits) < expected) ++bits;
    shift_ = 64 - bits;
    mask_ = (std::size_t{1} << bits) - 1;
    slots_.assign(mask_ + 1, Slot{});
    const char* end = arena_.data() + arena_.size();
    for (std::uint32_t id = 1; id <= size(); ++id) {
      const std::string_view key_text = key(id);
      const PreparedText text = prepare_text(key_text.data(), key_text.size(), end);
      std::size_t i = text.hash >> shift_;
      while (slots_[i].id != 0) i = (i + 1) & mask_;
      slots_[i] = {text.low, text.high, text.size, id};
    }
  }

  PooledVector<Slot> slots_;
  std::string arena_;
  PooledVector<std::uint64_t> ends_ = {0};
  int shift_ = 0;
  std::size_t mask_ = 0;
};

}  // namespace plait
