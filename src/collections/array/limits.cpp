#include "collections/array/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "kernels/array/span.h"
#include "plait/error.h"

namespace plait {
namespace {

constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

}  // namespace

std::int64_t bounded_product(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? kLargest : product;
}

std::int64_t bounded_sum(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? kLargest : sum;
}

void check_shape(std::string_view what, const Shape& shape, DType dtype, bool may_be_unknown) {
  if (shape.size() > kMostAxes)
    throw value_error(fmt::format("{}: {} axes are asked for, expected {} or fewer", what, shape.size(), kMostAxes));
  auto num_bytes = static_cast<std::int64_t>(item_size(dtype));
  for (std::int64_t extent : shape) {
    if (may_be_unknown && extent == kUnknownExtent) continue;
    if (extent < 0)
      throw value_error(fmt::format("{}: the shape is {}, but an extent cannot be negative", what, to_string(shape)));
    num_bytes = bounded_product(num_bytes, std::max<std::int64_t>(extent, 1));
  }
  if (num_bytes == kLargest) {
    throw value_error(fmt::format("{}: the shape {} of {} elements is too large, expected fewer than 2**63 bytes", what,
                                  to_string(shape), name(dtype)));
  }
}

void check_block_extent(std::string_view what, std::size_t axis, std::int64_t block, std::int64_t extent) {
  const std::int64_t count = extent / block + (extent % block != 0);
  if (count <= kMostBlocks) return;
  throw value_error(fmt::format(
      "{}: {} elements along axis {} in chunks of {} make {} chunks, expected at most {}; give larger chunks", what,
      extent, axis, block, count, kMostBlocks));
}

}  // namespace plait
