// DrawStream: random numbers of one chunk, drawn part by part. They come in C order of the chunk and do not depend on
// the sizes of the parts. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "kernels/array/random/counter_random.h"
#include "kernels/array/random/distribution.h"
#include "kernels/array/random/stream_seed.h"

namespace plait {

class StandardNumbers;

class DrawStream {
 public:
  DrawStream(const StreamSeed& seed, Distribution distribution, const BlockPlacement& placement = {});
  ~DrawStream();
  DrawStream(DrawStream&&) noexcept;

  // n draws of the distribution's dtype, each of values_per_draw() numbers. A choice without replacement is drawn in
  // one part. Throws Error(value) if it asks for more than the population.
  void fill(void* out, std::int64_t n);
  // n draws whose parameters differ: parameter number p of draw i is parameters[p][i]. Checks each.
  void fill_with(std::span<const double* const> parameters, void* out, std::int64_t n);
  // Integers whose bounds differ: draw i is in [lows[i], lows[i] + ranges[i]].
  void fill_between(const std::int64_t* lows, const std::uint64_t* ranges, void* out, std::int64_t n);

 private:
  // Set up when it is first needed: most streams are drawn in bulk, from standard numbers.
  struct State;
  State& state();

  StreamSeed seed_;
  Distribution distribution_;
  BlockPlacement placement_;
  std::unique_ptr<StandardNumbers> standard_;
  std::unique_ptr<State> state_;
};

}  // namespace plait
