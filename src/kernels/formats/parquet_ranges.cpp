#include "kernels/formats/parquet_ranges.h"

#include <fmt/format.h>

#include <algorithm>
#include <compare>
#include <optional>

namespace plait {
namespace {

// As counts of nanoseconds, which need more than 64 bits.
__int128 nanoseconds(const Timestamp& time) {
  constexpr std::int64_t kPerUnit[] = {1'000'000'000, 1'000'000, 1'000, 1};
  return static_cast<__int128>(time.value) * kPerUnit[static_cast<std::size_t>(time.unit)];
}

struct IsNumber {
  template <class T>
  static constexpr bool of = std::is_same_v<T, bool> || std::is_same_v<T, std::int64_t> ||
                             std::is_same_v<T, std::uint64_t> || std::is_same_v<T, double>;
};

// The order in which the kernels that compare columns with constants see the two; none where they do not go together.
std::optional<std::partial_ordering> order(const ParquetBound& bound, const Literal& value) {
  return std::visit(
      []<class B, class V>(const B& b, const V& v) -> std::optional<std::partial_ordering> {
        if constexpr (IsNumber::of<B> && IsNumber::of<V>) {
          if constexpr (std::is_same_v<B, double> || std::is_same_v<V, double>)
            return static_cast<double>(b) <=> static_cast<double>(v);
          else
            return static_cast<__int128>(b) <=> static_cast<__int128>(v);
        } else if constexpr (std::is_same_v<B, std::string> && std::is_same_v<V, std::string>) {
          return b.compare(v) <=> 0;
        } else if constexpr (std::is_same_v<B, Timestamp> && std::is_same_v<V, Timestamp>) {
          return nanoseconds(b) <=> nanoseconds(v);
        } else {
          return std::nullopt;
        }
      },
      bound, value);
}

bool may_lie_in(const ParquetStatistics& column, std::int64_t num_rows, const ParquetRange& range) {
  if (column.num_nulls == num_rows) return false;
  const auto above_all = order(column.max, range.lower);
  if (above_all && (*above_all < 0 || (range.is_above && *above_all == 0))) return false;
  const auto below_all = order(column.min, range.upper);
  return !below_all || !(*below_all > 0 || (range.is_below && *below_all == 0));
}

bool may_have(const ParquetRowGroup& group, const ParquetRanges& ranges) {
  return std::ranges::all_of(ranges, [&](const ParquetRange& range) {
    const auto column = std::ranges::find(group.columns, range.column, &ParquetStatistics::column);
    return column == group.columns.end() || may_lie_in(*column, group.num_rows, range);
  });
}

}  // namespace

std::string to_string(const ParquetRange& range) {
  const bool has_lower = !std::holds_alternative<Missing>(range.lower);
  const bool has_upper = !std::holds_alternative<Missing>(range.upper);
  if (has_lower && has_upper && range.lower == range.upper)
    return fmt::format("{} == {}", range.column, to_string(range.lower));
  std::string text = range.column;
  if (has_lower) text = fmt::format("{} {} {}", to_string(range.lower), range.is_above ? "<" : "<=", text);
  if (has_upper) text = fmt::format("{} {} {}", text, range.is_below ? "<" : "<=", to_string(range.upper));
  return text;
}

bool may_have(const ParquetRowGroup& group, const std::vector<ParquetRanges>& alternatives) {
  if (group.num_rows == 0) return false;
  return alternatives.empty() ||
         std::ranges::any_of(alternatives, [&](const ParquetRanges& ranges) { return may_have(group, ranges); });
}

}  // namespace plait
