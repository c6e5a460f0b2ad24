// RankSet: a set of numbers 0..size-1 that yields its smallest or largest in a few nanoseconds, whatever its size.
//
// A tree of 64-bit words: bit i of a word says that word i of the level below is not empty. Owned by one thread.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace plait {

class RankSet {
 public:
  static constexpr std::uint32_t kNone = static_cast<std::uint32_t>(-1);

  explicit RankSet(std::size_t size = 0) {
    do {
      size = (size + 63) / 64;
      levels_.emplace_back(size, 0);
    } while (size > 1);
  }

  bool empty() const { return count_ == 0; }
  std::size_t count() const { return count_; }
  bool contains(std::uint32_t rank) const { return levels_[0][rank / 64] >> (rank % 64) & 1; }

  void insert(std::uint32_t rank) {
    if (contains(rank)) return;
    ++count_;
    for (auto& level : levels_) {
      std::uint64_t& word = level[rank / 64];
      const bool was_empty = word == 0;
      word |= std::uint64_t{1} << (rank % 64);
      if (!was_empty) return;
      rank /= 64;
    }
  }

  void erase(std::uint32_t rank) {
    if (!contains(rank)) return;
    --count_;
    for (auto& level : levels_) {
      std::uint64_t& word = level[rank / 64];
      word &= ~(std::uint64_t{1} << (rank % 64));
      if (word != 0) return;
      rank /= 64;
    }
  }

  std::uint32_t first() const {
    if (empty()) return kNone;
    std::uint32_t at = 0;
    for (auto level = levels_.rbegin(); level != levels_.rend(); ++level) {
      at = at * 64 + static_cast<std::uint32_t>(std::countr_zero((*level)[at]));
    }
    return at;
  }

  std::uint32_t last() const {
    if (empty()) return kNone;
    std::uint32_t at = 0;
    for (auto level = levels_.rbegin(); level != levels_.rend(); ++level) {
      at = at * 64 + 63 - static_cast<std::uint32_t>(std::countl_zero((*level)[at]));
    }
    return at;
  }

  // The smallest that is larger than `rank`.
  std::uint32_t next(std::uint32_t rank) const {
    for (std::size_t i = 0; i < levels_.size(); ++i) {
      const std::uint32_t bit = rank % 64;
      const std::uint32_t word = rank / 64;
      const std::uint64_t above = bit == 63 ? 0 : levels_[i][word] >> (bit + 1) << (bit + 1);
      if (above != 0) {
        std::uint32_t at = word * 64 + static_cast<std::uint32_t>(std::countr_zero(above));
        while (i-- > 0) at = at * 64 + static_cast<std::uint32_t>(std::countr_zero(levels_[i][at]));
        return at;
      }
      rank = word;
    }
    return kNone;
  }

 private:
  std::vector<std::vector<std::uint64_t>> levels_;  // the leaves first
  std::size_t count_ = 0;
};

}  // namespace plait
