#include "kernels/formats/json_scanner.h"

#include <fast_float/fast_float.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

#include "kernels/formats/utf8.h"

namespace plait {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The bytes of eight that end plain text: quotes, backslashes, control characters, and what is not ASCII; the highest
// bit of each.
std::uint64_t special_bytes(std::uint64_t eight) {
  constexpr std::uint64_t kOnes = 0x0101010101010101, kHigh = 0x8080808080808080;
  const auto zeros = [](std::uint64_t x) { return (x - kOnes) & ~x & kHigh; };
  const std::uint64_t control = (eight - kOnes * 0x20) & ~eight & kHigh;
  return zeros(eight ^ (kOnes * '"')) | zeros(eight ^ (kOnes * '\\')) | control | (eight & kHigh);
}

}  // namespace

bool JsonScanner::take_text(std::string_view& found, std::string& room) {
  if (*at_ != '"') return false;
  const char* const begin = ++at_;
  bool is_wide = false;
  while (true) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, at_, 8);  // pieces have room behind them
    const std::uint64_t special = special_bytes(eight);
    if (special == 0) {
      at_ += 8;
      continue;
    }
    // A byte above a special one may seem special, but never the lowest.
    at_ += std::countr_zero(special) / 8;
    const auto byte = static_cast<unsigned char>(*at_);
    if (byte == '"') break;
    if (byte == '\\') {
      if (!take_escapes(begin, room)) return false;
      found = room;
      return is_utf8(found);
    }
    if (byte < 0x20) return false;
    is_wide = is_wide || byte >= 0x80;
    ++at_;
  }
  found = {begin, static_cast<std::size_t>(at_ - begin)};
  ++at_;
  return !is_wide || is_utf8(found);
}

// The rest of a text from its first backslash on.
bool JsonScanner::take_escapes(const char* begin, std::string& room) {
  room.assign(begin, at_);
  while (*at_ != '"') {
    if (*at_ == '\\') {
      ++at_;
      if (!take_escape(room)) return false;
    } else {
      if (static_cast<unsigned char>(*at_) < 0x20) return false;
      room.push_back(*at_++);
    }
  }
  ++at_;
  return true;
}

bool JsonScanner::take_escape(std::string& room) {
  constexpr std::string_view kNames = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
  const char name = *at_;
  if (name == '\0') return false;
  if (const std::size_t i = kNames.find(name); i != std::string_view::npos) {
    room.push_back(kMeanings[i]);
    ++at_;
    return true;
  }
  if (name != 'u') return false;
  ++at_;
  std::uint32_t code = 0;
  if (!take_four_digits(code)) return false;
  if (code >= 0xd800 && code < 0xe000) {
    std::uint32_t low = 0;
    if (code >= 0xdc00 || at_[0] != '\\' || at_[1] != 'u') return false;
    at_ += 2;
    if (!take_four_digits(low) || low < 0xdc00 || low >= 0xe000) return false;
    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
  }
  append_utf8(room, code);
  return true;
}

bool JsonScanner::take_four_digits(std::uint32_t& code) {
  for (int i = 0; i < 4; ++i, ++at_) {
    const char c = *at_;
    const char letter = static_cast<char>(c | 0x20);
    if (is_digit(c))
      code = code * 16 + static_cast<std::uint32_t>(c - '0');
    else if (letter >= 'a' && letter <= 'f')
      code = code * 16 + static_cast<std::uint32_t>(letter - 'a' + 10);
    else
      return false;
  }
  return true;
}

bool JsonScanner::take_number(JsonNumber& found) {
  const char* const begin = at_;
  if (*at_ == '-') ++at_;
  if (!is_digit(*at_)) return false;
  if (*at_++ != '0') {
    while (is_digit(*at_)) ++at_;
  }
  const bool has_fraction = *at_ == '.';
  if (has_fraction) {
    if (!is_digit(*++at_)) return false;
    while (is_digit(*at_)) ++at_;
  }
  const bool has_exponent = *at_ == 'e' || *at_ == 'E';
  if (has_exponent) {
    ++at_;
    if (*at_ == '+' || *at_ == '-') ++at_;
    if (!is_digit(*at_)) return false;
    while (is_digit(*at_)) ++at_;
  }
  if (has_fraction || has_exponent) {
    found.kind = JsonNumber::Kind::real;
    const auto read = fast_float::from_chars(begin, at_, found.real);
    return read.ec == std::errc() && read.ptr == at_ && std::isfinite(found.real);
  }
  found.kind = JsonNumber::Kind::integer;
  if (std::from_chars(begin, at_, found.integer).ec == std::errc()) return true;
  std::uint64_t large = 0;
  if (*begin == '-' || std::from_chars(begin, at_, large).ec != std::errc()) return false;
  found.kind = JsonNumber::Kind::large;
  found.integer = static_cast<std::int64_t>(large);
  return true;
}

bool JsonScanner::skip_value(int depth) {
  if (depth > kMaxDepth) return false;
  std::string_view text;
  JsonNumber number;
  switch (peek()) {
    case '"':
      return take_text(text, room_);
    case 't':
      return take_word("true");
    case 'f':
      return take_word("false");
    case 'n':
      return take_word("null");
    case '[':
      ++at_;
      if (take(']')) return true;
      do {
        if (!skip_value(depth + 1)) return false;
      } while (take(','));
      return take(']');
    case '{':
      ++at_;
      if (take('}')) return true;
      do {
        if (peek() != '"' || !take_text(text, room_) || !take(':') || !skip_value(depth + 1)) return false;
      } while (take(','));
      return take('}');
    default:
      return take_number(number);
  }
}

}  // namespace plait
