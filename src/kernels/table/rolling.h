// Aggregates of a window that moves over the rows: rows by number, or by the time in the index.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernels/table/table_value.h"

namespace plait {

enum class Rolling : std::uint8_t { sum, mean, min, max, count, var, std, sem, median, quantile };
std::string_view name(Rolling function);
// Throws NoNativeForm for another function.
Rolling parse_rolling(std::string_view text);

// Which ends of a window belong to it.
enum class Closed : std::uint8_t { right, both, left, neither };
enum class Interpolation : std::uint8_t { linear, lower, higher, nearest, midpoint };
Interpolation parse_interpolation(std::string_view text);

struct RollingWindow {
  std::int64_t rows = 0;         // how many; 0: by time
  std::int64_t span = 0;         // in the unit of the index
  std::int64_t min_periods = 1;  // with fewer values the result is missing
  bool center = false;
  Closed closed = Closed::right;
  static constexpr auto fields = std::tuple{&RollingWindow::rows, &RollingWindow::span, &RollingWindow::min_periods,
                                            &RollingWindow::center, &RollingWindow::closed};

  bool by_time() const { return rows == 0; }
  // Rows of other partitions that a window may reach; by number only.
  std::int64_t rows_before() const;
  std::int64_t rows_after() const;
  // The furthest that a window reaches back (or forward), by time.
  std::int64_t span_before() const;
  std::int64_t span_after() const;
};
struct RollingParams {
  Rolling function = Rolling::sum;
  RollingWindow window;
  int ddof = 1;
  double q = 0.5;
  Interpolation interpolation = Interpolation::linear;
  static constexpr auto fields = std::tuple{&RollingParams::function, &RollingParams::window, &RollingParams::ddof,
                                            &RollingParams::q, &RollingParams::interpolation};
};
// float64 columns, of numbers and bools; infinite values count as missing, as in pandas. `before` and `after` are the
// rows beside the table that its windows reach, with their index where the window goes by time. Throws NoNativeForm for
// other columns, and a value error where the times are not in order.
Table rolling(const Table& table, const Table& before, const Table& after, const RollingParams& params);

// The rows whose time is at most `span` from the last (first) one, with their index.
struct EdgeSpanParams {
  std::int64_t span = 0;
  bool first = false;
  static constexpr auto fields = std::tuple{&EdgeSpanParams::span, &EdgeSpanParams::first};
};
Table edge_span(const Table& table, const EdgeSpanParams& params);
Table edge_span_combine(const std::vector<Table>& edges, const EdgeSpanParams& params);

}  // namespace plait
