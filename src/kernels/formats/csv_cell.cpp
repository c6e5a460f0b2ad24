#include "kernels/formats/csv_cell.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace plait {
namespace {

template <class T>
void append_number(std::string& text, T value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
  text.append(digits, end);
}

template <class T>
void append_finite(std::string& text, T value, bool scientific) {
  char digits[400];
  const auto form = scientific ? std::chars_format::scientific : std::chars_format::fixed;
  const char* const end = std::to_chars(digits, digits + sizeof(digits), value, form).ptr;
  const std::string_view shortest(digits, static_cast<std::size_t>(end - digits));
  text += shortest;
  if (!scientific && shortest.find('.') == std::string_view::npos) text += ".0";
}

bool append_special(std::string& text, double value) {
  if (std::isfinite(value)) return false;
  text += std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
  return true;
}

void append_two_digits(std::string& text, std::int64_t value) {
  text += static_cast<char>('0' + value / 10);
  text += static_cast<char>('0' + value % 10);
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0); }

void append_day(std::string& text, std::int64_t days) {
  // Years are counted from March, so that a leap day is the last day of its year.
  days += 719468;
  const std::int64_t era = floor_divide(days, 146097);
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const std::int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2);
  append_two_digits(text, year / 100);
  append_two_digits(text, year % 100);
  text += '-';
  append_two_digits(text, month);
  text += '-';
  append_two_digits(text, day_of_year - (153 * shifted_month + 2) / 5 + 1);
}

void append_time(std::string& text, std::int64_t second_of_day, std::int64_t fraction, std::int64_t units_per_second,
                 DateStyle style) {
  append_two_digits(text, second_of_day / 3600);
  text += ':';
  append_two_digits(text, second_of_day / 60 % 60);
  text += ':';
  append_two_digits(text, second_of_day % 60);
  if (style <= DateStyle::seconds) return;
  const int num_digits = 3 * (static_cast<int>(style) - static_cast<int>(DateStyle::seconds));
  const auto nanoseconds = std::to_string(1000000000 + fraction * (1000000000 / units_per_second));
  text += '.';
  text.append(nanoseconds, 1, static_cast<std::size_t>(num_digits));
}

}  // namespace

void append_integer(std::string& text, std::int64_t value) { append_number(text, value); }
void append_integer(std::string& text, std::uint64_t value) { append_number(text, value); }

void append_float(std::string& text, double value) {
  if (append_special(text, value)) return;
  const double size = std::fabs(value);
  append_finite(text, value, value != 0 && (size >= 1e16 || size < 1e-4));
}

void append_float(std::string& text, float value) {
  if (append_special(text, value)) return;
  const double size = std::fabs(static_cast<double>(value));
  append_finite(text, value, value != 0 && (size >= 1e6 || size < 1e-4));
}

void append_datetime(std::string& text, std::int64_t value, std::int64_t units_per_second, DateStyle style) {
  const std::int64_t seconds = floor_divide(value, units_per_second);
  const std::int64_t days = floor_divide(seconds, 86400);
  append_day(text, days);
  if (style == DateStyle::days) return;
  text += ' ';
  append_time(text, seconds - days * 86400, value - seconds * units_per_second, units_per_second, style);
}

void append_utc_offset(std::string& text, std::int64_t seconds) {
  text += seconds < 0 ? '-' : '+';
  const std::int64_t minutes = std::abs(seconds) / 60;
  append_two_digits(text, minutes / 60);
  text += ':';
  append_two_digits(text, minutes % 60);
}

void append_timedelta(std::string& text, std::int64_t value, std::int64_t units_per_second, DateStyle style) {
  const std::int64_t seconds = floor_divide(value, units_per_second);
  const std::int64_t days = floor_divide(seconds, 86400);
  append_number(text, days);
  text += " days";
  if (style == DateStyle::days) return;
  text += days < 0 ? " +" : " ";
  append_time(text, seconds - days * 86400, value - seconds * units_per_second, units_per_second, style);
}

void append_csv_text(std::string& text, std::string_view value, char sep, char quote) {
  const char special[] = {sep, quote, '\n', '\r'};
  if (value.find_first_of(std::string_view(special, sizeof(special))) == std::string_view::npos) {
    text += value;
    return;
  }
  text += quote;
  for (const char c : value) {
    if (c == quote) text += quote;
    text += c;
  }
  text += quote;
}

}  // namespace plait
