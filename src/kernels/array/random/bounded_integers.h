// Whole numbers between two bounds, of every integer dtype, in NumPy's ways: Generator scales a word (Lemire's method),
// RandomState masks it and rejects what is beyond.
#pragma once

#include <cstdint>

#include "kernels/array/random/draws.h"

namespace plait {

enum class BoundMethod : std::uint8_t { scaled, masked };

// n numbers of `dtype` in [low, low + range]; `low` holds the bits of an unsigned one.
void fill_integers(Draws& draws, BoundMethod method, DType dtype, std::int64_t low, std::uint64_t range, void* out,
                   std::int64_t n);
// The same where each number has bounds of its own.
void fill_integers(Draws& draws, BoundMethod method, DType dtype, const std::int64_t* lows, const std::uint64_t* ranges,
                   void* out, std::int64_t n);

}  // namespace plait
