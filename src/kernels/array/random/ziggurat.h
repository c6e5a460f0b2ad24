// The quick step of NumPy's ziggurats: 98 of 100 normal and exponential numbers are a word times the width of a layer,
// if it is below the layer's limit. The layers are learnt from NumPy's library, which also draws what the quick step
// cannot.
#pragma once

#include <cstdint>

#include "kernels/array/random/word_source.h"

namespace plait {

enum class Ziggurat : std::uint8_t { normal, exponential };

// n numbers of Generator's standard_normal or standard_exponential.
void fill_from_ziggurat(Ziggurat ziggurat, Pcg64Words& words, double* out, std::int64_t n);
// The same for the elements at consecutive positions, each with words of its own.
void fill_from_ziggurat(Ziggurat ziggurat, CounterWords& words, std::uint64_t first_position, double* out,
                        std::int64_t n);

}  // namespace plait
