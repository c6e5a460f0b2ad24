// Automatic chunks: extents that make blocks of a wanted size, by the rules of Dask.
//
// Without earlier chunks the automatic axes get equal extents. With them, blocks grow or shrink from the earlier ones,
// in proportion and along their boundaries, so that few old blocks are cut.
#pragma once

#include <string>
#include <vector>

#include "collections/array/array_meta.h"

namespace plait {

// The setting array.chunk-size, 128 MiB by default.
std::int64_t automatic_chunk_bytes();

// Fills the entries of `chunks` at the axes `automatic`; the others are given. Throws Error(value) that begins with
// `what` where there would be too many.
void fill_automatic_chunks(const std::string& what, Chunks& chunks, const std::vector<int>& automatic,
                           const Shape& shape, std::int64_t num_bytes, DType dtype, const Chunks* previous);

}  // namespace plait
