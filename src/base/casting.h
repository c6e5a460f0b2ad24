// Which casts between element types keep what numbers are.
#pragma once

#include "plait/dtype.h"

namespace plait {

// Whether a cast loses precision and range at most: it never goes down from complex numbers over floats and integers to
// booleans. NumPy calls that casting "same_kind".
inline bool keeps_kind(DType from, DType to) {
  const auto rank = [](DType dtype) { return is_bool(dtype) ? 0 : is_integer(dtype) ? 1 : is_floating(dtype) ? 2 : 3; };
  return rank(from) <= rank(to);
}

}  // namespace plait
