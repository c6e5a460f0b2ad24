// Lines: a block seen as lines along one axis, and where a kernel that fills memory in C order puts its result.
#pragma once

#include <algorithm>
#include <utility>

#include "base/kernel.h"
#include "plait/ndarray.h"

namespace plait {

// How often a kernel that walks over elements asks whether it should go on.
inline constexpr std::int64_t kElementsBetweenChecks = std::int64_t{1} << 16;

// A C-ordered block: element i of the line (o, j) stands at (o * extent + i) * inner + j.
struct Lines {
  std::int64_t outer = 1;
  std::int64_t extent = 1;
  std::int64_t inner = 1;
};
inline Lines lines_along(const Shape& shape, int axis) {
  Lines lines;
  for (int i = 0; i < static_cast<int>(shape.size()); ++i) {
    (i < axis ? lines.outer : i == axis ? lines.extent : lines.inner) *= shape[i];
  }
  return lines;
}

// Gives `fill` a C-ordered array, and yields what it has written at the task's place in the final result.
template <class F>
Value filled_output(const TaskContext& context, DType dtype, const Shape& shape, F&& fill) {
  NdArray place = context.output(dtype, shape);
  if (place.is_contiguous()) {
    std::forward<F>(fill)(place);
    return Value::of(std::move(place));
  }
  NdArray own = NdArray::empty(dtype, shape);
  std::forward<F>(fill)(own);
  place.assign(own);
  return Value::of(std::move(place));
}

// The same memory as elements of another type of the same size: std::vector<bool> is no memory, so kernels that keep
// elements work with booleans as bytes, which sort alike.
inline NdArray seen_as(const NdArray& array, DType dtype) {
  return NdArray::wrap(dtype, array.shape(), array.strides(), array.bytes(), array.owner());
}
inline NdArray booleans_as_bytes(const NdArray& array) {
  return is_bool(array.dtype()) ? seen_as(array, DType::uint8) : array;
}
// visit_dtype without bool.
template <class F>
void visit_stored(DType dtype, F&& f) {
  if (is_bool(dtype)) return f(TypeTag<std::uint8_t>{});
  visit_dtype(dtype, [&]<class Tag>(Tag tag) {
    if constexpr (!std::is_same_v<typename Tag::type, bool>) f(tag);
  });
}

}  // namespace plait
