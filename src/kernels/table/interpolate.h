// Missing values between others filled on straight lines, by the number of rows between. What a partition needs of the
// rows before and behind it is the value nearest to it, and how far away that is.
#pragma once

#include <cstdint>
#include <string_view>
#include <tuple>
#include <vector>

#include "kernels/table/table_value.h"

namespace plait {

enum class FillDirection : std::uint8_t { forward, backward, both };
enum class FillArea : std::uint8_t { any, inside, outside };  // inside: only between two values
// Throw a value error for another text; no text is forward and any.
FillDirection parse_fill_direction(std::string_view text);
FillArea parse_fill_area(std::string_view text);

struct InterpolateParams {
  std::int64_t limit = 0;  // of missing values in a row; 0: any number
  FillDirection direction = FillDirection::forward;
  FillArea area = FillArea::any;
  static constexpr auto fields =
      std::tuple{&InterpolateParams::limit, &InterpolateParams::direction, &InterpolateParams::area};
};
// df.interpolate(): beyond the last value that value goes on. Integers and bools are left as they are. Throws
// NoNativeForm for other columns than NumPy's numbers and bools.
Table interpolate(const Table& table, const Table& before, const Table& after, const InterpolateParams& params);

// The edges: for each column a row with the last (first) value that is there, or NaN, and a row with how many
// rows come behind (before) it.
struct NearestValueParams {
  bool first = false;
  static constexpr auto fields = std::tuple{&NearestValueParams::first};
};
Table nearest_value(const Table& table, const NearestValueParams& params);
Table nearest_value_combine(const std::vector<Table>& edges, const NearestValueParams& params);

}  // namespace plait
