// UniformStream: the uniform numbers of one chunk, drawn part by part; the fast path of fused tiles. They come in C
// order of the chunk and do not depend on the sizes of the parts. One thread at a time.
#pragma once

#include <cstdint>
#include <variant>

#include "kernels/array/random/counter_random.h"
#include "kernels/array/random/mt19937.h"
#include "kernels/array/random/pcg64.h"
#include "kernels/array/random/stream_seed.h"

namespace plait {

// In [0, 1). A part of a few thousand numbers takes 3 % longer than its share of a large one.
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

}  // namespace plait
