// Blocks of rows as tiles of numbers: kernels read a block of whatever type and layout through them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/kernel.h"
#include "plait/ndarray.h"

namespace plait::ml {

// Rows of a tile: its columns stay in the inner caches.
inline constexpr std::int64_t kTileRows = 256;

inline std::int64_t num_rows(const NdArray& block) { return block.shape().at(0); }
inline std::int64_t num_columns(const NdArray& block) { return block.ndim() == 1 ? 1 : block.shape().at(1); }

// The block as float64 in C order: itself where it is so already.
NdArray as_doubles(const NdArray& block);

// The bytes of rows [first, first + count) of a block in C order.
std::span<const std::byte> bytes_of_rows(const NdArray& block, std::int64_t first, std::int64_t count);

// Rows [first, first + count) of a block of float64 or float32 in C order, column after column with `stride` doubles
// between them.
void load_columns(const NdArray& block, std::int64_t first, std::int64_t count, double* to, std::int64_t stride);
// The same row after row; what stands in a row of `to` beyond the columns stays. `centre`: a number a column, which is
// taken from each.
void load_rows(const NdArray& block, std::int64_t first, std::int64_t count, double* to, std::int64_t stride);
void load_rows(const NdArray& block, std::int64_t first, std::int64_t count, double* to, std::int64_t stride,
               const double* centre);

}  // namespace plait::ml
