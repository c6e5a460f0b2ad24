#include "kernels/table/calendar.h"

#include <fmt/format.h>

#include <chrono>

namespace plait {
namespace {

struct SplitTime {
  std::int64_t days;
  std::int64_t seconds;   // of the day
  std::int64_t fraction;  // in nanoseconds
};

SplitTime split(std::int64_t value, TimeUnit unit) {
  const std::int64_t per_second = units_per_second(unit);
  std::int64_t seconds = value / per_second;
  std::int64_t rest = value % per_second;
  if (rest < 0) {
    rest += per_second;
    --seconds;
  }
  std::int64_t days = seconds / 86400;
  std::int64_t of_day = seconds % 86400;
  if (of_day < 0) {
    of_day += 86400;
    --days;
  }
  return {days, of_day, rest * (1'000'000'000 / per_second)};
}

std::string clock_text(const SplitTime& time) {
  std::string text = fmt::format("{:02}:{:02}:{:02}", time.seconds / 3600, time.seconds / 60 % 60, time.seconds % 60);
  if (time.fraction % 1000 != 0) return text + fmt::format(".{:09}", time.fraction);
  if (time.fraction != 0) return text + fmt::format(".{:06}", time.fraction / 1000);
  return text;
}

}  // namespace

std::int64_t units_per_second(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::s:
      return 1;
    case TimeUnit::ms:
      return 1'000;
    case TimeUnit::us:
      return 1'000'000;
    case TimeUnit::ns:
      break;
  }
  return 1'000'000'000;
}

std::string timestamp_text(const Timestamp& moment) {
  const SplitTime time = split(moment.value, moment.unit);
  const std::chrono::year_month_day day{std::chrono::sys_days{std::chrono::days{time.days}}};
  return fmt::format("{:04}-{:02}-{:02} {}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()), clock_text(time)) +
         (moment.timezone == "UTC" ? "+00:00" : "");
}

std::string timedelta_text(const Timedelta& span) {
  const SplitTime time = split(span.value, span.unit);
  return fmt::format("{} days {}", time.days, clock_text(time));
}

}  // namespace plait
