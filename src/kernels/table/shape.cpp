// Skewness and kurtosis from sums of powers of the distances to the mean, which are merged by Pebay's formulas.
#include <array>
#include <cmath>

#include "base/kernel.h"
#include "kernels/table/column_output.h"
#include "kernels/table/elementwise_apply.h"
#include "kernels/table/reduced_table.h"
#include "kernels/table/statistics.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

// A partial has a row of these for every column.
struct Moments {
  double rows = 0;
  double count = 0;
  double mean = 0;
  double m2 = 0;
  double m3 = 0;
  double m4 = 0;
};
constexpr std::array<const char*, 6> kParts = {"rows", "count", "mean", "m2", "m3", "m4"};
constexpr std::array<double Moments::*, 6> kMembers = {&Moments::rows, &Moments::count, &Moments::mean,
                                                       &Moments::m2,   &Moments::m3,    &Moments::m4};

Moments merged(const Moments& a, const Moments& b) {
  if (a.count == 0 || b.count == 0) {
    Moments out = a.count == 0 ? b : a;
    out.rows = a.rows + b.rows;
    return out;
  }
  const double n = a.count + b.count;
  const double d = b.mean - a.mean;
  const double ab = a.count * b.count;
  Moments out{.rows = a.rows + b.rows, .count = n, .mean = a.mean + d * b.count / n};
  out.m2 = a.m2 + b.m2 + d * d * ab / n;
  out.m3 = a.m3 + b.m3 + d * d * d * ab * (a.count - b.count) / (n * n) + 3 * d * (a.count * b.m2 - b.count * a.m2) / n;
  out.m4 = a.m4 + b.m4 + d * d * d * d * ab * (a.count * a.count - ab + b.count * b.count) / (n * n * n) +
           6 * d * d * (a.count * a.count * b.m2 + b.count * b.count * a.m2) / (n * n) +
           4 * d * (a.count * b.m3 - b.count * a.m3) / n;
  return out;
}

Moments moments_of(const NamedColumn& column) {
  const auto array = array_of(column.values);
  const MissingValues missing(*array, column.family);
  Moments out{.rows = static_cast<double>(array->length())};
  visit_numbers(*array, [&](const auto* values) {
    double sum = 0;
    for (std::int64_t i = 0; i < array->length(); ++i) {
      if (missing(values, i)) continue;
      sum += static_cast<double>(values[i]);
      ++out.count;
    }
    out.mean = out.count > 0 ? sum / out.count : 0;
    for (std::int64_t i = 0; i < array->length(); ++i) {
      if (missing(values, i)) continue;
      const double d = static_cast<double>(values[i]) - out.mean;
      out.m2 += d * d;
      out.m3 += d * d * d;
      out.m4 += d * d * d * d;
    }
  });
  return out;
}

void require_number(const std::string& name, const ColumnType& type, const StatisticParams& params) {
  const bool is_number = is_numeric(type.kind) || type.kind == TypeKind::bool_;
  if (is_number && (type.family == TypeFamily::numpy || type.family == TypeFamily::nullable)) return;
  throw NoNativeForm(params.name + " of column '" + name + "', which has type " + plait::name(type));
}

Table table_of_moments(const std::vector<Moments>& all) {
  std::vector<NamedColumn> columns;
  for (std::size_t part = 0; part < kParts.size(); ++part) {
    ColumnOutput<double> out(static_cast<std::int64_t>(all.size()));
    for (std::size_t i = 0; i < all.size(); ++i) out.set(static_cast<std::int64_t>(i), all[i].*kMembers[part]);
    columns.push_back({kParts[part], chunked(out.finish(arrow::float64())), TypeFamily::arrow});
  }
  return table_of(columns);
}

std::vector<Moments> moments_in(const Table& table) {
  std::vector<Moments> all(static_cast<std::size_t>(table.num_rows()));
  for (std::size_t part = 0; part < kParts.size(); ++part) {
    const auto array = array_of(table, kParts[part]);
    for (std::size_t i = 0; i < all.size(); ++i) all[i].*kMembers[part] = array->data()->GetValues<double>(1)[i];
  }
  return all;
}

// pandas' estimators; NaN where there are too few values.
double skewness(const Moments& m) {
  if (m.count < 3) return std::nan("");
  if (m.m2 == 0) return 0;
  return m.count * std::sqrt(m.count - 1) / (m.count - 2) * (m.m3 / std::pow(m.m2, 1.5));
}
double kurtosis(const Moments& m) {
  if (m.count < 4) return std::nan("");
  if (m.m2 == 0) return 0;
  const double n = m.count;
  const double adjustment = 3 * (n - 1) * (n - 1) / ((n - 2) * (n - 3));
  return n * (n + 1) * (n - 1) * m.m4 / ((n - 2) * (n - 3) * m.m2 * m.m2) - adjustment;
}

using Estimator = double (*)(const Moments&);

Reduced reduced(const std::string& name, const ColumnType& type, const Moments& moments, Estimator of, bool skipna) {
  const bool is_lost = !skipna && moments.count < moments.rows;
  const double value = is_lost ? std::nan("") : of(moments);
  const bool is_small = type.kind == TypeKind::float32;
  const bool is_null = std::isnan(value) && type.family == TypeFamily::nullable;
  const auto to = is_small ? arrow::float32() : arrow::float64();
  if (is_null) return {name, value_or_throw(arrow::MakeArrayOfNull(to, 1), "skew"), type.family};
  ColumnOutput<double> out(1);
  out.set(0, value);
  return {name, cast_datum(out.finish(arrow::float64()), to).make_array(), type.family};
}

Table moments_partial(const Table& table, const StatisticParams& params) {
  std::vector<Moments> all;
  for (const std::string& name : table.names()) {
    require_number(name, table.type(name), params);
    check_cancelled();
    all.push_back(moments_of(named_column_of(table, name)));
  }
  return table_of_moments(all);
}

Table moments_combine(const std::vector<Table>& partials, const StatisticParams&) {
  std::vector<Moments> all = moments_in(partials.front());
  for (std::size_t i = 1; i < partials.size(); ++i) {
    const std::vector<Moments> more = moments_in(partials[i]);
    for (std::size_t c = 0; c < all.size(); ++c) all[c] = merged(all[c], more[c]);
  }
  return table_of_moments(all);
}

template <Estimator Of>
Table estimated(const std::vector<Table>& partials, const StatisticParams& params) {
  const std::vector<std::string> names = params.meta.names();
  const std::vector<Moments> all =
      params.only_schema ? std::vector<Moments>(names.size()) : moments_in(partials.front());
  std::vector<Reduced> results;
  for (std::size_t c = 0; c < names.size(); ++c)
    results.push_back(reduced(names[c], params.meta.type(names[c]), all[c], Of, params.skipna));
  return reduced_table(results, params.meta.form());
}

}  // namespace

const StatisticSteps kSkew{"skew", moments_partial, moments_combine, estimated<skewness>};
const StatisticSteps kKurt{"kurt", moments_partial, moments_combine, estimated<kurtosis>};

}  // namespace plait
