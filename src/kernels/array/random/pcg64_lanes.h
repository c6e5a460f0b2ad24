// The inner loops of Pcg64's fills: several copies of one generator, each a step further than the one before, that then
// all jump by as many steps as there are copies. Together they give the generator's own sequence.
#pragma once

#include <cstdint>

#include "kernels/array/random/pcg64.h"

namespace plait {

// Each fills a first part of `out` and moves `state` behind it. Returns how much: fewer than 64 are left over.
std::int64_t fill_uint64_in_lanes(uint128& state, uint128 increment, std::uint64_t* out, std::int64_t n);
std::int64_t fill_uniform_in_lanes(uint128& state, uint128 increment, double* out, std::int64_t n);

}  // namespace plait
