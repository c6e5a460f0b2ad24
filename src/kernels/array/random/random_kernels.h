// The kernel that yields one chunk of random numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

#include "base/kernel.h"
#include "kernels/array/random/counter_random.h"
#include "kernels/array/random/distribution.h"
#include "kernels/array/random/stream_seed.h"
#include "plait/ndarray.h"

namespace plait {

class TaskContext;

// The parameters of kernel "random". Its inputs are the parameters that are arrays: blocks of the chunk's own shape, or
// broadcast to it, in the order of `array_parameters`. The integers of `Generator.integers` have the arrays low and
// high.
struct RandomParams {
  StreamSeed seed;
  Distribution distribution;
  Shape shape;
  // Which of the distribution's parameters the inputs are; the others are scalars in `distribution.parameters`.
  std::vector<int> array_parameters;
  // With array bounds of integers: whether high is included.
  bool endpoint = false;
  // Needed by chunk-invariant seeds.
  std::optional<BlockPlacement> placement;

  static constexpr auto fields = std::tuple{&RandomParams::seed,     &RandomParams::distribution,
                                            &RandomParams::shape,    &RandomParams::array_parameters,
                                            &RandomParams::endpoint, &RandomParams::placement};
};

// Draws a chunk into `out`, whose shape is the chunk's (and a last axis for the rows of multinomial). Throws
// Error(value) for a parameter that the distribution does not allow.
void fill_random(const RandomParams& params, std::span<const NdArray> array_parameters, NdArray out,
                 const TaskContext& context);

// Called once at start-up.
inline constinit KernelId<RandomParams> random_kernel{"random"};
void register_random_kernels();

}  // namespace plait
