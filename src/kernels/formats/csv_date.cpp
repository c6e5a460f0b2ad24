#include "kernels/formats/csv_date.h"

#include <cstring>
#include <vector>

namespace plait {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

unsigned days_in_month(std::int64_t year, unsigned month) {
  static constexpr unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : days[month - 1];
}

// The parts of a date while it is read.
struct Parts {
  std::int64_t year = 1900;
  unsigned month = 1, day = 1, hour = 0, minute = 0, second = 0;
  bool twelve_hours = false, afternoon = false;
  std::int64_t offset_seconds = 0;
};

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool number(unsigned min_digits, unsigned max_digits, unsigned& value) {
    unsigned digits = 0;
    value = 0;
    while (digits < max_digits && at_ < text_.size() && is_digit(text_[at_])) {
      value = value * 10 + static_cast<unsigned>(text_[at_++] - '0');
      ++digits;
    }
    return digits >= min_digits;
  }
  bool literal(char c) { return at_ < text_.size() && text_[at_] == c && ++at_ > 0; }
  bool month_name(unsigned& month) {
    static constexpr std::string_view names = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (at_ + 3 > text_.size()) return false;
    char lower[3];
    for (int i = 0; i < 3; ++i) lower[i] = static_cast<char>(text_[at_ + static_cast<std::size_t>(i)] | 0x20);
    for (unsigned i = 0; i < 12; ++i) {
      if (names.substr(3 * i, 3) == std::string_view(lower, 3)) {
        month = i + 1;
        at_ += 3;
        return true;
      }
    }
    return false;
  }
  bool half_of_day(bool& afternoon) {
    if (at_ + 2 > text_.size() || (text_[at_ + 1] | 0x20) != 'm') return false;
    const char c = static_cast<char>(text_[at_] | 0x20);
    afternoon = c == 'p';
    at_ += 2;
    return c == 'a' || c == 'p';
  }
  bool fraction(CsvDate& date) {
    const std::size_t start = at_;
    for (std::uint32_t unit = 100000000; unit != 0 && at_ < text_.size() && is_digit(text_[at_]); unit /= 10) {
      date.nanoseconds += static_cast<std::uint32_t>(text_[at_++] - '0') * unit;
    }
    date.num_fraction_digits = static_cast<int>(at_ - start);
    return at_ > start;
  }
  // "Z", "+02:00", "+0200", "+02"
  bool zone(std::int64_t& offset_seconds, std::string_view& text) {
    const std::size_t start = at_;
    if (literal('Z')) {
      offset_seconds = 0;
    } else {
      const bool negative = at_ < text_.size() && text_[at_] == '-';
      if (!negative && !(at_ < text_.size() && text_[at_] == '+')) return false;
      ++at_;
      unsigned hours = 0, minutes = 0;
      if (!number(2, 2, hours)) return false;
      const bool colon = literal(':');
      if (at_ < text_.size() || colon) {
        if (!number(2, 2, minutes)) return false;
      }
      if (hours > 23 || minutes > 59) return false;
      offset_seconds = (negative ? -1 : 1) * std::int64_t{hours * 3600 + minutes * 60};
    }
    text = text_.substr(start, at_ - start);
    return true;
  }
  bool at_end() const { return at_ == text_.size(); }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

bool read_directive(char directive, Reader& reader, Parts& parts, CsvDate& date) {
  unsigned year = 0;
  switch (directive) {
    case 'Y':
      if (!reader.number(4, 4, year)) return false;
      parts.year = year;
      return true;
    case 'm':
      return reader.number(1, 2, parts.month);
    case 'd':
      return reader.number(1, 2, parts.day);
    case 'b':
      return reader.month_name(parts.month);
    case 'H':
      return reader.number(1, 2, parts.hour);
    case 'I':
      parts.twelve_hours = true;
      return reader.number(1, 2, parts.hour) && parts.hour >= 1 && parts.hour <= 12;
    case 'M':
      return reader.number(1, 2, parts.minute);
    case 'S':
      return reader.number(1, 2, parts.second);
    case 'f':
      return reader.fraction(date);
    case 'p':
      return reader.half_of_day(parts.afternoon);
    case 'z':
      return reader.zone(parts.offset_seconds, date.zone);
    default:
      return false;
  }
}

unsigned two_digits(const char* text) {
  return static_cast<unsigned>(text[0] - '0') * 10 + static_cast<unsigned>(text[1] - '0');
}

std::uint64_t load8(const char* text) {
  std::uint64_t bytes;
  std::memcpy(&bytes, text, 8);
  return bytes;
}

// Whether the bytes under 0xFF of `digit_mask` are digits and the others equal `pattern`.
bool matches(std::uint64_t bytes, std::uint64_t digit_mask, std::uint64_t pattern) {
  const std::uint64_t values = (bytes ^ 0x3030303030303030u) & digit_mask;
  const bool digits = (((values + 0x7676767676767676u) | values) & 0x8080808080808080u) == 0;
  return digits && (bytes & ~digit_mask) == (pattern & ~digit_mask);
}

const std::vector<std::string>& known_formats() {
  static const std::vector<std::string> formats = [] {
    std::vector<std::string> list;
    const char* const dates[] = {"%Y-%m-%d", "%Y/%m/%d", "%Y%m%d",   "%m/%d/%Y", "%d/%m/%Y", "%m-%d-%Y",
                                 "%d-%m-%Y", "%m.%d.%Y", "%d.%m.%Y", "%d-%b-%Y", "%d %b %Y", "%b %d, %Y"};
    const char* const times[] = {"%H:%M:%S", "%H:%M:%S.%f", "%H:%M", "%H", "%H%M%S", "%I:%M:%S %p", "%I:%M %p"};
    for (const char* date : dates) {
      list.push_back(date);
      for (const char* time : times) {
        for (const char* between : {" ", "T"}) {
          for (const char* zone : {"", "%z", " %z"}) list.push_back(std::string(date) + between + time + zone);
        }
      }
    }
    list.insert(list.end(), {"%Y-%m", "%Y"});
    return list;
  }();
  return formats;
}

}  // namespace

std::int64_t days_since_1970(std::int64_t year, unsigned month, unsigned day) {
  // Years are counted from March, so that a leap day is the last day of its year.
  year -= month <= 2;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + static_cast<std::int64_t>(day_of_era) - 719468;
}

std::string guess_date_format(std::string_view text) {
  for (const std::string& format : known_formats()) {
    if (DateFormat(format).parse(text)) return format;
  }
  return "";
}

DateFormat::DateFormat(std::string format) : format_(std::move(format)) {
  if (format_ == "%Y-%m-%d") {
    fixed_size_ = 10;
  } else if (format_.size() >= 17 && format_.compare(0, 8, "%Y-%m-%d") == 0 && format_.compare(9, 8, "%H:%M:%S") == 0) {
    between_ = format_[8];
    ends_with_zone_ = format_.size() == 19 && format_.compare(17, 2, "%z") == 0;
    if (format_.size() == 17 || ends_with_zone_) fixed_size_ = 19 + ends_with_zone_;
  }
}

// "YYYY-MM-DD" to the second at which it starts.
bool DateFormat::parse_day(const char* text, std::int64_t& seconds) const {
  // Little-endian: the first character is the lowest byte.
  if (!matches(load8(text), 0x00FFFF00FFFFFFFFu, 0x2D00002D00000000u) || !is_digit(text[8]) || !is_digit(text[9]))
    return false;
  const std::int64_t year = two_digits(text) * 100 + two_digits(text + 2);
  const unsigned month = two_digits(text + 5), day = two_digits(text + 8);
  if (year == 0 || month - 1 >= 12 || day == 0 || day > days_in_month(year, month)) return false;
  seconds = days_since_1970(year, month, day) * 86400;
  return true;
}

bool DateFormat::parse_fixed(const char* text, std::size_t size, FixedDate& last) const {
  if (size != fixed_size_) return false;
  std::uint16_t day;
  std::memcpy(&day, text + 8, 2);
  if (load8(text) != last.year_and_month || day != last.day) {
    last.year_and_month = 0;  // not a text, should the day be wrong
    if (!parse_day(text, last.seconds)) return false;
    last.year_and_month = load8(text);
    last.day = day;
  }
  if (size == 10) {
    last.microseconds = last.seconds * 1000000;
    return true;
  }
  // "HH:MM:SS": the products put each pair of digits into the lower of its two bytes.
  const std::uint64_t time = load8(text + 11);
  const std::uint64_t digits = (time ^ 0x3030303030303030u) & 0xFFFF00FFFF00FFFFu;
  const std::uint64_t pairs = digits * 10 + (digits >> 8);
  const std::uint64_t hour = pairs & 0xFF, minute = (pairs >> 24) & 0xFF, second = (pairs >> 48) & 0xFF;
  const bool valid = matches(time, 0xFFFF00FFFF00FFFFu, 0x00003A00003A0000u) & (text[10] == between_) &
                     (!ends_with_zone_ | (text[19] == 'Z')) & (hour < 24) & (minute < 60) & (second < 60);
  last.microseconds = (last.seconds + static_cast<std::int64_t>(hour * 3600 + minute * 60 + second)) * 1000000;
  return valid;
}

std::optional<CsvDate> DateFormat::parse(std::string_view text) const {
  Reader reader(text);
  Parts parts;
  CsvDate date;
  for (std::size_t i = 0; i < format_.size(); ++i) {
    const bool is_directive = format_[i] == '%';
    if (is_directive ? !read_directive(format_[++i], reader, parts, date) : !reader.literal(format_[i]))
      return std::nullopt;
  }
  if (!reader.at_end()) return std::nullopt;
  if (parts.twelve_hours) parts.hour = parts.hour % 12 + (parts.afternoon ? 12 : 0);
  const bool valid = parts.month >= 1 && parts.month <= 12 && parts.day >= 1 && parts.year >= 1 &&
                     parts.day <= days_in_month(parts.year, parts.month) && parts.hour < 24 && parts.minute < 60 &&
                     parts.second < 60;
  if (!valid) return std::nullopt;
  date.seconds = days_since_1970(parts.year, parts.month, parts.day) * 86400 + parts.hour * 3600 + parts.minute * 60 +
                 parts.second - parts.offset_seconds;
  return date;
}

std::string zone_name(std::string_view zone) {
  if (zone.empty()) return "";
  if (zone == "Z") return "UTC";
  std::string name(zone.substr(0, 3));
  name += ":";
  name += zone.size() == 3 ? "00" : std::string(zone.substr(zone.size() - 2));
  return name.substr(1) == "00:00" ? "UTC" : name;
}

}  // namespace plait
