// Checks of numbers that users give to array functions: every error names the argument, what it is and what is
// expected.
#pragma once

#include <cstdint>
#include <string_view>

namespace plait {

// Throws Error(value) "bincount: minlength is -1, expected 0 or more" unless `found >= least`.
void check_at_least(std::string_view what, std::string_view argument, std::int64_t found, std::int64_t least);
// Throws Error(value) "topk: k is 0, expected ..." unless `holds`.
void check_number(std::string_view what, std::string_view argument, std::int64_t found, bool holds,
                  std::string_view expected);
void check_number(std::string_view what, std::string_view argument, double found, bool holds,
                  std::string_view expected);

}  // namespace plait
