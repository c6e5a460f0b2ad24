// For tests: how many descriptors this process holds, to see that none is left open.
#pragma once

#include <cstddef>
#include <filesystem>
#include <iterator>

namespace plait {

inline std::size_t num_open_descriptors() {
  const std::filesystem::directory_iterator open("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(open), end(open)));
}

}  // namespace plait
