// Rows labelled by their number in the whole.
#pragma once

#include "plait/table.h"

namespace plait {

// `before`: the number of rows in the partitions before, as a scalar.
inline Table number_rows(const Table& table, const Table& before) {
  return table.reset_index(true).with_index({.start = std::get<std::int64_t>(before.item())});
}

}  // namespace plait
