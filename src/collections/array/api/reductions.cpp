#include "plait/array/reductions.h"

#include <fmt/format.h>

#include <algorithm>

#include "collections/array/api/arguments.h"
#include "collections/array/axes.h"
#include "collections/array/reduction.h"
#include "plait/array/elementwise.h"

namespace plait {

Array reduce(const std::string& reduction, const Array& array, const ReducedAxes& axes, const Reduction& how,
             Location where) {
  const SourceScope scope = source_scope(where);
  return Array(reduce(parse_reduce_op(reduction), array.expr(),
                      {.axes = axes.axes(),
                       .keepdims = how.keepdims,
                       .ddof = how.ddof,
                       .dtype = how.dtype,
                       .split_every = how.split_every,
                       .split_every_axis = how.split_every_axis}));
}

std::vector<std::string> reductions() {
  std::vector<std::string> names;
  for (int i = 0; i < kNumReduceOps; ++i) names.emplace_back(name(static_cast<ReduceOp>(i)));
  return names;
}

Array count_nonzero(const Array& array, const ReducedAxes& axes, Location where) {
  const SourceScope scope = source_scope(where);
  return (array != 0).sum(axes, {.dtype = DType::int64});
}

Array ptp(const Array& array, const ReducedAxes& axes, Location where) {
  const SourceScope scope = source_scope(where);
  return array.max(axes) - array.min(axes);
}

std::pair<Array, Array> weighted_average(const Array& array, const std::optional<Array>& weights,
                                         const ReducedAxes& axes, bool keepdims, Location where) {
  const SourceScope scope = source_scope(where);
  if (!weights) {
    const Array mean = array.mean(axes, {.keepdims = keepdims});
    const auto count = static_cast<double>(array.size()) / static_cast<double>(std::max<std::int64_t>(mean.size(), 1));
    return {mean, mean * 0 + count};
  }
  Array wide = *weights;
  if (wide.shape() != array.shape()) {
    const bool is_one_axis = axes.axes() && axes.axes()->size() == 1 && wide.ndim() == 1;
    const int axis = is_one_axis ? normalize_axis("average", axes.axes()->front(), array.ndim()) : 0;
    if (!is_one_axis || wide.shape()[0] != array.shape()[axis]) {
      throw type_error(
          fmt::format("average: the weights have shape {}, expected {}, or one axis as long as the reduced one",
                      to_string(wide.shape()), to_string(array.shape())));
    }
    Shape shape(static_cast<std::size_t>(array.ndim()), 1);
    shape[axis] = -1;
    wide = wide.reshape(shape);
  }
  // Products of small integers would not fit their type.
  const DType common = promote(array.dtype(), wide.dtype());
  const bool is_whole = is_bool(array.dtype()) || is_integer(array.dtype());
  const DType dtype = is_whole ? promote(common, DType::float64) : common;
  wide = wide.astype(dtype);
  const Reduction how{.keepdims = keepdims};
  const Array zeros = (array != array).astype(dtype) * 0;  // whatever is in the array, and known of it
  const Array scale = (wide.shape() == array.shape() ? wide : zeros + wide).sum(axes, how);
  return {(array.astype(dtype) * wide).sum(axes, how) / scale, scale};
}

}  // namespace plait
