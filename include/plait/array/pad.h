// Elements around an array.
//
//   pad(x, {{1, 2}, {0, 0}}, "edge");
//   pad(x, {{2, 2}}, "constant", {.values = {{0, 9}}});
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "plait/array/array.h"

namespace plait {

// One entry for all axes, or one for each axis: what goes before and after.
template <class T>
using BeforeAfter = std::vector<std::array<T, 2>>;

struct Padding {
  BeforeAfter<Operand> values = {};  // "constant": the elements; "linear_ramp": the ends. Zero.
  BeforeAfter<std::optional<std::int64_t>> stat_length = {};  // "mean" and its like: of how many elements; all
  bool is_odd = false;                                        // "reflect", "symmetric": at the edge's value, too
};
// NumPy's modes: "constant", "empty", "edge", "linear_ramp", "maximum", "mean", "median", "minimum", "reflect",
// "symmetric", "wrap".
PLAIT_API Array pad(const Array& array, const BeforeAfter<std::int64_t>& widths, const std::string& mode = "constant",
                    const Padding& how = {}, Location where = Location::current());

}  // namespace plait
