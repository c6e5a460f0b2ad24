// The values of a frame as an array.
#pragma once

#include <cstdint>
#include <vector>

#include "plait/array/array.h"
#include "plait/frame_base.h"

namespace plait {

// A block of rows for each partition: of two axes of a frame, of one of a series. The type is the one that all columns
// go into. `lengths`: the rows of each partition; without them the extents of blocks are not known. Throws NoNativeForm
// where a column holds neither numbers of NumPy's types nor, as all others, truth values.
PLAIT_API Array values_of(const FrameBase& frame, const std::vector<std::int64_t>& lengths = {},
                          Location where = Location::current());

}  // namespace plait
