// Streams of random numbers of one chunk, drawn part by part: the numbers come in C order of the chunk and do not depend on
// the sizes of the parts. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <variant>

#include "kernels/array/random/counter_random.h"
#include "kernels/array/random/distribution.h"
#include "kernels/array/random/stream_seed.h"
#include "plait/ndarray.h"

namespace plait {

// Uniform numbers in [0, 1): the fast path of fused tiles. Parts of a few thousand numbers keep its start-up below 3 %.
class UniformStream {
 public:
  // `placement` is needed by chunk-invariant seeds only.
  explicit UniformStream(const StreamSeed& seed, const BlockPlacement& placement = {});

  void fill(double* out, std::int64_t n);
  // Not for RandomState, which has float64 only.
  void fill(float* out, std::int64_t n);

 private:
  struct Counter {
    CounterKey key;
    BlockPositions positions;
    void fill_uniform(double* out, std::int64_t n);
    void fill_uniform(float* out, std::int64_t n);
  };
  static std::variant<Pcg64, Mt19937, Counter> start(const StreamSeed& seed, const BlockPlacement& placement);

  std::variant<Pcg64, Mt19937, Counter> generator_;
};

// Numbers of any distribution.
class DrawStream {
 public:
  DrawStream(const StreamSeed& seed, Distribution distribution, const BlockPlacement& placement = {});
  ~DrawStream();
  DrawStream(DrawStream&&) noexcept;

  // n draws of the distribution's dtype, each of values_per_draw() numbers. A choice without replacement is drawn in one
  // part. Throws Error(value) if it asks for more than the population.
  void fill(void* out, std::int64_t n);
  // n draws whose parameters differ: parameter number p of draw i is parameters[p][i]. Checks each.
  void fill_with(std::span<const double* const> parameters, void* out, std::int64_t n);
  // Integers whose bounds differ: draw i is in [lows[i], lows[i] + ranges[i]].
  void fill_between(const std::int64_t* lows, const std::uint64_t* ranges, void* out, std::int64_t n);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace plait
