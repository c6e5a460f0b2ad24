// The Philox 4x32 rounds: one block, and many at once.
#pragma once

#include <array>
#include <cstdint>

#include "kernels/array/random/counter_random.h"

namespace plait {

using PhiloxBlock = std::array<std::uint32_t, 4>;

constexpr std::uint32_t kPhiloxFactor0 = 0xd2511f53;
constexpr std::uint32_t kPhiloxFactor1 = 0xcd9e8d57;
constexpr std::uint32_t kPhiloxKeyStep0 = 0x9e3779b9;
constexpr std::uint32_t kPhiloxKeyStep1 = 0xbb67ae85;
constexpr int kPhiloxRounds = 10;

inline PhiloxBlock philox(PhiloxBlock c, CounterKey key) {
  for (int round = 0; round < kPhiloxRounds; ++round) {
    const std::uint64_t product0 = std::uint64_t{kPhiloxFactor0} * c[0];
    const std::uint64_t product1 = std::uint64_t{kPhiloxFactor1} * c[2];
    c = {static_cast<std::uint32_t>(product1 >> 32) ^ c[1] ^ key.low, static_cast<std::uint32_t>(product1),
         static_cast<std::uint32_t>(product0 >> 32) ^ c[3] ^ key.high, static_cast<std::uint32_t>(product0)};
    key.low += kPhiloxKeyStep0;
    key.high += kPhiloxKeyStep1;
  }
  return c;
}

// The two 64-bit words of each of the blocks with the counters first, first + 1, ...
void fill_counter_pairs(CounterKey key, std::uint64_t first, std::uint64_t* out, std::int64_t num_blocks);
// 53 bits of each word as a double in [0, 1).
void uniform_of_words(const std::uint64_t* words, double* out, std::int64_t n);

}  // namespace plait
