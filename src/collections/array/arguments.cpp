#include "collections/array/arguments.h"

#include <fmt/format.h>

#include "plait/error.h"

namespace plait {

void check_at_least(std::string_view what, std::string_view argument, std::int64_t found, std::int64_t least) {
  check_number(what, argument, found, found >= least, fmt::format("{} or more", least));
}

void check_number(std::string_view what, std::string_view argument, std::int64_t found, bool holds,
                  std::string_view expected) {
  if (!holds) throw value_error(fmt::format("{}: {} is {}, expected {}", what, argument, found, expected));
}

void check_number(std::string_view what, std::string_view argument, double found, bool holds,
                  std::string_view expected) {
  if (!holds) throw value_error(fmt::format("{}: {} is {}, expected {}", what, argument, found, expected));
}

}  // namespace plait
