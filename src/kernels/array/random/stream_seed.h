// StreamSeed: where the random numbers of one chunk start. Seeds are small and quick to make; the generator itself is
// set up when the chunk runs. They are given out as Dask gives them, so the same seed and chunks give the same numbers:
// default_rng spawns one SeedSequence child a block, RandomState draws 624 words a block and uses them as a key.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/records.h"
#include "kernels/array/random/mt19937.h"
#include "kernels/array/random/pcg64.h"
#include "kernels/array/random/seed_sequence.h"

namespace plait {

enum class StreamKind : std::uint8_t {
  pcg64,    // default_rng, NumPy's Generator
  mt19937,  // NumPy's RandomState
  counter,  // default_rng(chunk_invariant=True): numbers follow from the seed and an element's position
};

// The keys of consecutive blocks, each 624 words that a RandomState drew. Only every so many-th state is kept and the
// rest follows from it. Immutable; thread-safe.
class TwisterKeys {
 public:
  // Draws `count` keys: `from` moves behind them.
  static std::shared_ptr<const TwisterKeys> drawn_from(Mt19937& from, std::uint64_t count);
  // The keys that follow from a state, of which only the first is at hand.
  explicit TwisterKeys(const Mt19937& state) : states_{state} {}

  // The generator that draws key number `index` next.
  Mt19937 state_before(std::uint64_t index) const;
  Mt19937::Words key(std::uint64_t index) const;

 private:
  static constexpr std::uint64_t kKeysPerState = 32;

  std::vector<Mt19937> states_;
};

struct StreamSeed {
  StreamKind kind = StreamKind::pcg64;
  std::uint64_t index = 0;                  // of the child or of the key
  SeedPool pool;                            // pcg64 and counter: the parent's
  std::shared_ptr<const TwisterKeys> keys;  // mt19937

  // The generator at its start; `kind` must be the right one.
  Pcg64 pcg64() const;
  Mt19937 mt19937() const;
};

// The seeds of all blocks of one array, in C order of the blocks; a few bytes whatever their number. Its encoding,
// which names it in a token, is as short.
class StreamSeeds {
 public:
  StreamSeeds() = default;
  StreamSeeds(StreamSeed first, std::uint64_t size) : first_(std::move(first)), size_(size) {}

  std::uint64_t size() const { return size_; }
  StreamSeed operator[](std::uint64_t block) const;

 private:
  StreamSeed first_;
  std::uint64_t size_ = 0;

 public:
  static constexpr auto fields = std::tuple{&StreamSeeds::first_, &StreamSeeds::size_};
};

// The seeds that a default_rng gives out, call after call.
class GeneratorStreams {
 public:
  explicit GeneratorStreams(SeedSequence seed, bool chunk_invariant = false);
  // As they were taken before; `own_stream` is what permutations draw from.
  GeneratorStreams(SeedSequence seed, bool chunk_invariant, const Pcg64& own_stream);
  explicit GeneratorStreams(std::uint64_t seed) : GeneratorStreams(SeedSequence(seed_words(seed))) {}

  const SeedSequence& seed_sequence() const { return seed_; }
  bool is_chunk_invariant() const { return chunk_invariant_; }
  const Pcg64& own_stream() const { return own_stream_; }

  StreamSeeds spawn(std::uint64_t num_blocks);
  // The numbers 0 to n - 1 shuffled, drawn from the generator's own stream.
  std::vector<std::int64_t> permutation(std::int64_t n);

 private:
  SeedSequence seed_;
  Pcg64 own_stream_;
  bool chunk_invariant_;
};

// The seeds that a RandomState gives out, call after call.
class RandomStateStreams {
 public:
  explicit RandomStateStreams(const Mt19937& state) : state_(state) {}
  explicit RandomStateStreams(std::uint32_t seed) : state_(seed) {}

  const Mt19937& state() const { return state_; }

  StreamSeeds spawn(std::uint64_t num_blocks);
  std::vector<std::int64_t> permutation(std::int64_t n);

 private:
  Mt19937 state_;
};

// A seed that travels alone carries its own key only.
template <>
struct Codec<StreamSeed> {
  static void encode(Encoder& to, const StreamSeed& seed);
  static StreamSeed decode(Decoder& from);
};
// Generators keep their place when they are pickled.
template <>
struct Codec<GeneratorStreams> {
  static void encode(Encoder& to, const GeneratorStreams& streams);
  static GeneratorStreams decode(Decoder& from);
};
template <>
struct Codec<RandomStateStreams> {
  static void encode(Encoder& to, const RandomStateStreams& streams);
  static RandomStateStreams decode(Decoder& from);
};

}  // namespace plait
