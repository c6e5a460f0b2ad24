// Random arrays. The same seed and chunks give the same numbers as Dask, value by value.
//
//   auto rng = plait::random::default_rng(42);
//   auto x = rng.normal(0, 1, {1000, 1000}, plait::chunks({250, 250}));
//
// A Generator or RandomState gives out new numbers with every call, so it changes; one thread at a time. Copies are the
// same generator. Parameters may be arrays; they and the shape are broadcast against each other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plait/array/array.h"

namespace plait::random {

// A distribution by NumPy's name, and its parameters in NumPy's order; those with a default may be left out.
struct Signature {
  struct Parameter {
    std::string name;
    std::optional<double> default_value;
  };
  std::string name;
  std::vector<Parameter> parameters;
};
// All that `draw` takes.
PLAIT_API std::vector<Signature> distributions();

struct Integers {
  DType dtype = DType::int64;
  bool endpoint = false;  // whether `high` is included
  std::string label = "integers";
};
struct Choice {
  bool replace = true;                     // without it, one chunk
  std::vector<double> probabilities = {};  // equal ones by default
  bool shuffle = true;                     // of what is chosen without replacement
};

// What Generator and RandomState share.
class PLAIT_API Streams {
 public:
  using Size = std::optional<Shape>;

  // Any distribution. Without a size, the parameters' shape. `label` is what the plan calls it.
  Array draw(const std::string& distribution, const std::vector<Operand>& parameters, const Size& size = {},
             const ChunkArgument& chunks = {}, DType dtype = DType::float64, const std::string& label = "",
             Location where = Location::current());

#define PLAIT_DRAW_0(name)                                                                                 \
  Array name(const Shape& shape, const ChunkArgument& chunks = {}, Location where = Location::current()) { \
    return draw(#name, {}, shape, chunks, DType::float64, "", where);                                      \
  }
#define PLAIT_DRAW_1(name, a)                                                           \
  Array name(const Operand& a, const Size& size = {}, const ChunkArgument& chunks = {}, \
             Location where = Location::current()) {                                    \
    return draw(#name, {a}, size, chunks, DType::float64, "", where);                   \
  }
#define PLAIT_DRAW_2(name, a, b)                                                                          \
  Array name(const Operand& a, const Operand& b, const Size& size = {}, const ChunkArgument& chunks = {}, \
             Location where = Location::current()) {                                                      \
    return draw(#name, {a, b}, size, chunks, DType::float64, "", where);                                  \
  }
#define PLAIT_DRAW_3(name, a, b, c)                                                       \
  Array name(const Operand& a, const Operand& b, const Operand& c, const Size& size = {}, \
             const ChunkArgument& chunks = {}, Location where = Location::current()) {    \
    return draw(#name, {a, b, c}, size, chunks, DType::float64, "", where);               \
  }
  PLAIT_DRAW_0(random)
  PLAIT_DRAW_0(standard_cauchy)
  PLAIT_DRAW_0(standard_exponential)
  PLAIT_DRAW_0(standard_normal)
  PLAIT_DRAW_1(chisquare, df)
  PLAIT_DRAW_1(exponential, scale)
  PLAIT_DRAW_1(geometric, p)
  PLAIT_DRAW_1(logseries, p)
  PLAIT_DRAW_1(pareto, a)
  PLAIT_DRAW_1(poisson, lam)
  PLAIT_DRAW_1(power, a)
  PLAIT_DRAW_1(rayleigh, scale)
  PLAIT_DRAW_1(standard_gamma, shape)
  PLAIT_DRAW_1(standard_t, df)
  PLAIT_DRAW_1(weibull, a)
  PLAIT_DRAW_1(zipf, a)
  PLAIT_DRAW_2(beta, a, b)
  PLAIT_DRAW_2(binomial, n, p)
  PLAIT_DRAW_2(f, dfnum, dfden)
  PLAIT_DRAW_2(gamma, shape, scale)
  PLAIT_DRAW_2(gumbel, loc, scale)
  PLAIT_DRAW_2(laplace, loc, scale)
  PLAIT_DRAW_2(logistic, loc, scale)
  PLAIT_DRAW_2(lognormal, mean, sigma)
  PLAIT_DRAW_2(negative_binomial, n, p)
  PLAIT_DRAW_2(noncentral_chisquare, df, nonc)
  PLAIT_DRAW_2(normal, loc, scale)
  PLAIT_DRAW_2(uniform, low, high)
  PLAIT_DRAW_2(vonmises, mu, kappa)
  PLAIT_DRAW_2(wald, mean, scale)
  PLAIT_DRAW_3(hypergeometric, ngood, nbad, nsample)
  PLAIT_DRAW_3(noncentral_f, dfnum, dfden, nonc)
  PLAIT_DRAW_3(triangular, left, mode, right)
#undef PLAIT_DRAW_0
#undef PLAIT_DRAW_1
#undef PLAIT_DRAW_2
#undef PLAIT_DRAW_3
  // Each draw is a row of counts along a last axis.
  Array multinomial(std::int64_t n, const std::vector<double>& probabilities, const Shape& size = {},
                    const ChunkArgument& chunks = {}, Location where = Location::current());

  // Whole numbers in [low, high).
  Array integers(const Operand& low, const Operand& high, const Size& size = {}, const ChunkArgument& chunks = {},
                 const Integers& how = {}, Location where = Location::current());
  // Numbers below `population`, or elements of an array with one axis.
  Array choice(std::int64_t population, const Shape& size = {}, const ChunkArgument& chunks = {},
               const Choice& how = {}, Location where = Location::current());
  Array choice(const Array& population, const Shape& size = {}, const ChunkArgument& chunks = {},
               const Choice& how = {}, Location where = Location::current());
  // The rows of an array in random order.
  Array permutation(const Array& array, Location where = Location::current());

  // The generator at its place, as bytes.
  std::vector<std::byte> save() const;

 protected:
  struct State;
  explicit Streams(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

// NumPy's SeedSequence: the seed as 32-bit words, the low one first; from the operating system without one.
struct Seed {
  std::optional<std::vector<std::uint32_t>> entropy = {};
  std::vector<std::uint32_t> spawn_key = {};
  std::uint64_t num_spawned = 0;
};

// PCG64 streams, one spawned child a block.
class PLAIT_API Generator : public Streams {
 public:
  // Without a seed, from the operating system. Chunk-invariant: numbers depend on the seed and an element's position,
  // never on the chunks.
  explicit Generator(std::optional<std::uint64_t> seed = std::nullopt, bool chunk_invariant = false);
  explicit Generator(const Seed& seed, bool chunk_invariant = false);
  static Generator restored(const std::vector<std::byte>& saved);

 private:
  using Streams::Streams;
};

// Mersenne twisters, each block with a key of its own, as NumPy's RandomState.
class PLAIT_API RandomState : public Streams {
 public:
  explicit RandomState(std::optional<std::uint32_t> seed = std::nullopt);
  explicit RandomState(const std::vector<std::uint32_t>& key);
  static RandomState restored(const std::vector<std::byte>& saved);

 private:
  using Streams::Streams;
};

inline Generator default_rng(std::optional<std::uint64_t> seed = std::nullopt) { return Generator(seed); }

// From one RandomState of the program, as Dask's functions are; thread-safe.
PLAIT_API void seed(std::uint32_t seed);
PLAIT_API Array random(const Shape& shape, const ChunkArgument& chunks = {}, Location where = Location::current());
PLAIT_API Array normal(double loc, double scale, const Shape& shape, const ChunkArgument& chunks = {},
                       Location where = Location::current());

}  // namespace plait::random
