// Choosing from a population: cumulative probabilities, and choice without replacement as NumPy's two generators do it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/array/random/draws.h"

namespace plait {

// The sums of the first, first two, ... probabilities, scaled so that the last is 1. Empty for none.
std::vector<double> cumulative_probabilities(std::span<const double> probabilities);

// n different positions. Throws Error(value) if the population, or its part with a probability above zero, is smaller.
void sample_without_replacement(Draws& draws, StreamKind stream, const Distribution& choice, std::int64_t* out,
                                std::int64_t n);

}  // namespace plait
