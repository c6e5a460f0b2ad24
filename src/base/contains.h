// std::ranges::contains, which C++23 has.
#pragma once

#include <algorithm>
#include <iterator>

namespace plait {

template <class Range, class T>
bool contains(const Range& values, const T& value) {
  return std::ranges::find(values, value) != std::ranges::end(values);
}

}  // namespace plait
