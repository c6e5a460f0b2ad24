// SeedSequence: turns any seed into well mixed words, and into seeds of children that do not meet. NumPy's algorithm,
// word for word, so that a chunk's stream is the one that Dask's chunk would have.
//
// Plain values; thread-safe as such.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace plait {

// The mixed state of a SeedSequence. A child's pool follows from its parent's by mixing in one more number, so a chunk
// needs to remember only the pool it shares with its siblings and its own index.
struct SeedPool {
  std::array<std::uint32_t, 4> words{};
  std::uint32_t hash_multiplier = 0;

  // The pool of child number `spawn_index`.
  SeedPool child(std::uint64_t spawn_index) const;
  // NumPy's generate_state(out.size(), dtype).
  void generate(std::span<std::uint32_t> out) const;
  void generate(std::span<std::uint64_t> out) const;

  bool operator==(const SeedPool&) const = default;
};

class SeedSequence {
 public:
  // `entropy` is the seed as 32-bit words, the low word first; a list of integers is the words of each, one after the
  // other. The number zero is one zero word.
  explicit SeedSequence(std::vector<std::uint32_t> entropy, std::vector<std::uint32_t> spawn_key = {},
                        std::uint64_t num_children_spawned = 0);
  // 128 bits from the operating system.
  static SeedSequence from_system();

  const std::vector<std::uint32_t>& entropy() const { return entropy_; }
  const std::vector<std::uint32_t>& spawn_key() const { return spawn_key_; }
  std::uint64_t num_children_spawned() const { return num_children_spawned_; }
  const SeedPool& pool() const { return pool_; }

  // Reserves `count` children that have not been given out before and returns the index of the first: child i has the
  // pool `pool().child(first + i)`.
  std::uint64_t spawn(std::uint64_t count);

 private:
  std::vector<std::uint32_t> entropy_;
  std::vector<std::uint32_t> spawn_key_;
  std::uint64_t num_children_spawned_;
  SeedPool pool_;
};

// A seed of up to 64 bits as the words that SeedSequence takes.
std::vector<std::uint32_t> seed_words(std::uint64_t seed);

}  // namespace plait
