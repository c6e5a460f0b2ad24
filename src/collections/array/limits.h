// What an array may be at most, so that no number given by mistake ends the process or takes its memory.
#pragma once

#include <cstdint>
#include <string_view>

#include "plait/dtype.h"
#include "plait/ndarray.h"

namespace plait {

inline constexpr int kMostAxes = 64;  // NumPy's limit
// Tasks and keys take some hundred bytes a block: with more blocks, the plan alone would need gigabytes.
inline constexpr std::int64_t kMostBlocks = std::int64_t{1} << 24;

// a * b and a + b, or the largest number where that is beyond it. Neither is negative.
std::int64_t bounded_product(std::int64_t a, std::int64_t b);
std::int64_t bounded_sum(std::int64_t a, std::int64_t b);

// Throws Error(value) for a negative extent, for more than 64 axes, and for more bytes than 64 bits count. An extent of
// zero does not make the others harmless, as in NumPy. Unknown extents (kUnknownExtent) are passed over where
// `may_be_unknown`.
void check_shape(std::string_view what, const Shape& shape, DType dtype, bool may_be_unknown = false);
// Throws Error(value) unless an axis of this extent in blocks of this extent has a number of blocks that is possible.
void check_block_extent(std::string_view what, std::size_t axis, std::int64_t block, std::int64_t extent);

}  // namespace plait
