// Random arrays. The same seed and chunks give the same numbers as Dask, value by value.
//
//   auto rng = plait::random::default_rng(42);
//   auto x = rng.normal(0, 1, {1000, 1000}, plait::chunks({250, 250}));
//
// A Generator gives out new numbers with every call, so it changes; one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "plait/array.h"

namespace plait::random {

class PLAIT_API Generator {
 public:
  // Without a seed, from the operating system. Chunk-invariant: numbers depend on the seed and an element's position,
  // never on the chunks.
  explicit Generator(std::optional<std::uint64_t> seed = std::nullopt, bool chunk_invariant = false);

  Array random(const Shape& shape, const ChunkArgument& chunks = {}, Location where = Location::current());
  Array uniform(double low, double high, const Shape& shape, const ChunkArgument& chunks = {},
                Location where = Location::current());
  Array standard_normal(const Shape& shape, const ChunkArgument& chunks = {}, Location where = Location::current());
  Array normal(double loc, double scale, const Shape& shape, const ChunkArgument& chunks = {},
               Location where = Location::current());
  Array exponential(double scale, const Shape& shape, const ChunkArgument& chunks = {},
                    Location where = Location::current());
  Array poisson(double lam, const Shape& shape, const ChunkArgument& chunks = {}, Location where = Location::current());
  // In [low, high).
  Array integers(std::int64_t low, std::int64_t high, const Shape& shape, const ChunkArgument& chunks = {},
                 Location where = Location::current());
  // Any distribution by NumPy's name, with its parameters in NumPy's order.
  Array draw(const std::string& distribution, const std::vector<double>& parameters, const Shape& shape,
             const ChunkArgument& chunks = {}, Location where = Location::current());

 private:
  struct State;
  std::shared_ptr<State> state_;
};

inline Generator default_rng(std::optional<std::uint64_t> seed = std::nullopt) { return Generator(seed); }

// From one generator of the program, of Mersenne twister kind as Dask's functions are; thread-safe.
PLAIT_API void seed(std::uint32_t seed);
PLAIT_API Array random(const Shape& shape, const ChunkArgument& chunks = {}, Location where = Location::current());
PLAIT_API Array normal(double loc, double scale, const Shape& shape, const ChunkArgument& chunks = {},
                       Location where = Location::current());

}  // namespace plait::random
