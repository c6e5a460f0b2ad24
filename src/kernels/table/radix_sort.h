// Stable sorting of row numbers by 64-bit keys whose unsigned order is the wanted order.
#pragma once

#include <cstdint>

#include "base/buffer.h"
#include "kernels/table/order_keys.h"

namespace plait {

struct KeyedRow {
  std::uint64_t key;
  std::uint32_t row;
};

// Least significant digit first; digits that all keys share cost one pass over counts only.
void radix_sort(PooledVector<KeyedRow>& rows);
// The keys of the values that are there, in order; which rows they are of is not kept.
PooledVector<KeyedRow> sorted_present(const OrderKeys& keys);

}  // namespace plait
