#include "kernels/table/interpolate.h"

#include <cmath>
#include <limits>
#include <string>

#include "base/kernel.h"
#include "kernels/table/column_output.h"
#include "kernels/table/elementwise_apply.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

// A value that is there, and how many rows away it is.
struct Near {
  double value = std::numeric_limits<double>::quiet_NaN();
  std::int64_t distance = 0;

  bool is_there() const { return !std::isnan(value); }
};

bool is_float(const Table& table, const std::string& name) {
  const ColumnType& type = table.type(name);
  const bool is_native = type.family == TypeFamily::numpy && (is_numeric(type.kind) || type.kind == TypeKind::bool_);
  if (!is_native) throw NoNativeForm("interpolate of column '" + name + "', which has type " + plait::name(type));
  return is_floating(type.kind);
}

Near near_of(const Table& edge, const std::string& name) {
  if (edge.num_rows() == 0) return {};  // no rows on that side
  const auto array = array_of(edge, name);
  const auto* values = static_cast<const arrow::DoubleArray&>(*array).raw_values();
  return {values[0], static_cast<std::int64_t>(values[1])};
}

NamedColumn column_of_near(const std::string& name, const Near& near) {
  ColumnOutput<double> out(2);
  out.set(0, near.value);
  out.set(1, static_cast<double>(near.distance));
  return {name, chunked(out.finish(arrow::float64()))};
}

template <class T>
Near nearest(const T* values, std::int64_t length, bool first) {
  for (std::int64_t step = 0; step < length; ++step) {
    const double value = static_cast<double>(values[first ? step : length - 1 - step]);
    if (!std::isnan(value)) return {value, step};
  }
  return {.distance = length};
}

// NumPy's interp, at `behind` rows after one value and `ahead` rows before the next.
double on_line(double left, double right, std::int64_t behind, std::int64_t ahead) {
  const double slope = (right - left) / static_cast<double>(behind + ahead);
  double value = slope * static_cast<double>(behind) + left;
  if (!std::isnan(value)) return value;
  value = slope * -static_cast<double>(ahead) + right;
  return std::isnan(value) && left == right ? left : value;
}

// What a missing value becomes whose neighbours these are.
double filled(const Near& previous, const Near& next, const InterpolateParams& params) {
  const auto is_reached = [&](const Near& from) {
    return from.is_there() && (params.limit == 0 || from.distance <= params.limit);
  };
  const bool is_inside = previous.is_there() && next.is_there();
  const bool forward = params.direction != FillDirection::backward && is_reached(previous);
  const bool backward = params.direction != FillDirection::forward && is_reached(next);
  const bool is_left_out = (params.area == FillArea::inside && !is_inside) ||
                           (params.area == FillArea::outside && is_inside) || (!forward && !backward);
  if (is_left_out) return std::numeric_limits<double>::quiet_NaN();
  if (is_inside) return on_line(previous.value, next.value, previous.distance, next.distance);
  return previous.is_there() ? previous.value : next.value;
}

template <class T>
std::shared_ptr<arrow::Array> interpolated(const T* values, std::int64_t length, const Near& before, const Near& after,
                                           const InterpolateParams& params,
                                           const std::shared_ptr<arrow::DataType>& type) {
  ColumnOutput<T> out(length);
  Near previous = before;
  std::int64_t i = 0;
  while (i < length) {
    if (!std::isnan(static_cast<double>(values[i]))) {
      previous = {static_cast<double>(values[i]), 0};
      out.set(i, values[i]);
      ++i;
      continue;
    }
    check_cancelled();
    // The whole gap: up to the next value, here or beyond.
    const Near here = nearest(values + i, length - i, true);
    const Near next = here.is_there() ? here : Near{after.value, after.distance + (length - i)};
    const std::int64_t end = i + here.distance;
    for (const std::int64_t start = i; i < end; ++i) {
      const std::int64_t passed = i - start;
      const Near from{previous.value, previous.distance + passed + 1};
      const Near to{next.value, next.distance - passed};
      out.set(i, static_cast<T>(filled(from, to, params)));
    }
  }
  return out.finish(type);
}

}  // namespace

FillDirection parse_fill_direction(std::string_view text) {
  if (text.empty() || text == "forward") return FillDirection::forward;
  if (text == "backward") return FillDirection::backward;
  if (text == "both") return FillDirection::both;
  throw value_error("Invalid limit_direction: expecting one of ['forward', 'backward', 'both'], got '" +
                    std::string(text) + "'.");
}

FillArea parse_fill_area(std::string_view text) {
  if (text.empty()) return FillArea::any;
  if (text == "inside") return FillArea::inside;
  if (text == "outside") return FillArea::outside;
  throw value_error("Invalid limit_area: expecting one of ['inside', 'outside'], got " + std::string(text) + ".");
}

Table interpolate(const Table& table, const Table& before, const Table& after, const InterpolateParams& params) {
  return apply_columns(table, [&](const NamedColumn& column) {
    if (!is_float(table, column.name)) return column;
    const Near left = near_of(before, column.name);
    const Near right = near_of(after, column.name);
    const auto array = array_of(column.values);
    return visit_floats(*array, [&](const auto* values) {
      return NamedColumn{column.name,
                         chunked(interpolated(values, array->length(), left, right, params, array->type()))};
    });
  });
}

Table nearest_value(const Table& table, const NearestValueParams& params) {
  std::vector<NamedColumn> columns;
  for (const std::string& name : table.names()) {
    // Integers, too: a column that is of floats may have a partition of integers, where nothing is missing.
    const auto array = is_float(table, name) ? array_of(table, name)
                                             : cast_datum(array_of(table, name), arrow::float64()).make_array();
    columns.push_back(column_of_near(name, visit_floats(*array, [&](const auto* values) {
                                       return nearest(values, array->length(), params.first);
                                     })));
  }
  return table_of(columns, {}, TableForm::frame, 2);
}

Table nearest_value_combine(const std::vector<Table>& edges, const NearestValueParams& params) {
  std::vector<NamedColumn> columns;
  for (const std::string& name : edges.front().names()) {
    Near found;
    for (std::size_t i = 0; i < edges.size() && !found.is_there(); ++i) {
      const Near near = near_of(edges[params.first ? i : edges.size() - 1 - i], name);
      found = {near.value, found.distance + near.distance};
    }
    columns.push_back(column_of_near(name, found));
  }
  return table_of(columns, {}, TableForm::frame, 2);
}

}  // namespace plait
