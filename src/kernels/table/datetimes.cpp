// .dt: parts of moments and spans of time.
#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "base/text.h"
#include "kernels/table/accessors.h"
#include "kernels/table/calendar.h"
#include "kernels/table/elementwise_apply.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

namespace cp = arrow::compute;

constexpr std::array<std::string_view, 33> kNames = {"year",           "month",         "day",
                                                     "hour",           "minute",        "second",
                                                     "microsecond",    "nanosecond",    "dayofweek",
                                                     "weekday",        "dayofyear",     "quarter",
                                                     "days_in_month",  "date",          "normalize",
                                                     "floor",          "ceil",          "round",
                                                     "is_month_start", "is_month_end",  "is_quarter_start",
                                                     "is_quarter_end", "is_year_start", "is_year_end",
                                                     "is_leap_year",   "day_name",      "month_name",
                                                     "strftime",       "total_seconds", "days",
                                                     "seconds",        "tz_localize",   "tz_convert"};

// "15min" -> 15 minutes, as Arrow's rounding takes it.
cp::RoundTemporalOptions parse_frequency(const std::string& text) {
  static const std::map<std::string, cp::CalendarUnit> kUnits = {
      {"ns", cp::CalendarUnit::NANOSECOND},  {"us", cp::CalendarUnit::MICROSECOND},
      {"ms", cp::CalendarUnit::MILLISECOND}, {"s", cp::CalendarUnit::SECOND},
      {"S", cp::CalendarUnit::SECOND},       {"min", cp::CalendarUnit::MINUTE},
      {"T", cp::CalendarUnit::MINUTE},       {"h", cp::CalendarUnit::HOUR},
      {"H", cp::CalendarUnit::HOUR},         {"D", cp::CalendarUnit::DAY},
      {"d", cp::CalendarUnit::DAY}};
  int count = 1;
  const auto digits_end = std::from_chars(text.data(), text.data() + text.size(), count).ptr;
  const auto unit = kUnits.find(std::string(digits_end, text.data() + text.size()));
  if (unit == kUnits.end() || count < 1) {
    throw value_error("frequency '" + text +
                      "' is not a fixed one; expected a number and D, h, min, s, ms, us or ns, such as 15min");
  }
  return cp::RoundTemporalOptions(count, unit->second);
}

std::int64_t nanoseconds_of(const cp::RoundTemporalOptions& frequency) {
  static constexpr std::int64_t kLengths[] = {
      1, 1'000, 1'000'000, 1'000'000'000, 60'000'000'000, 3'600'000'000'000, 86'400'000'000'000};
  return frequency.multiple * kLengths[static_cast<std::size_t>(frequency.unit)];
}

// To the nearer multiple of the frequency in local time; half way, to the even one.
arrow::Datum rounded_to_even(const arrow::Datum& values, const cp::RoundTemporalOptions& frequency) {
  const arrow::Datum down = call("floor_temporal", {values}, &frequency);
  cp::RoundTemporalOptions beyond = frequency;
  beyond.ceil_is_strictly_greater = true;
  const arrow::Datum up = call("ceil_temporal", {values}, &beyond);
  const arrow::Datum to_down = call("subtract", {values, down});
  const arrow::Datum to_up = call("subtract", {up, values});
  const auto& type = static_cast<const arrow::TimestampType&>(*values.type());
  static constexpr std::int64_t kUnits[] = {1'000'000'000, 1'000'000, 1'000, 1};
  const std::int64_t period = nanoseconds_of(frequency) / kUnits[static_cast<std::size_t>(type.unit())];
  // A period shorter than the unit leaves nothing to round.
  if (period < 1) return values;
  const arrow::Datum local = type.timezone().empty() ? down : call("local_timestamp", {down});
  const arrow::Datum count = call("divide", {cast_datum(local, arrow::int64()), arrow::Datum(period)});
  const arrow::Datum is_odd =
      call("equal", {call("bit_wise_and", {count, arrow::Datum(std::int64_t{1})}), arrow::Datum(std::int64_t{1})});
  const arrow::Datum goes_up =
      call("or", {call("less", {to_up, to_down}), call("and", {call("equal", {to_up, to_down}), is_odd})});
  return call("if_else", {goes_up, up, down});
}

arrow::Datum number(std::int64_t value) { return arrow::Datum(value); }
arrow::Datum part(const std::string& function, const arrow::Datum& values) {
  return cast_datum(call(function, {values}), arrow::int32());
}

arrow::Datum is_leap_year(const arrow::Datum& values) { return call("is_leap_year", {values}); }

arrow::Datum days_in_month(const arrow::Datum& values) {
  // From the first of this month to the first of the next.
  const cp::RoundTemporalOptions month(1, cp::CalendarUnit::MONTH);
  const arrow::Datum first = call("floor_temporal", {values}, &month);
  cp::RoundTemporalOptions beyond(1, cp::CalendarUnit::MONTH);
  beyond.ceil_is_strictly_greater = true;
  const arrow::Datum next = call("ceil_temporal", {first}, &beyond);
  return cast_datum(call("days_between", {first, next}), arrow::int32());
}

arrow::Datum both(const arrow::Datum& a, const arrow::Datum& b) { return call("and", {a, b}); }
arrow::Datum equals(const arrow::Datum& values, std::int64_t value) { return call("equal", {values, number(value)}); }
// Months 1, 4, 7, 10 leave 1 when divided by 3.
arrow::Datum month_in_quarter_is(const arrow::Datum& values, std::int64_t which) {
  const arrow::Datum month = call("month", {values});
  const arrow::Datum quarter = call("quarter", {values});
  return equals(call("subtract", {month, call("multiply", {call("subtract", {quarter, number(1)}), number(3)})}),
                which);
}

arrow::Datum border(DtOp op, const arrow::Datum& values) {
  const arrow::Datum first = equals(call("day", {values}), 1);
  const auto last = [&] { return call("equal", {part("day", values), days_in_month(values)}); };
  switch (op) {
    case DtOp::is_month_start:
      return first;
    case DtOp::is_month_end:
      return last();
    case DtOp::is_quarter_start:
      return both(first, month_in_quarter_is(values, 1));
    case DtOp::is_quarter_end:
      return both(last(), month_in_quarter_is(values, 3));
    case DtOp::is_year_start:
      return both(first, equals(call("month", {values}), 1));
    default:
      return both(last(), equals(call("month", {values}), 12));
  }
}

arrow::Datum formatted(const arrow::Datum& values, const std::string& format) {
  const auto& type = static_cast<const arrow::TimestampType&>(*values.type());
  // Arrow writes fractions of seconds into %S.
  const arrow::Datum seconds = format.find("%f") == std::string::npos
                                   ? cast_datum(values, arrow::timestamp(arrow::TimeUnit::SECOND, type.timezone()))
                                   : values;
  const cp::StrftimeOptions options(format, "C");
  return call("strftime", {seconds}, &options);
}

arrow::Datum localized(const arrow::Datum& values, const std::string& zone) {
  const auto& type = static_cast<const arrow::TimestampType&>(*values.type());
  if (zone.empty()) return call("local_timestamp", {values});
  if (!type.timezone().empty()) throw type_error("Already tz-aware, use tz_convert to convert.");
  const cp::AssumeTimezoneOptions options(zone, cp::AssumeTimezoneOptions::AMBIGUOUS_RAISE,
                                          cp::AssumeTimezoneOptions::NONEXISTENT_RAISE);
  return call("assume_timezone", {values}, &options);
}

arrow::Datum of_moments(const arrow::Datum& values, const DtParams& params) {
  const auto& type = static_cast<const arrow::TimestampType&>(*values.type());
  const auto rounded = [&](const std::string& function, const std::string& frequency) {
    const cp::RoundTemporalOptions options = parse_frequency(frequency);
    return call(function, {values}, &options);
  };
  switch (params.op) {
    case DtOp::year:
      return part("year", values);
    case DtOp::month:
      return part("month", values);
    case DtOp::day:
      return part("day", values);
    case DtOp::hour:
      return part("hour", values);
    case DtOp::minute:
      return part("minute", values);
    case DtOp::second:
      return part("second", values);
    case DtOp::microsecond:
      return call("add", {call("multiply", {part("millisecond", values), arrow::Datum(std::int32_t{1000})}),
                          part("microsecond", values)});
    case DtOp::nanosecond:
      return part("nanosecond", values);
    case DtOp::dayofweek:
    case DtOp::weekday:
      return part("day_of_week", values);
    case DtOp::dayofyear:
      return part("day_of_year", values);
    case DtOp::quarter:
      return part("quarter", values);
    case DtOp::days_in_month:
      return days_in_month(values);
    case DtOp::date:
      return cast_datum(type.timezone().empty() ? values : call("local_timestamp", {values}), arrow::date32());
    case DtOp::normalize:
      return rounded("floor_temporal", "D");
    case DtOp::floor:
      return rounded("floor_temporal", params.text);
    case DtOp::ceil:
      return rounded("ceil_temporal", params.text);
    case DtOp::round:
      return rounded_to_even(values, parse_frequency(params.text));
    case DtOp::is_leap_year:
      return is_leap_year(values);
    case DtOp::day_name:
      return formatted(values, "%A");
    case DtOp::month_name:
      return formatted(values, "%B");
    case DtOp::strftime:
      return formatted(values, params.text);
    case DtOp::tz_localize:
      return localized(values, params.text);
    case DtOp::tz_convert:
      if (type.timezone().empty()) throw type_error("Cannot convert tz-naive timestamps, use tz_localize to localize");
      return cast_datum(values, arrow::timestamp(type.unit(), params.text));
    case DtOp::isocalendar_week:
      return cast_datum(call("iso_week", {values}), arrow::uint32());
    case DtOp::is_month_start:
    case DtOp::is_month_end:
    case DtOp::is_quarter_start:
    case DtOp::is_quarter_end:
    case DtOp::is_year_start:
    case DtOp::is_year_end:
      return border(params.op, values);
    default:
      break;
  }
  throw NoNativeForm(".dt." + std::string(name(params.op)) + " is for timedeltas; the column holds datetimes");
}

// Days and the seconds of the day, rounding towards the past as Python's timedelta does.
arrow::Datum of_spans(const arrow::Datum& values, const DtParams& params) {
  const auto unit = static_cast<TimeUnit>(static_cast<const arrow::DurationType&>(*values.type()).unit());
  const std::int64_t per_second = units_per_second(unit);
  const auto array = values.make_array();
  const auto* from = array->data()->GetValues<std::int64_t>(1);
  if (params.op == DtOp::total_seconds) {
    arrow::DoubleBuilder builder;
    for (std::int64_t i = 0; i < array->length(); ++i) {
      check_arrow(array->IsNull(i) ? builder.AppendNull()
                                   : builder.Append(static_cast<double>(from[i]) / static_cast<double>(per_second)),
                  "dt");
    }
    return value_or_throw(builder.Finish(), "dt");
  }
  if (params.op != DtOp::days && params.op != DtOp::seconds) {
    throw NoNativeForm(".dt." + std::string(name(params.op)) + " is for datetimes; the column holds timedeltas");
  }
  arrow::Int64Builder builder;
  for (std::int64_t i = 0; i < array->length(); ++i) {
    if (array->IsNull(i)) {
      check_arrow(builder.AppendNull(), "dt");
      continue;
    }
    const std::int64_t per_day = per_second * 86400;
    const std::int64_t days = from[i] / per_day - (from[i] % per_day < 0);
    check_arrow(builder.Append(params.op == DtOp::days ? days : (from[i] - days * per_day) / per_second), "dt");
  }
  const arrow::Datum out = value_or_throw(builder.Finish(), "dt");
  return params.op == DtOp::seconds ? cast_datum(out, arrow::int32()) : out;
}

}  // namespace

std::string_view name(DtOp op) {
  if (op == DtOp::isocalendar_week) return "isocalendar_week";
  return kNames[static_cast<std::size_t>(op)];
}

DtOp parse_dt_op(std::string_view text) {
  if (text == "isocalendar_week") return DtOp::isocalendar_week;
  if (text == "day_of_week") return DtOp::dayofweek;
  if (text == "day_of_year") return DtOp::dayofyear;
  if (text == "daysinmonth") return DtOp::days_in_month;
  const auto found = std::find(kNames.begin(), kNames.end(), text);
  if (found != kNames.end()) return static_cast<DtOp>(found - kNames.begin());
  throw key_error("there is no native .dt." + std::string(text) +
                  did_you_mean(text, std::vector<std::string>(kNames.begin(), kNames.end())));
}

Table dt(const Table& series, const DtParams& params) {
  return apply_columns(series, [&](const NamedColumn& column) {
    const auto array = array_of(column.values);
    const bool predicate = params.op >= DtOp::is_month_start && params.op <= DtOp::is_leap_year;
    arrow::Datum out;
    if (array->type_id() == arrow::Type::TIMESTAMP)
      out = of_moments(array, params);
    else if (array->type_id() == arrow::Type::DURATION)
      out = of_spans(array, params);
    else if (array->type_id() == arrow::Type::DATE32)
      out = of_moments(cast_datum(array, arrow::timestamp(arrow::TimeUnit::SECOND)), params);
    else
      throw type_error("Can only use .dt accessor with datetimelike values; column '" + column.name + "' has type " +
                       array->type()->ToString());
    if (predicate && is_numpy(column.family) && out.null_count() > 0)
      out = call("coalesce", {out, arrow::Datum(std::make_shared<arrow::BooleanScalar>(false))});
    return column_of(out, column.family);
  });
}

}  // namespace plait
