#include "kernels/array/random/seed_sequence.h"

#include <sys/random.h>

#include <utility>

#include "plait/error.h"

namespace plait {
namespace {

constexpr std::uint32_t kPoolStart = 0x43b0d7e5;
constexpr std::uint32_t kPoolStep = 0x931e8875;
constexpr std::uint32_t kOutputStart = 0x8b51f9dd;
constexpr std::uint32_t kOutputStep = 0x58f38ded;
constexpr std::uint32_t kMixLeft = 0xca01f9dd;
constexpr std::uint32_t kMixRight = 0x4973f715;

std::uint32_t folded(std::uint32_t word) { return word ^ (word >> 16); }

// Multiplies by a number that changes with every use, so that equal words at different places differ.
std::uint32_t hashed(std::uint32_t word, std::uint32_t& multiplier, std::uint32_t step) {
  word ^= multiplier;
  multiplier *= step;
  return folded(word * multiplier);
}

std::uint32_t mixed(std::uint32_t x, std::uint32_t y) { return folded(kMixLeft * x - kMixRight * y); }

void mix_in(SeedPool& pool, std::uint32_t word) {
  for (auto& into : pool.words) into = mixed(into, hashed(word, pool.hash_multiplier, kPoolStep));
}

SeedPool pool_of(std::span<const std::uint32_t> entropy, std::span<const std::uint32_t> spawn_key) {
  SeedPool pool{.hash_multiplier = kPoolStart};
  const std::size_t size = pool.words.size();
  for (std::size_t i = 0; i < size; ++i) {
    pool.words[i] = hashed(i < entropy.size() ? entropy[i] : 0, pool.hash_multiplier, kPoolStep);
  }
  for (std::size_t from = 0; from < size; ++from) {
    for (std::size_t to = 0; to < size; ++to) {
      if (from == to) continue;
      pool.words[to] = mixed(pool.words[to], hashed(pool.words[from], pool.hash_multiplier, kPoolStep));
    }
  }
  for (std::size_t i = size; i < entropy.size(); ++i) mix_in(pool, entropy[i]);
  for (const std::uint32_t word : spawn_key) mix_in(pool, word);
  return pool;
}

}  // namespace

SeedPool SeedPool::child(std::uint64_t spawn_index) const {
  SeedPool pool = *this;
  for (const std::uint32_t word : seed_words(spawn_index)) mix_in(pool, word);
  return pool;
}

void SeedPool::generate(std::span<std::uint32_t> out) const {
  std::uint32_t multiplier = kOutputStart;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = hashed(words[i % words.size()], multiplier, kOutputStep);
}

void SeedPool::generate(std::span<std::uint64_t> out) const {
  std::vector<std::uint32_t> halves(2 * out.size());
  generate(std::span(halves));
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = halves[2 * i] | std::uint64_t{halves[2 * i + 1]} << 32;
}

SeedSequence::SeedSequence(std::vector<std::uint32_t> entropy, std::vector<std::uint32_t> spawn_key,
                           std::uint64_t num_children_spawned)
    : entropy_(std::move(entropy)),
      spawn_key_(std::move(spawn_key)),
      num_children_spawned_(num_children_spawned),
      pool_(pool_of(entropy_, spawn_key_)) {}

SeedSequence SeedSequence::from_system() {
  std::vector<std::uint32_t> entropy(4);
  const auto num_bytes = static_cast<ssize_t>(entropy.size() * sizeof(entropy[0]));
  if (getrandom(entropy.data(), entropy.size() * sizeof(entropy[0]), 0) != num_bytes) {
    throw io_error("the operating system gave no random bytes for an unseeded generator; pass a seed");
  }
  return SeedSequence(std::move(entropy));
}

std::uint64_t SeedSequence::spawn(std::uint64_t count) {
  return std::exchange(num_children_spawned_, num_children_spawned_ + count);
}

std::vector<std::uint32_t> seed_words(std::uint64_t seed) {
  const auto low = static_cast<std::uint32_t>(seed);
  const auto high = static_cast<std::uint32_t>(seed >> 32);
  if (high == 0) return {low};
  return {low, high};
}

}  // namespace plait
