// The text of single cells as pandas writes them; included by the CSV writer only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace plait {

void append_integer(std::string& text, std::int64_t value);
void append_integer(std::string& text, std::uint64_t value);
// The shortest text that reads back the same: "0.1", "1e+16", "1e-05", "inf".
void append_float(std::string& text, double value);
void append_float(std::string& text, float value);

enum class DateStyle { days, seconds, milliseconds, microseconds, nanoseconds };
// `value` counts `units_per_second` since 1970.
void append_datetime(std::string& text, std::int64_t value, std::int64_t units_per_second, DateStyle style);
// "+00:00", "+05:30"
void append_utc_offset(std::string& text, std::int64_t seconds);
// "1 days 01:01:01.500000"
void append_timedelta(std::string& text, std::int64_t value, std::int64_t units_per_second, DateStyle style);
// Quoted where it must be.
void append_csv_text(std::string& text, std::string_view value, char sep, char quote);

}  // namespace plait
