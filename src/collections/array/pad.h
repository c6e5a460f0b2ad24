// NumPy's pad: more elements around an array, as a composition of slices, joins, reductions and ranges.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "collections/array/array_meta.h"
#include "expr/expr.h"
#include "kernels/array/element_op.h"

namespace plait {

enum class PadMode { constant, empty, edge, linear_ramp, maximum, mean, median, minimum, reflect, symmetric, wrap };
// Throws Error(value) with the modes there are.
PadMode parse_pad_mode(const std::string& name);

// Before and after, for each axis.
template <class T>
using PadPairs = std::vector<std::array<T, 2>>;

struct PadOptions {
  PadPairs<ScalarValue> values;                       // constant: the elements; linear_ramp: where the ramp ends
  PadPairs<std::optional<std::int64_t>> stat_length;  // of how many elements the statistic is; none: all
  bool is_odd = false;                                // reflect, symmetric: mirrored at the edge's value, too
};
// `widths`: one pair an axis. Throws Error(value) for negative widths, for an axis without elements under a mode that
// needs some, and for unknown extents.
ExprPtr pad(ExprPtr array, const PadPairs<std::int64_t>& widths, PadMode mode, const PadOptions& options);

}  // namespace plait
