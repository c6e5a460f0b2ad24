// Dates and times from CSV text, by one format a column as pandas reads them: the format is guessed from the first
// value, and a column in which some value does not follow it stays text.
//
// Formats are strptime's: %Y %m %d %b %H %I %M %S %f %p %z and literal text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plait {

struct CsvDate {
  std::int64_t seconds = 0;  // since 1970, in UTC
  std::uint32_t nanoseconds = 0;
  int num_fraction_digits = 0;
  std::string_view zone;  // as written: "Z", "+02:00"; empty for none
};

// "%Y-%m-%d %H:%M:%S" for "2024-01-01 00:00:05"; "" when no known format fits.
std::string guess_date_format(std::string_view text);

// What parse_fixed keeps between two values of a column.
struct FixedDate {
  std::uint64_t year_and_month = 0;  // as text
  std::uint16_t day = 0;
  std::int64_t seconds = 0;       // at the start of the day
  std::int64_t microseconds = 0;  // the result
};

class DateFormat {
 public:
  explicit DateFormat(std::string format);

  std::optional<CsvDate> parse(std::string_view text) const;
  // The fixed layouts "2024-01-01[ T]00:00:05[Z]" and "2024-01-01" to `last.microseconds`; false for anything else
  // (then ask parse). Neighbours often share their day, which `last` keeps. Valid only if has_fixed_layout().
  bool parse_fixed(const char* text, std::size_t size, FixedDate& last) const;
  bool has_fixed_layout() const { return fixed_size_ != 0; }

 private:
  bool parse_day(const char* text, std::int64_t& seconds) const;

  std::string format_;
  std::size_t fixed_size_ = 0;
  char between_ = '\0';  // of date and time
  bool ends_with_zone_ = false;
};

// "UTC" for "Z" and "+00:00", "+02:00" for "+0200", "" for "".
std::string zone_name(std::string_view zone);

std::int64_t days_since_1970(std::int64_t year, unsigned month, unsigned day);

}  // namespace plait
