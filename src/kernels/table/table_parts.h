// A table cut into neighbouring parts that lie in its memory, nothing copied, and whose memory goes with them: pages
// that no part needs any more are given back to the system, though other parts of the same columns live on. Parts that
// are written to disk make room that way; columns of their own would leave holes all over the heap.
#pragma once

#include <cstdint>
#include <vector>

#include "plait/table.h"

namespace plait {

// Part p holds the rows starts[p] to starts[p + 1] of `table`, whose memory nobody else has.
std::vector<Table> cut_into_parts(Table table, const std::vector<std::int64_t>& starts);

}  // namespace plait
