#include "kernels/formats/pandas_families.h"

#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace plait {
namespace {

void append_utf8(std::string& to, std::uint32_t code) {
  const auto byte = [&](std::uint32_t bits) { to += static_cast<char>(bits); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) {
    byte(0xC0 | code >> 6);
  } else if (code < 0x10000) {
    byte(0xE0 | code >> 12);
    byte(0x80 | (code >> 6 & 0x3F));
  } else {
    byte(0xF0 | code >> 18);
    byte(0x80 | (code >> 12 & 0x3F));
    byte(0x80 | (code >> 6 & 0x3F));
  }
  byte(0x80 | (code & 0x3F));
}

// Reads pairs "key": "text" of JSON, in their order.
class JsonTexts {
 public:
  explicit JsonTexts(std::string_view json) : json_(json) {}

  // The text of the next pair with this key, if it has one.
  std::optional<std::string> next(std::string_view key) {
    const std::string quoted = "\"" + std::string(key) + "\": \"";
    const auto found = json_.find(quoted, at_);
    if (found == std::string_view::npos) return std::nullopt;
    at_ = found + quoted.size();
    std::string text;
    while (at_ < json_.size() && json_[at_] != '"') append_character(text);
    return text;
  }

 private:
  void append_character(std::string& to) {
    if (json_[at_] != '\\' || at_ + 1 >= json_.size()) {
      to += json_[at_++];
      return;
    }
    const char escaped = json_[at_ + 1];
    at_ += 2;
    if (escaped != 'u') {
      static constexpr std::string_view kShort = "nrtbf", kMeaning = "\n\r\t\b\f";
      const auto known = kShort.find(escaped);
      to += known == std::string_view::npos ? escaped : kMeaning[known];
      return;
    }
    std::uint32_t code = four_digits();
    const bool is_pair = code >= 0xD800 && code < 0xDC00 && json_.substr(at_, 2) == "\\u";
    if (is_pair) {
      at_ += 2;
      code = 0x10000 + ((code - 0xD800) << 10) + (four_digits() - 0xDC00);
    }
    append_utf8(to, code);
  }
  std::uint32_t four_digits() {
    std::uint32_t code = 0;
    for (int i = 0; i < 4 && at_ < json_.size(); ++i, ++at_) {
      const char c = json_[at_];
      code = code * 16 + static_cast<std::uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return code;
  }

  std::string_view json_;
  std::size_t at_ = 0;
};

std::optional<TypeFamily> family_named(const std::string& dtype) {
  static constexpr std::array<std::string_view, 12> kNullable = {"Int8",    "Int16",   "Int32",   "Int64",
                                                                 "UInt8",   "UInt16",  "UInt32",  "UInt64",
                                                                 "Float32", "Float64", "boolean", "string"};
  for (const std::string_view name : kNullable) {
    if (dtype == name) return TypeFamily::nullable;
  }
  if (dtype.ends_with("[pyarrow]")) return dtype == "string[pyarrow]" ? TypeFamily::nullable : TypeFamily::arrow;
  return std::nullopt;
}

}  // namespace

std::map<std::string, TypeFamily> pandas_families(const arrow::Schema& schema) {
  std::map<std::string, TypeFamily> families;
  if (!schema.metadata()) return families;
  const auto json = schema.metadata()->Get("pandas");
  if (!json.ok()) return families;
  JsonTexts texts(*json);
  while (const auto column = texts.next("field_name")) {
    const auto dtype = texts.next("numpy_type");
    if (!dtype) break;
    if (const auto family = family_named(*dtype)) families[*column] = *family;
  }
  return families;
}

}  // namespace plait
