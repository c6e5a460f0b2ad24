#include "kernels/array/random/mt19937.h"

#include <algorithm>

#include "base/check.h"
#include "kernels/array/random/mt19937_blocks.h"
#include "kernels/array/random/seed_sequence.h"

namespace plait {

Mt19937::Mt19937(std::uint32_t seed) { start_from(seed); }

Mt19937::Mt19937(std::span<const std::uint32_t> key) {
  PLAIT_CHECK(!key.empty());
  // Every array starts from the same words.
  static const Mt19937 start(std::uint32_t{19650218});
  words_ = start.words_;
  int at = 1;
  const auto mixed = [&](std::uint32_t factor) {
    const std::uint32_t before = words_[at - 1];
    return words_[at] ^ ((before ^ (before >> 30)) * factor);
  };
  const auto step = [&] {
    if (++at < kWords) return;
    words_[0] = words_[kWords - 1];
    at = 1;
  };
  std::size_t from = 0;
  for (std::size_t i = 0; i < std::max<std::size_t>(kWords, key.size()); ++i) {
    words_[at] = mixed(1664525) + key[from] + static_cast<std::uint32_t>(from);
    step();
    if (++from == key.size()) from = 0;
  }
  for (int i = 0; i < kWords - 1; ++i) {
    words_[at] = mixed(1566083941) - static_cast<std::uint32_t>(at);
    step();
  }
  words_[0] = 0x80000000;
}

Mt19937::Mt19937(const Words& words, int position) : position_(position) {
  PLAIT_CHECK(position >= 0 && position <= kWords);
  std::copy(words.begin(), words.end(), words_.begin());
}

Mt19937 Mt19937::from_system() {
  Words words;
  SeedSequence::from_system().pool().generate(std::span<std::uint32_t>(words));
  words[0] = 0x80000000;
  return Mt19937(words, kWords);
}

void Mt19937::start_from(std::uint32_t seed) {
  for (std::uint32_t i = 0; i < kWords; ++i) {
    words_[i] = seed;
    seed = 1812433253 * (seed ^ (seed >> 30)) + i + 1;
  }
}

Mt19937::Words Mt19937::words() const {
  Words words;
  std::copy_n(words_.begin(), kWords, words.begin());
  return words;
}

void Mt19937::twist() {
  twist_block(words_.data());
  position_ = 0;
}

void Mt19937::skip_block() { twist_block(words_.data()); }

void Mt19937::fill_uniform(double* out, std::int64_t n) {
  while (n > 0) {
    if (position_ == kWords) twist();
    const std::int64_t count = std::min<std::int64_t>(n, (kWords - position_) / 2);
    if (count == 0) {  // One word is left of this block: this number straddles two.
      *out++ = next_double();
      --n;
      continue;
    }
    temper_to_uniform(words_.data() + position_, out, count);
    position_ += static_cast<int>(2 * count);
    out += count;
    n -= count;
  }
}

void Mt19937::fill_uint32(std::uint32_t* out, std::int64_t n) {
  while (n > 0) {
    if (position_ == kWords) twist();
    const std::int64_t count = std::min<std::int64_t>(n, kWords - position_);
    temper_block(words_.data() + position_, out, count);
    position_ += static_cast<int>(count);
    out += count;
    n -= count;
  }
}

}  // namespace plait
