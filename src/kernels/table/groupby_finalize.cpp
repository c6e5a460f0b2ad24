// The result of a group-by from its states.
#include <algorithm>

#include "base/kernel.h"
#include "kernels/table/aggregate_result.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/groupby.h"
#include "kernels/table/groupby_plan.h"
#include "kernels/table/key_parts.h"
#include "kernels/table/sort.h"

namespace plait {
namespace {

// Names that are free: a level whose name is also a result's is stored under another one (plait/table.h).
std::string index_column_name(const std::string& key, const GroupBySpec& spec) {
  const bool clashes =
      std::any_of(spec.aggregates.begin(), spec.aggregates.end(), [&](const Aggregate& a) { return a.output == key; });
  return clashes && spec.as_index ? std::string(kIndexPrefix) + key : key;
}

// Encoded text becomes plain: results are small, and sorting goes by the text.
NamedColumn key_of(const Table& partial, std::size_t k, const std::string& name) {
  NamedColumn column = named_column_of(partial, key_column_name(k));
  if (column.encoded_text) column = {name, chunked(decoded(array_of(column.values))), column.family};
  column.name = name;
  return column;
}

// Alone of all aggregates, pandas' means of groups of NumPy's float32 are float64.
AggregateState with_wide_means(AggregateState state, const Aggregate& aggregate) {
  const bool is_wide = aggregate.function == Aggregation::mean && state.source.family == TypeFamily::numpy;
  if (is_wide && state.source.kind == TypeKind::float32) state.source.kind = TypeKind::float64;
  return state;
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
    for (int part = 0; part < num_state_columns(planned.primitive); ++part)
      state.parts.push_back(array_of(arrow_of(partial)->column(at++)));
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
    check_cancelled();
    const Aggregate& aggregate = spec.aggregates[a];
    const std::size_t s = plan.state_of_aggregate[a];
    const auto values = aggregate_result(with_wide_means(states[s], aggregate), aggregate, plan.states[s].primitive);
    results.push_back({aggregate.output, chunked(in_small_type(values, states[s].source, aggregate.function)),
                       family_of_result(states[s], aggregate.function)});
  }
  const bool has_positions = partial.has(kPosition);
  if (has_positions) results.push_back(named_column_of(partial, kPosition));
  std::vector<NamedColumn> columns = spec.as_index ? results : keys;
  const auto& rest = spec.as_index ? keys : results;
  columns.insert(columns.end(), rest.begin(), rest.end());
  const bool is_series = spec.as_series && !has_positions;
  Table table = table_of(columns, index, is_series ? TableForm::series : TableForm::frame, partial.num_rows());
  if (spec.sort) table = sort(table, {.by = index.columns, .ascending = {true}});
  if (spec.as_index) return table;
  // Keys come first as columns; rows count from 0.
  std::vector<NamedColumn> ordered;
  for (const NamedColumn& column : columns) ordered.push_back(named_column_of(table, column.name));
  return table_of(ordered, {}, TableForm::frame, table.num_rows());
}

}  // namespace plait
