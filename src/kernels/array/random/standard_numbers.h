// Standard uniform, normal and exponential numbers in bulk, several times as fast as one by one and with the same
// values: vectorised generators, the ziggurat's quick step for Generator, the polar method over many points for
// RandomState.
#pragma once

#include <cstdint>
#include <memory>

#include "kernels/array/random/counter_random.h"
#include "kernels/array/random/distribution.h"
#include "kernels/array/random/stream_seed.h"

namespace plait {

// One thread at a time; parts follow one another.
class StandardNumbers {
 public:
  virtual ~StandardNumbers() = default;
  virtual void fill(double* out, std::int64_t n) = 0;
};

// For the distributions that follow from standard numbers by scaling: uniform, normal, lognormal, exponential and their
// standard forms, in double precision. Null for all others.
std::unique_ptr<StandardNumbers> standard_numbers(const Distribution& of, const StreamSeed& seed,
                                                  const BlockPlacement& placement);
// Makes numbers of the distribution from standard ones, in place.
void scale_standard_numbers(const Distribution& to, double* numbers, std::int64_t n);

}  // namespace plait
