// Span: evenly spaced positions along one axis; and extents that only the block itself tells.
#pragma once

#include <cstdint>
#include <tuple>
#include <vector>

#include "plait/ndarray.h"

namespace plait {

// Stands for an extent that is known when the block is there: x[x > 0] has such.
inline constexpr std::int64_t kUnknownExtent = -1;

// Fills in the unknown extents of `shape` from a block; axes[i] is the block's axis that goes with axis i, -1: none.
// Throws Error(value) where an extent known before, or found in another block, differs: blocks of one result must fit.
void match_extents(Shape& shape, const NdArray& block, const std::vector<int>& axes);
// Each axis that is unknown in `shape` goes with the same axis of the blocks.
std::vector<int> unknown_axes(const Shape& shape);

// Elements start, start + step, ... (count of them); normalised, so 0 <= start < extent where count > 0. A count of
// kUnknownExtent is the whole axis.
struct Span {
  std::int64_t start = 0;
  std::int64_t count = 0;
  std::int64_t step = 1;
  bool operator==(const Span&) const = default;
  static constexpr auto fields = std::tuple{&Span::start, &Span::count, &Span::step};
};
using Spans = std::vector<Span>;

// A view of those elements, one span an axis.
inline NdArray view_of(NdArray array, const Spans& spans) {
  for (std::size_t axis = 0; axis < spans.size(); ++axis) {
    if (spans[axis].count == kUnknownExtent) continue;
    array = array.sliced(static_cast<int>(axis), spans[axis].start, spans[axis].count, spans[axis].step);
  }
  return array;
}

}  // namespace plait
