// The result of a group-by from its states.
#include <arrow/compute/api.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/table/arrow_table.h"
#include "kernels/table/groupby.h"
#include "kernels/table/groupby_plan.h"
#include "kernels/table/sort.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

using ArrayPtr = std::shared_ptr<arrow::Array>;

// The states of one aggregate, and the type of the column they came from.
struct AggregateState {
  std::vector<ArrayPtr> parts;
  ColumnType source;

  std::int64_t size() const { return parts[0]->length(); }
  double number(int part, std::int64_t row) const {
    return visit_numbers(*parts[part], [&](const auto* values) { return static_cast<double>(values[row]); });
  }
};

// A double array of f(row); missing where f gives NaN in a family that stores nulls.
template <class F>
ArrayPtr doubles(std::int64_t count, TypeFamily family, const F& f) {
  arrow::DoubleBuilder builder;
  check_arrow(builder.Reserve(count), "groupby");
  for (std::int64_t i = 0; i < count; ++i) {
    const double value = f(i);
    if (family != TypeFamily::numpy && std::isnan(value)) builder.UnsafeAppendNull();
    else builder.UnsafeAppend(value);
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
  return value_or_throw(arrow::compute::CallFunction("if_else", {condition, values, arrow::MakeNullScalar(values->type())}), "groupby").make_array();
}

ArrayPtr sum_of(const AggregateState& state, const Aggregate& aggregate) {
  ArrayPtr sums = state.parts[0];
  if (state.source.kind == TypeKind::timedelta) sums = cast(sums, arrow_type_of(state.source));
  else if (is_integer(state.source.kind) && state.source.kind >= TypeKind::uint8) sums = cast(sums, arrow::uint64());
  return null_where_few(as_float_of(sums, state.source), state, aggregate.min_count);
}

ArrayPtr mean_of(const AggregateState& state) {
  const auto mean = [&](std::int64_t i) { return state.number(0, i) / state.number(1, i); };
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

double median_of(const arrow::LargeListArray& lists, std::int64_t row) {
  const auto items = lists.value_slice(row);
  const auto& doubles = static_cast<const arrow::DoubleArray&>(*items);
  std::vector<double> values(doubles.raw_values(), doubles.raw_values() + doubles.length());
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

ArrayPtr result_of(const AggregateState& state, const Aggregate& aggregate, Primitive primitive) {
  switch (aggregate.function) {
    case Aggregation::sum: return sum_of(state, aggregate);
    case Aggregation::prod: return null_where_few(as_float_of(state.parts[0], state.source), state, aggregate.min_count);
    case Aggregation::mean: return mean_of(state);
    case Aggregation::count: return state.parts[primitive == Primitive::sum ? 1 : 0];
    case Aggregation::var:
    case Aggregation::std:
    case Aggregation::sem: return variance_of(state, aggregate);
    case Aggregation::nunique: {
      const auto& lists = static_cast<const arrow::LargeListArray&>(*state.parts[0]);
      std::vector<std::int64_t> counts;
      for (std::int64_t i = 0; i < lists.length(); ++i) counts.push_back(lists.value_length(i));
      return array_of_integers(counts, -1, arrow::int64());
    }
    case Aggregation::median: {
      const auto& lists = static_cast<const arrow::LargeListArray&>(*state.parts[0]);
      return as_float_of(doubles(lists.length(), state.source.family, [&](std::int64_t i) { return median_of(lists, i); }), state.source);
    }
    default: return state.parts[0];
  }
}

TypeFamily family_of_result(const AggregateState& state, Aggregation function) {
  const bool is_count = function == Aggregation::count || function == Aggregation::size || function == Aggregation::nunique;
  if (state.source.family == TypeFamily::object) return TypeFamily::numpy;
  if (is_count && state.source.family == TypeFamily::nullable) return TypeFamily::numpy;
  if (state.source.kind == TypeKind::category) return TypeFamily::numpy;
  return state.source.family;
}

// Names that are free: a level whose name is also a result's is stored under another one (plait/table.h).
std::string index_column_name(const std::string& key, const GroupBySpec& spec) {
  const bool clashes = std::any_of(spec.aggregates.begin(), spec.aggregates.end(), [&](const Aggregate& a) { return a.output == key; });
  return clashes && spec.as_index ? std::string(kIndexPrefix) + key : key;
}

// Encoded text becomes plain: results are small, and sorting goes by the text.
NamedColumn key_of(const Table& partial, std::size_t k, const std::string& name) {
  NamedColumn column = named_column_of(partial, key_column_name(k));
  if (column.encoded_text) column = {name, chunked(decoded(array_of(column.values))), column.family};
  column.name = name;
  return column;
}

}  // namespace

Table groupby_finalize(const Table& partial, const GroupBySpec& spec) {
  if (partial.num_columns() == 0) throw value_error("groupby: there is no partition to take groups from");
  const GroupByPlan plan = plan_groupby(spec);
  std::vector<AggregateState> states;
  int at = static_cast<int>(spec.keys.size());
  for (const PlannedState& planned : plan.states) {
    const std::string& label = arrow_of(partial)->field(at)->name();
    AggregateState state{{}, source_type_of_state(label)};
    for (int part = 0; part < num_state_columns(planned.primitive); ++part) state.parts.push_back(array_of(arrow_of(partial)->column(at++)));
    states.push_back(std::move(state));
  }

  std::vector<NamedColumn> keys;
  IndexSpec index;
  for (std::size_t k = 0; k < spec.keys.size(); ++k) {
    const std::string name = index_column_name(spec.keys[k], spec);
    keys.push_back(key_of(partial, k, name));
    index.columns.push_back(name);
  }
  std::vector<NamedColumn> results;
  for (std::size_t a = 0; a < spec.aggregates.size(); ++a) {
    const Aggregate& aggregate = spec.aggregates[a];
    const std::size_t s = plan.state_of_aggregate[a];
    results.push_back({aggregate.output, chunked(result_of(states[s], aggregate, plan.states[s].primitive)),
                       family_of_result(states[s], aggregate.function)});
  }
  std::vector<NamedColumn> columns = spec.as_index ? results : keys;
  const auto& rest = spec.as_index ? keys : results;
  columns.insert(columns.end(), rest.begin(), rest.end());
  Table table = table_of(columns, index, spec.as_series ? TableForm::series : TableForm::frame, partial.num_rows());
  if (spec.sort) table = sort(table, {.by = index.columns, .ascending = {true}});
  if (spec.as_index) return table;
  // Keys come first as columns; rows count from 0.
  std::vector<NamedColumn> ordered;
  for (const NamedColumn& column : columns) ordered.push_back(named_column_of(table, column.name));
  return table_of(ordered, {}, TableForm::frame, table.num_rows());
}

}  // namespace plait
