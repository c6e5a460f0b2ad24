#include "kernels/table/rolling.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/kernel.h"
#include "base/text.h"
#include "kernels/table/column_output.h"
#include "kernels/table/elementwise_apply.h"
#include "kernels/table/neighbours.h"
#include "kernels/table/rows.h"
#include "kernels/table/sliding.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

constexpr std::array<std::string_view, 10> kNames = {"sum", "mean", "min", "max",    "count",
                                                     "var", "std",  "sem", "median", "quantile"};
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool has_left_end(Closed closed) { return closed == Closed::both || closed == Closed::left; }
bool has_right_end(Closed closed) { return closed == Closed::both || closed == Closed::right; }

// Rows start .. end - 1 of the neighbours and the table together.
struct Bounds {
  std::int64_t start = 0;
  std::int64_t end = 0;
};
using AllBounds = PooledVector<Bounds>;

AllBounds bounds_by_number(const RollingWindow& window, std::int64_t before, std::int64_t own, std::int64_t all) {
  const std::int64_t ahead = window.rows_after();
  const std::int64_t start = ahead - window.rows + (has_left_end(window.closed) ? 0 : 1);
  const std::int64_t end = ahead + (has_right_end(window.closed) ? 1 : 0);
  AllBounds bounds(static_cast<std::size_t>(own));
  for (std::int64_t i = 0; i < own; ++i) {
    Bounds& mine = bounds[static_cast<std::size_t>(i)];
    mine.start = std::clamp<std::int64_t>(before + i + start, 0, all);
    mine.end = std::clamp<std::int64_t>(before + i + end, mine.start, all);
  }
  return bounds;
}

// The times, growing: where they fall, their negatives.
PooledVector<std::int64_t> growing_times(const std::vector<const Table*>& tables) {
  PooledVector<std::int64_t> times;
  for (const Table* table : tables) {
    const Table labels = table->index_values();
    const auto array = array_of(labels, labels.names().front());
    if (array->null_count() > 0) throw value_error("index values must not have NaT");
    visit_integers(*array, [&](const auto* values) { times.insert(times.end(), values, values + array->length()); });
  }
  if (!times.empty() && times.back() < times.front()) {
    for (std::int64_t& time : times) time = -time;
  }
  if (!std::is_sorted(times.begin(), times.end())) throw value_error("index must be monotonic");
  return times;
}

AllBounds bounds_by_time(const RollingWindow& window, const PooledVector<std::int64_t>& times, std::int64_t before,
                         std::int64_t own) {
  const auto all = static_cast<std::int64_t>(times.size());
  AllBounds bounds(static_cast<std::size_t>(own));
  std::int64_t start = 0;
  std::int64_t end = 0;
  for (std::int64_t i = 0; i < own; ++i) {
    const std::int64_t row = before + i;
    const std::int64_t now = times[static_cast<std::size_t>(row)];
    const std::int64_t first = now - window.span_before();
    const auto is_before = [&](std::int64_t time) {
      return has_left_end(window.closed) ? time < first : time <= first;
    };
    while (start < row && is_before(times[static_cast<std::size_t>(start)])) ++start;
    // A window that looks ahead, or lacks its right end, ends by time: rows of the same time are all in it or none is.
    const std::int64_t last = now + window.span_after();
    const auto is_within = [&](std::int64_t time) { return has_right_end(window.closed) ? time <= last : time < last; };
    if (window.center || !has_right_end(window.closed)) {
      while (end < all && is_within(times[static_cast<std::size_t>(end)])) ++end;
    } else {
      end = row + 1;
    }
    bounds[static_cast<std::size_t>(i)] = {start, std::max(start, end)};
  }
  return bounds;
}

// Numbers as doubles; missing and infinite ones are NaN.
void append_doubles(PooledVector<double>& to, const NamedColumn& column) {
  for (const auto& chunk : column.values->chunks()) {
    const MissingValues missing(*chunk, column.family);
    visit_numbers(*chunk, [&](const auto* values) {
      for (std::int64_t i = 0; i < chunk->length(); ++i) {
        const double value = missing(values, i) ? kNaN : static_cast<double>(values[i]);
        to.push_back(std::isinf(value) ? kNaN : value);
      }
    });
  }
}

void require_numbers(const NamedColumn& column, Rolling function) {
  const auto& type = *column.values->type();
  const bool is_number =
      arrow::is_integer(type.id()) || arrow::is_floating(type.id()) || type.id() == arrow::Type::BOOL;
  if (is_number && column.family != TypeFamily::object) return;
  throw NoNativeForm("rolling." + std::string(name(function)) + " of column '" + column.name + "', which has type " +
                     type.ToString());
}

template <class Part, class Result>
void slide(const PooledVector<double>& values, const AllBounds& bounds, ColumnOutput<double>& out,
           const Result& result) {
  SlidingWindow<Part> window(values.data(), static_cast<std::int64_t>(values.size()));
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    if (i % static_cast<std::size_t>(kRowsBetweenChecks) == 0) check_cancelled();
    out.set(static_cast<std::int64_t>(i), result(window.aggregate(bounds[i].start, bounds[i].end)));
  }
}

double interpolated(const SortedWindow& window, double q, Interpolation how) {
  const double place = q * static_cast<double>(window.size() - 1);
  const auto below = static_cast<std::int64_t>(place);
  const double share = place - static_cast<double>(below);
  const double low = window.at(below);
  if (share == 0 || below + 1 >= window.size()) return low;
  const double high = window.at(below + 1);
  switch (how) {
    case Interpolation::lower:
      return low;
    case Interpolation::higher:
      return high;
    case Interpolation::nearest:
      return share < 0.5 || (share == 0.5 && below % 2 == 0) ? low : high;
    case Interpolation::midpoint:
      return (low + high) / 2;
    case Interpolation::linear:
      break;
  }
  return low + (high - low) * share;
}

void sorted_windows(const PooledVector<double>& values, const AllBounds& bounds, const RollingParams& params,
                    ColumnOutput<double>& out) {
  std::int64_t longest = 0;
  for (const Bounds& mine : bounds) longest = std::max(longest, mine.end - mine.start);
  SortedWindow window(values.data(), static_cast<std::int64_t>(values.size()), longest);
  const std::int64_t wanted = std::max<std::int64_t>(params.window.min_periods, 1);
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    if (i % static_cast<std::size_t>(kRowsBetweenChecks) == 0) check_cancelled();
    window.move_to(bounds[i].start, bounds[i].end);
    const auto row = static_cast<std::int64_t>(i);
    if (window.size() < wanted)
      out.set(row, kNaN);
    else if (params.function == Rolling::median && window.size() % 2 == 0)
      out.set(row, (window.at(window.size() / 2 - 1) + window.at(window.size() / 2)) / 2);
    else if (params.function == Rolling::median)
      out.set(row, window.at(window.size() / 2));
    else
      out.set(row, interpolated(window, params.q, params.interpolation));
  }
}

double deviation(const MomentPart& part, const RollingParams& params, std::int64_t wanted) {
  if (part.count < wanted || part.count <= params.ddof) return kNaN;
  const double variance = part.squares / static_cast<double>(part.count - params.ddof);
  if (params.function == Rolling::var) return variance;
  const double std = std::sqrt(variance);
  return params.function == Rolling::std ? std : std / std::sqrt(static_cast<double>(part.count));
}

void aggregate(const PooledVector<double>& values, const AllBounds& bounds, const RollingParams& params,
               ColumnOutput<double>& out) {
  const std::int64_t min_periods = params.window.min_periods;
  const std::int64_t wanted = std::max<std::int64_t>(min_periods, 1);
  switch (params.function) {
    case Rolling::sum:
      return slide<SumPart>(values, bounds, out,
                            [&](const SumPart& part) { return part.count >= min_periods ? part.sum : kNaN; });
    case Rolling::mean:
      return slide<SumPart>(values, bounds, out, [&](const SumPart& part) {
        return part.count >= wanted ? part.sum / static_cast<double>(part.count) : kNaN;
      });
    case Rolling::min:
      return slide<MinPart>(values, bounds, out,
                            [&](const MinPart& part) { return part.count >= wanted ? part.value : kNaN; });
    case Rolling::max:
      return slide<MaxPart>(values, bounds, out,
                            [&](const MaxPart& part) { return part.count >= wanted ? part.value : kNaN; });
    case Rolling::var:
    case Rolling::std:
    case Rolling::sem:
      return slide<MomentPart>(values, bounds, out,
                               [&](const MomentPart& part) { return deviation(part, params, wanted); });
    case Rolling::median:
    case Rolling::quantile:
      return sorted_windows(values, bounds, params, out);
    case Rolling::count:
      break;
  }
  // What is present counts one, and all rows count towards min_periods.
  PooledVector<std::int64_t> present(values.size() + 1, 0);
  for (std::size_t i = 0; i < values.size(); ++i) present[i + 1] = present[i] + (std::isnan(values[i]) ? 0 : 1);
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    const auto [start, end] = bounds[i];
    const std::int64_t count = present[static_cast<std::size_t>(end)] - present[static_cast<std::size_t>(start)];
    out.set(static_cast<std::int64_t>(i), end - start >= min_periods ? static_cast<double>(count) : kNaN);
  }
}

AllBounds bounds_of(const Table& table, const Table& before, const Table& after, const RollingWindow& window) {
  const std::int64_t own = table.num_rows();
  if (!window.by_time())
    return bounds_by_number(window, before.num_rows(), own, before.num_rows() + own + after.num_rows());
  return bounds_by_time(window, growing_times({&before, &table, &after}), before.num_rows(), own);
}

}  // namespace

std::string_view name(Rolling function) { return kNames[static_cast<std::size_t>(function)]; }

Rolling parse_rolling(std::string_view text) {
  const auto found = std::find(kNames.begin(), kNames.end(), text);
  if (found != kNames.end()) return static_cast<Rolling>(found - kNames.begin());
  throw NoNativeForm("rolling." + std::string(text));
}

Interpolation parse_interpolation(std::string_view text) {
  constexpr std::array<std::string_view, 5> names = {"linear", "lower", "higher", "nearest", "midpoint"};
  const auto found = std::find(names.begin(), names.end(), text);
  if (found != names.end()) return static_cast<Interpolation>(found - names.begin());
  throw value_error("Interpolation '" + std::string(text) + "' is not supported");
}

std::int64_t RollingWindow::rows_after() const { return center ? (rows - 1) / 2 : 0; }
std::int64_t RollingWindow::rows_before() const { return rows - 1 - rows_after() + (has_left_end(closed) ? 1 : 0); }
std::int64_t RollingWindow::span_after() const { return center ? span / 2 : 0; }
std::int64_t RollingWindow::span_before() const { return center ? span / 2 : span; }

Table rolling(const Table& table, const Table& before, const Table& after, const RollingParams& params) {
  for (const std::string& column : table.names()) require_numbers(named_column_of(table, column), params.function);
  const AllBounds bounds = bounds_of(table, before, after, params.window);
  return apply_columns(table, [&](const NamedColumn& column) {
    PooledVector<double> values;
    values.reserve(static_cast<std::size_t>(before.num_rows() + table.num_rows() + after.num_rows()));
    for (const Table* part : {&before, &table, &after}) append_doubles(values, named_column_of(*part, column.name));
    ColumnOutput<double> out(table.num_rows());
    aggregate(values, bounds, params, out);
    return NamedColumn{column.name, chunked(out.finish(arrow::float64()))};
  });
}

Table edge_span(const Table& table, const EdgeSpanParams& params) {
  const std::int64_t rows = table.num_rows();
  if (rows == 0) return table;
  const Table labels = table.index_values();
  const auto array = array_of(labels, labels.names().front());
  if (array->null_count() > 0) throw value_error("index values must not have NaT");
  return visit_integers(*array, [&](const auto* times) {
    const auto limit = times[params.first ? 0 : rows - 1];
    const auto is_near = [&](std::int64_t i) {
      const auto distance = static_cast<std::int64_t>(times[i]) - static_cast<std::int64_t>(limit);
      return std::abs(distance) <= params.span;
    };
    std::int64_t count = 0;
    while (count < rows && is_near(params.first ? count : rows - 1 - count)) ++count;
    return small_part(table, params.first ? 0 : rows - count, count);
  });
}

Table edge_span_combine(const std::vector<Table>& edges, const EdgeSpanParams& params) {
  if (edges.size() == 1) return edges.front();
  return edge_span(concat(edges), params);
}

}  // namespace plait
