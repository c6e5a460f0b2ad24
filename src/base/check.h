// CHECK: a condition that only a bug in Plait can break. It is on in release builds too.
#pragma once

#include <string>

#include "plait/error.h"

namespace plait {

[[noreturn]] inline void check_failed(const char* condition, const char* file, int line) {
  throw Error(ErrorKind::bug,
              std::string("bug in plait: ") + condition + " does not hold at " + file + ":" + std::to_string(line));
}

}  // namespace plait

#define PLAIT_CHECK(condition)                               \
  do {                                                       \
    if (!(condition)) [[unlikely]]                           \
      ::plait::check_failed(#condition, __FILE__, __LINE__); \
  } while (false)
