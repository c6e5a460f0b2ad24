// The values of a column as 64-bit keys whose unsigned order is the order of the values: for sorting, ranges and top
// rows.
#pragma once

#include <arrow/type_fwd.h>

#include <cstdint>
#include <memory>

#include "base/buffer.h"

namespace plait {

struct OrderKeys {
  PooledVector<std::uint64_t> keys;
  PooledVector<std::uint8_t> missing;  // empty if nothing is missing; else one flag a row

  bool is_missing(std::size_t row) const { return !missing.empty() && missing[row]; }
};

// Text is ranked among the texts of this array, categories among their categories: keys of two arrays do not compare.
OrderKeys order_keys(const std::shared_ptr<arrow::Array>& array);

}  // namespace plait
