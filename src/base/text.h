// Text for people: sizes in bytes, near names for a misspelt one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plait {

// "1.50 GiB"
std::string format_bytes(double num_bytes);
// "10MB" is 10^7, "10MiB" is 10 * 2^20, "5 GB", "1e6"; Dask's rules. Throws Error(value).
std::int64_t parse_bytes(std::string_view text);
// "; did you mean 'dep_delay' or 'arr_delay'?" for names that are close, else "".
std::string did_you_mean(std::string_view wrong, const std::vector<std::string>& names);

}  // namespace plait
