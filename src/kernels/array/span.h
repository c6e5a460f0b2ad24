// Span: evenly spaced positions along one axis.
#pragma once

#include <cstdint>
#include <tuple>
#include <vector>

#include "plait/ndarray.h"

namespace plait {

// Elements start, start + step, ... (count of them); normalised, so 0 <= start < extent where count > 0.
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
    array = array.sliced(static_cast<int>(axis), spans[axis].start, spans[axis].count, spans[axis].step);
  }
  return array;
}

}  // namespace plait
