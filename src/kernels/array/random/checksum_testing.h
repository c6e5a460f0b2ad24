// The checksum of drawn numbers that tests/random/expected_draws.py computes with NumPy.
#pragma once

#include <cstdint>
#include <cstring>

#include "plait/ndarray.h"

namespace plait {

// The items' bits as whole numbers, weighted by 1, 3, 5, ... and summed modulo 2^64.
inline std::uint64_t checksum(const NdArray& drawn) {
  const NdArray items = drawn.contiguous();
  const std::size_t item = item_size(items.dtype());
  std::uint64_t sum = 0;
  for (std::int64_t i = 0; i < items.size(); ++i) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, items.bytes() + i * item, item);
    sum += bits * (2 * static_cast<std::uint64_t>(i) + 1);
  }
  return sum;
}

}  // namespace plait
