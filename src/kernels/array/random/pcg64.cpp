#include "kernels/array/random/pcg64.h"

#include <algorithm>
#include <array>

#include "kernels/array/random/pcg64_lanes.h"

namespace plait {

Pcg64::Pcg64(const SeedPool& pool) {
  std::array<std::uint32_t, 8> seed;
  pool.generate(std::span<std::uint32_t>(seed));
  const auto number = [&](int at) {
    const uint128 high = seed[at] | std::uint64_t{seed[at + 1]} << 32;
    const std::uint64_t low = seed[at + 2] | std::uint64_t{seed[at + 3]} << 32;
    return high << 64 | low;
  };
  increment_ = number(4) << 1 | 1;
  state_ = (increment_ + number(0)) * kMultiplier + increment_;
}

void Pcg64::fill_uint64(std::uint64_t* out, std::int64_t n) {
  const std::int64_t filled = fill_uint64_in_lanes(state_, increment_, out, n);
  for (std::int64_t i = filled; i < n; ++i) out[i] = next_uint64();
}

void Pcg64::fill_uniform(double* out, std::int64_t n) {
  const std::int64_t filled = fill_uniform_in_lanes(state_, increment_, out, n);
  for (std::int64_t i = filled; i < n; ++i) out[i] = next_double();
}

void Pcg64::fill_uniform(float* out, std::int64_t n) {
  constexpr std::int64_t kWords = 512;
  std::array<std::uint64_t, kWords> words;
  const auto uniform = [](std::uint32_t half) {
    return static_cast<float>(static_cast<std::int32_t>(half >> 8)) * 0x1p-24F;
  };
  std::int64_t at = 0;
  if (has_half_ && n > 0) out[at++] = uniform(next_uint32());
  while (n - at >= 2) {
    const std::int64_t count = std::min(kWords, (n - at) / 2);
    fill_uint64(words.data(), count);
    for (std::int64_t i = 0; i < count; ++i) {
      out[at + 2 * i] = uniform(static_cast<std::uint32_t>(words[i]));
      out[at + 2 * i + 1] = uniform(static_cast<std::uint32_t>(words[i] >> 32));
    }
    at += 2 * count;
  }
  if (at < n) out[at] = uniform(next_uint32());
}

void Pcg64::advance(uint128 count) {
  // The step x -> a x + c composed with itself, by squaring.
  uint128 factor = kMultiplier;
  uint128 addend = increment_;
  for (; count != 0; count >>= 1) {
    if (count & 1) state_ = state_ * factor + addend;
    addend *= factor + 1;
    factor *= factor;
  }
  has_half_ = false;
}

}  // namespace plait
