#include "kernels/table/aggregate_result.h"

#include <arrow/compute/api.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <span>

#include "base/buffer.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/co_moments.h"

namespace plait {
namespace {

using ArrayPtr = std::shared_ptr<arrow::Array>;

// A double array of f(row); missing where f gives NaN in a family that stores nulls.
template <class F>
ArrayPtr doubles(std::int64_t count, TypeFamily family, const F& f) {
  arrow::DoubleBuilder builder;
  check_arrow(builder.Reserve(count), "groupby");
  for (std::int64_t i = 0; i < count; ++i) {
    const double value = f(i);
    if (family != TypeFamily::numpy && std::isnan(value))
      builder.UnsafeAppendNull();
    else
      builder.UnsafeAppend(value);
  }
  return value_or_throw(builder.Finish(), "groupby");
}

ArrayPtr cast(const ArrayPtr& array, const std::shared_ptr<arrow::DataType>& type) {
  if (array->type()->Equals(*type)) return array;
  initialize_arrow();
  return value_or_throw(arrow::compute::Cast(array, arrow::compute::CastOptions::Unsafe(type)), "groupby").make_array();
}

// float32 columns give float32 results.
ArrayPtr as_float_of(const ArrayPtr& array, const ColumnType& source) {
  return source.kind == TypeKind::float32 ? cast(array, arrow::float32()) : array;
}

ArrayPtr null_where_few(const ArrayPtr& values, const AggregateState& state, std::int64_t min_count) {
  if (min_count <= 0) return values;
  arrow::BooleanBuilder enough;
  bool all = true;
  for (std::int64_t i = 0; i < values->length(); ++i) {
    const bool is_enough = state.number(1, i) >= static_cast<double>(min_count);
    all &= is_enough;
    check_arrow(enough.Append(is_enough), "groupby");
  }
  if (all) return values;
  initialize_arrow();
  const auto condition = value_or_throw(enough.Finish(), "groupby");
  return value_or_throw(
             arrow::compute::CallFunction("if_else", {condition, values, arrow::MakeNullScalar(values->type())}),
             "groupby")
      .make_array();
}

// Sums and products of unsigned integers are unsigned: the same bits.
ArrayPtr unsigned_as_is(const ArrayPtr& values, const ColumnType& source) {
  const bool is_unsigned = is_integer(source.kind) && source.kind >= TypeKind::uint8;
  return is_unsigned ? cast(values, arrow::uint64()) : values;
}

ArrayPtr sum_of(const AggregateState& state, const Aggregate& aggregate) {
  ArrayPtr sums = state.parts[0];
  if (state.source.kind == TypeKind::timedelta)
    sums = cast(sums, arrow_type_of(state.source));
  else
    sums = unsigned_as_is(sums, state.source);
  return null_where_few(as_float_of(sums, state.source), state, aggregate.min_count);
}

// The exact sum of integers, or the sum as doubles where the exact one left 64 bits and wrapped around.
double total_of(const AggregateState& state, std::int64_t row) {
  const double wide = state.number(2, row);
  double exact = state.number(0, row);
  if (state.source.kind == TypeKind::uint64 && exact < 0) exact += 0x1p64;
  return std::abs(wide - exact) > 0x1p62 ? wide : exact;
}

ArrayPtr mean_of(const AggregateState& state) {
  const auto mean = [&](std::int64_t i) { return total_of(state, i) / state.number(1, i); };
  const bool is_time = state.source.kind == TypeKind::datetime || state.source.kind == TypeKind::timedelta;
  const ArrayPtr means = doubles(state.size(), is_time ? TypeFamily::nullable : state.source.family, mean);
  if (is_time) return cast(cast(means, arrow::int64()), arrow_type_of(state.source));
  return as_float_of(means, state.source);
}

ArrayPtr variance_of(const AggregateState& state, const Aggregate& aggregate) {
  const ArrayPtr out = doubles(state.size(), state.source.family, [&](std::int64_t i) {
    const double count = state.number(0, i);
    if (count <= aggregate.ddof) return std::numeric_limits<double>::quiet_NaN();
    const double variance = state.number(2, i) / (count - aggregate.ddof);
    if (aggregate.function == Aggregation::var) return variance;
    return std::sqrt(aggregate.function == Aggregation::sem ? variance / count : variance);
  });
  return as_float_of(out, state.source);
}

double median_of(std::span<double> values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

// Corrected for bias, as pandas has it.
double skew_of(std::span<double> values) {
  const auto count = static_cast<double>(values.size());
  // Of equal values the mean may differ by rounding, so that their distances would not be zero.
  const bool are_equal = std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) == values.end();
  if (count < 3 || are_equal) return std::numeric_limits<double>::quiet_NaN();
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0;
  double cubes = 0;
  for (const double value : values) {
    const double distance = value - mean;
    squares += distance * distance;
    cubes += distance * distance * distance;
  }
  return count * std::sqrt(count - 1) / (count - 2) * cubes / std::pow(squares, 1.5);
}

// f(the values of a group, in any order) for every group. It may put them in another one.
template <class F>
ArrayPtr of_values(const AggregateState& state, const F& f) {
  const auto& lists = static_cast<const arrow::LargeListArray&>(*state.parts[0]);
  const double* items = static_cast<const arrow::DoubleArray&>(*lists.values()).raw_values();
  PooledVector<double> values;
  const ArrayPtr out = doubles(lists.length(), state.source.family, [&](std::int64_t row) {
    const double* first = items + lists.value_offset(row);
    values.assign(first, first + lists.value_length(row));
    return f(std::span(values));
  });
  return as_float_of(out, state.source);
}

// f(what is known of two columns in a group) for every group.
template <class F>
ArrayPtr of_pairs(const AggregateState& state, const F& f) {
  return doubles(state.size(), state.source.family, [&](std::int64_t row) {
    CoMoments pair;
    for (std::size_t part = 0; part < state.parts.size(); ++part)
      pair.*CoMoments::members()[part] = state.number(static_cast<int>(part), row);
    return f(pair);
  });
}

}  // namespace

std::shared_ptr<arrow::Array> aggregate_result(const AggregateState& state, const Aggregate& aggregate,
                                               Primitive primitive) {
  switch (aggregate.function) {
    case Aggregation::sum:
      return sum_of(state, aggregate);
    case Aggregation::prod:
      return null_where_few(as_float_of(unsigned_as_is(state.parts[0], state.source), state.source), state,
                            aggregate.min_count);
    case Aggregation::mean:
      return mean_of(state);
    case Aggregation::count:
      return state.parts[primitive == Primitive::sum ? 1 : 0];
    case Aggregation::var:
    case Aggregation::std:
    case Aggregation::sem:
      return variance_of(state, aggregate);
    case Aggregation::nunique: {
      const auto& lists = static_cast<const arrow::LargeListArray&>(*state.parts[0]);
      PooledVector<std::int64_t> counts;
      for (std::int64_t i = 0; i < lists.length(); ++i) counts.push_back(lists.value_length(i));
      return array_of_integers(counts, -1, arrow::int64());
    }
    case Aggregation::median:
      return of_values(state, median_of);
    case Aggregation::skew:
      return of_values(state, skew_of);
    case Aggregation::cov:
      return of_pairs(state,
                      [&](const CoMoments& pair) { return pair.covariance(aggregate.ddof, aggregate.min_count); });
    case Aggregation::corr:
      return of_pairs(state, [&](const CoMoments& pair) { return pair.correlation(aggregate.min_count); });
    default:
      return state.parts[0];
  }
}

std::shared_ptr<arrow::Array> in_small_type(const std::shared_ptr<arrow::Array>& values, const ColumnType& source,
                                            Aggregation function) {
  const bool may_be_small = function == Aggregation::sum || function == Aggregation::prod;
  if (!may_be_small || source.family != TypeFamily::numpy || !is_integer(source.kind) || values->null_count() > 0)
    return values;
  initialize_arrow();
  const auto small = arrow::compute::Cast(values, arrow::compute::CastOptions::Safe(arrow_type_of(source)));
  return small.ok() ? small->make_array() : values;
}

TypeFamily family_of_result(const AggregateState& state, Aggregation function) {
  if (state.source.family == TypeFamily::object) return TypeFamily::numpy;
  // pandas: only the counts of values by group have the column's family, and those of text do not.
  if (function == Aggregation::size || function == Aggregation::nunique) return TypeFamily::numpy;
  if (function == Aggregation::count && state.source.kind == TypeKind::string) return TypeFamily::numpy;
  if (state.source.kind == TypeKind::category) return TypeFamily::numpy;
  return state.source.family;
}

}  // namespace plait
