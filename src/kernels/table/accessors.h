// The .str and .dt operations of a series. Missing values stay missing; predicates give False for them where pandas
// does.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernels/table/table_value.h"

namespace plait {

enum class StrOp : std::uint8_t {
  lower,
  upper,
  title,
  capitalize,
  swapcase,
  len,
  strip,
  lstrip,
  rstrip,
  contains,
  startswith,
  endswith,
  match,
  fullmatch,
  count,
  find,
  replace,
  slice,
  get,
  zfill,
  removeprefix,
  removesuffix,
  repeat,
  isalpha,
  isdigit,
  isalnum,
  isnumeric,
  isdecimal,
  isspace,
  islower,
  isupper,
  istitle,
};
std::string_view name(StrOp op);
// Throws Error(key) with near names.
StrOp parse_str_op(std::string_view text);

struct StrParams {
  StrOp op = StrOp::lower;
  std::string pattern;         // contains, startswith, ..., replace; the characters of strip ("": white space)
  std::string replacement;     // replace
  bool regex = true;           // contains, replace
  bool case_sensitive = true;  // contains, match, replace
  std::optional<bool> na;      // predicates: the answer for a missing value; by default False
  std::optional<std::int64_t> start, stop, step;  // slice; get uses start; zfill, repeat and replace(n=) use start
  static constexpr auto fields = std::tuple{&StrParams::op,    &StrParams::pattern,        &StrParams::replacement,
                                            &StrParams::regex, &StrParams::case_sensitive, &StrParams::na,
                                            &StrParams::start, &StrParams::stop,           &StrParams::step};
};
Table str(const Table& series, const StrParams& params);
// a.str.cat(b, sep)
struct StrCatParams {
  std::string separator;
  static constexpr auto fields = std::tuple{&StrCatParams::separator};
};
Table str_cat(const Table& left, const Table& right, const StrCatParams& params);

enum class DtOp : std::uint8_t {
  year,
  month,
  day,
  hour,
  minute,
  second,
  microsecond,
  nanosecond,
  dayofweek,
  weekday,
  dayofyear,
  quarter,
  days_in_month,
  date,
  normalize,
  floor,
  ceil,
  round,
  is_month_start,
  is_month_end,
  is_quarter_start,
  is_quarter_end,
  is_year_start,
  is_year_end,
  is_leap_year,
  day_name,
  month_name,
  strftime,
  total_seconds,
  days,
  seconds,
  tz_localize,
  tz_convert,
  isocalendar_week,
};
std::string_view name(DtOp op);
DtOp parse_dt_op(std::string_view text);

struct DtParams {
  DtOp op = DtOp::year;
  std::string text;  // floor, ceil, round: "h", "15min", "D"; strftime: the format; tz_*: the zone
  static constexpr auto fields = std::tuple{&DtParams::op, &DtParams::text};
};
Table dt(const Table& series, const DtParams& params);

}  // namespace plait
