#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <map>
#include <numeric>

#include "plait/error.h"

namespace plait {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (std::tolower(a[i - 1]) != std::tolower(b[j - 1]));
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string format_bytes(double num_bytes) {
  static constexpr std::array<const char*, 6> kUnits = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  std::size_t unit = 0;
  while (num_bytes >= 1024 && unit + 1 < kUnits.size()) {
    num_bytes /= 1024;
    ++unit;
  }
  return unit == 0 ? fmt::format("{:.0f} B", num_bytes) : fmt::format("{:.2f} {}", num_bytes, kUnits[unit]);
}

std::int64_t parse_bytes(std::string_view text) {
  static const std::map<std::string, double> kUnits = {
      {"", 1},         {"b", 1},        {"k", 1e3},      {"kb", 1e3},     {"m", 1e6},      {"mb", 1e6},
      {"g", 1e9},      {"gb", 1e9},     {"t", 1e12},     {"tb", 1e12},    {"p", 1e15},     {"pb", 1e15},
      {"kib", 0x1p10}, {"mib", 0x1p20}, {"gib", 0x1p30}, {"tib", 0x1p40}, {"pib", 0x1p50}, {"ki", 0x1p10},
      {"mi", 0x1p20},  {"gi", 0x1p30},  {"ti", 0x1p40}};
  std::string compact;
  for (char c : text) {
    if (c != ' ') compact += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  char* end = nullptr;
  double number = std::strtod(compact.c_str(), &end);
  if (end == compact.c_str()) number = 1;  // "MB" alone means one
  const auto unit = kUnits.find(end);
  if (compact.empty() || unit == kUnits.end() || !std::isfinite(number)) {
    throw value_error(
        fmt::format("'{}' is not a size in bytes; expected a number with a unit such as '128 MiB' or '10MB'", text));
  }
  const double num_bytes = number * unit->second;
  if (std::abs(num_bytes) >= 0x1p63) throw overflow_error(fmt::format("'{}' is more bytes than 64 bits count", text));
  return static_cast<std::int64_t>(num_bytes);
}

std::string did_you_mean(std::string_view wrong, const std::vector<std::string>& names) {
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const std::string& name : names) {
    const std::size_t distance = edit_distance(wrong, name);
    if (distance <= std::max<std::size_t>(2, wrong.size() / 3)) near.emplace_back(distance, name);
  }
  std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  if (near.empty()) return "";
  std::string text = "; did you mean ";
  const std::size_t count = std::min<std::size_t>(near.size(), 3);
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += i + 1 == count ? " or " : ", ";
    text += "'" + near[i].second + "'";
  }
  return text + "?";
}

}  // namespace plait
