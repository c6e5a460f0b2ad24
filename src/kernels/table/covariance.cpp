#include <algorithm>
#include <array>
#include <cmath>

#include "base/kernel.h"
#include "kernels/table/co_moments.h"
#include "kernels/table/column_output.h"
#include "kernels/table/elementwise_apply.h"
#include "kernels/table/group_matrices.h"
#include "kernels/table/rows.h"
#include "kernels/table/statistics.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// A partial has a row of these for every two columns, a column with itself included.
constexpr std::array<const char*, 6> kParts = {"count", "mean_x", "mean_y", "xx", "xy", "yy"};

std::vector<double> doubles_of(const NamedColumn& column) {
  const auto array = array_of(column.values);
  std::vector<double> values(static_cast<std::size_t>(array->length()));
  const MissingValues missing(*array, column.family);
  visit_numbers(*array, [&](const auto* from) {
    for (std::int64_t i = 0; i < array->length(); ++i)
      values[static_cast<std::size_t>(i)] = missing(from, i) ? kNaN : static_cast<double>(from[i]);
  });
  return values;
}

void require_number(const NamedColumn& column, const CovarianceParams& params) {
  const auto& type = *column.values->type();
  const bool is_number =
      arrow::is_integer(type.id()) || arrow::is_floating(type.id()) || type.id() == arrow::Type::BOOL;
  if (is_number && column.family != TypeFamily::object) return;
  throw NoNativeForm(std::string(params.correlation ? "corr" : "cov") + " of column '" + column.name +
                     "', which has type " + type.ToString());
}

// Four sums at a time, so that one addition need not wait for the one before.
template <class Value>
double sum_of(std::size_t count, const Value& value) {
  std::array<double, 4> sums{};
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    for (std::size_t k = 0; k < 4; ++k) sums[k] += value(i + k);
  }
  for (; i < count; ++i) sums[0] += value(i);
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

CoMoments pair_of(const std::vector<double>& x, const std::vector<double>& y) {
  const std::size_t n = x.size();
  const auto both = [&](std::size_t i) { return x[i] == x[i] && y[i] == y[i]; };
  CoMoments pair;
  pair.count = sum_of(n, [&](std::size_t i) { return both(i) ? 1.0 : 0.0; });
  if (pair.count == 0) return pair;
  // Distances from the first values: those of equal values are nothing at all, whatever their sum is rounded to.
  std::size_t first = 0;
  while (!both(first)) ++first;
  const double x0 = x[first], y0 = y[first];
  const double shift_x = sum_of(n, [&](std::size_t i) { return both(i) ? x[i] - x0 : 0.0; }) / pair.count;
  const double shift_y = sum_of(n, [&](std::size_t i) { return both(i) ? y[i] - y0 : 0.0; }) / pair.count;
  pair.mean_x = x0 + shift_x;
  pair.mean_y = y0 + shift_y;
  const auto dx = [&](std::size_t i) { return both(i) ? x[i] - x0 - shift_x : 0.0; };
  const auto dy = [&](std::size_t i) { return both(i) ? y[i] - y0 - shift_y : 0.0; };
  pair.xx = sum_of(n, [&](std::size_t i) { return dx(i) * dx(i); });
  pair.xy = sum_of(n, [&](std::size_t i) { return dx(i) * dy(i); });
  pair.yy = sum_of(n, [&](std::size_t i) { return dy(i) * dy(i); });
  return pair;
}

Table table_of_pairs(const std::vector<CoMoments>& pairs) {
  std::vector<NamedColumn> columns;
  for (std::size_t part = 0; part < kParts.size(); ++part) {
    ColumnOutput<double> out(static_cast<std::int64_t>(pairs.size()));
    for (std::size_t i = 0; i < pairs.size(); ++i)
      out.set(static_cast<std::int64_t>(i), pairs[i].*CoMoments::members()[part]);
    columns.push_back({kParts[part], chunked(out.finish(arrow::float64())), TypeFamily::arrow});
  }
  return table_of(columns);
}

std::vector<CoMoments> pairs_of(const Table& table) {
  std::vector<CoMoments> pairs(static_cast<std::size_t>(table.num_rows()));
  for (std::size_t part = 0; part < kParts.size(); ++part) {
    const auto array = array_of(table, kParts[part]);
    for (std::size_t i = 0; i < pairs.size(); ++i)
      pairs[i].*CoMoments::members()[part] = array->data()->GetValues<double>(1)[i];
  }
  return pairs;
}

double result_of(const CoMoments& pair, const CovarianceParams& params) {
  return params.correlation ? pair.correlation(params.min_periods) : pair.covariance(params.ddof, params.min_periods);
}

}  // namespace

Table covariance_partial(const Table& table, const CovarianceParams& params) {
  std::vector<std::vector<double>> values;
  for (const std::string& name : table.names()) {
    const NamedColumn column = named_column_of(table, name);
    require_number(column, params);
    values.push_back(doubles_of(column));
  }
  std::vector<CoMoments> pairs;
  for (std::size_t x = 0; x < values.size(); ++x) {
    for (std::size_t y = x; y < values.size(); ++y) {
      check_cancelled();
      pairs.push_back(pair_of(values[x], values[y]));
    }
  }
  return table_of_pairs(pairs);
}

Table covariance_combine(const std::vector<Table>& partials, const CovarianceParams&) {
  std::vector<CoMoments> pairs = pairs_of(partials.front());
  for (std::size_t i = 1; i < partials.size(); ++i) {
    const std::vector<CoMoments> more = pairs_of(partials[i]);
    for (std::size_t pair = 0; pair < pairs.size(); ++pair) pairs[pair].merge(more[pair]);
  }
  return table_of_pairs(pairs);
}

Table covariance_finalize(const Table& partial, const CovarianceFinalizeParams& params) {
  const std::vector<CoMoments> pairs = pairs_of(partial);
  const std::size_t n = params.names.size();
  const auto at = [&](std::size_t x, std::size_t y) {
    return result_of(pairs[pair_number(x, y, n)], params.covariance);
  };
  if (params.covariance.of_two) return Table::scalar(at(0, 1)).with_form(TableForm::scalar);
  std::vector<NamedColumn> columns;
  std::vector<Literal> labels;
  for (std::size_t y = 0; y < n; ++y) {
    ColumnOutput<double> out(static_cast<std::int64_t>(n));
    for (std::size_t x = 0; x < n; ++x) out.set(static_cast<std::int64_t>(x), at(x, y));
    columns.push_back({params.names[y], chunked(out.finish(arrow::float64()))});
    labels.emplace_back(params.names[y]);
  }
  columns.push_back({"__index_level_0__", chunked(array_from_literals(labels, arrow::utf8()))});
  return table_of(columns, {.columns = {"__index_level_0__"}}, TableForm::frame, static_cast<std::int64_t>(n));
}

}  // namespace plait
