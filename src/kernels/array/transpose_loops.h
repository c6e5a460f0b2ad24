// Transposes a tile: reads columns that are contiguous in memory, writes rows.
#pragma once

#include <cstddef>
#include <cstdint>

namespace plait {

// Whether elements of this size can be transposed by transpose_columns.
inline bool can_transpose(std::size_t item) { return item == 4 || item == 8; }

// Column c of `from` starts `column_stride` bytes after column c - 1 and has `rows` elements one after the other; `to`
// is the tile of rows x columns in C order.
void transpose_columns(std::byte* to, const std::byte* from, std::int64_t column_stride, std::int64_t rows,
                       std::int64_t columns, std::size_t item);

}  // namespace plait
