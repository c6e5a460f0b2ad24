#include "kernels/table/reduce.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/kernel.h"
#include "base/text.h"
#include "kernels/table/accumulator_parts.h"
#include "kernels/table/aggregate_result.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/elementwise.h"
#include "kernels/table/elementwise_apply.h"
#include "kernels/table/groupby_plan.h"
#include "kernels/table/reduced_table.h"
#include "kernels/table/type_rules.h"

namespace plait {
namespace {

constexpr std::array<std::string_view, 17> kNames = {"sum",     "prod",  "count", "size", "mean",    "min",
                                                     "max",     "var",   "std",   "sem",  "any",     "all",
                                                     "nunique", "first", "last",  "skew", "kurtosis"};
constexpr const char* kRowsColumn = "__rows__";
constexpr std::int64_t kBlockRows = 16 * 1024;

// A column is one group: the reductions are group-by's aggregates.
Aggregation aggregation_of(Reduction reduction) {
  switch (reduction) {
    case Reduction::sum:
      return Aggregation::sum;
    case Reduction::prod:
      return Aggregation::prod;
    case Reduction::count:
      return Aggregation::count;
    case Reduction::size:
      return Aggregation::size;
    case Reduction::mean:
      return Aggregation::mean;
    case Reduction::min:
      return Aggregation::min;
    case Reduction::max:
      return Aggregation::max;
    case Reduction::var:
      return Aggregation::var;
    case Reduction::std:
      return Aggregation::std;
    case Reduction::sem:
      return Aggregation::sem;
    case Reduction::any:
      return Aggregation::any;
    case Reduction::all:
      return Aggregation::all;
    case Reduction::nunique:
      return Aggregation::nunique;
    case Reduction::first:
      return Aggregation::first;
    case Reduction::last:
      return Aggregation::last;
    default:
      throw NoNativeForm(std::string(name(reduction)) + ": there is no kernel for all rows");
  }
}

Aggregate aggregate_of(const ReduceParams& params) {
  return {
      .column = "x", .function = aggregation_of(params.reduction), .ddof = params.ddof, .min_count = params.min_count};
}
Primitive primitive_of(const ReduceParams& params) {
  return plan_groupby({.keys = {"k"}, .aggregates = {aggregate_of(params)}}).states[0].primitive;
}

bool is_reducible(const ColumnType& type, const ReduceParams& params) {
  return !params.numeric_only || type.kind == TypeKind::bool_ || is_numeric(type.kind);
}

std::vector<std::string> reduced_columns(const Table& table, const ReduceParams& params) {
  std::vector<std::string> names = table.names();
  std::erase_if(names, [&](const std::string& name) { return !is_reducible(table.type(name), params); });
  return names;
}

// States are of plain values: a category counts as its value.
ColumnType plain(const ColumnType& type) {
  return type.kind == TypeKind::category ? ColumnType{.kind = type.categories, .unit = type.unit} : type;
}

// Scratch group ids that put every row into group 1.
const std::uint32_t* one_group() {
  static const std::vector<std::uint32_t> ids(kBlockRows, 1);
  return ids.data();
}

std::unique_ptr<Accumulator> accumulator_for(const std::string& column, const ColumnType& type,
                                             const ReduceParams& params) {
  try {
    if (params.may_repeat) return make_loosely_distinct(arrow_type_of(type));
    return make_accumulator(primitive_of(params), arrow_type_of(type));
  } catch (const Error& error) {
    throw type_error("column '" + column + "': " + error.what() + "; numeric_only=True leaves such columns out");
  }
}

void append_state(std::vector<NamedColumn>& columns, std::size_t position, Accumulator& accumulator,
                  const ColumnType& type) {
  const auto state = accumulator.state(1);
  for (std::size_t part = 0; part < state.size(); ++part) {
    columns.push_back(
        {state_column_name(position, static_cast<int>(part), type), chunked(state[part]), TypeFamily::arrow});
  }
}

NamedColumn rows_column(std::int64_t rows) {
  return {kRowsColumn, chunked(array_from_literals({rows})), TypeFamily::arrow};
}

double number_at(const std::shared_ptr<arrow::Array>& array) {
  return scalar_number(*value_or_throw(array->GetScalar(0), "reduce"));
}

// With skipna=False a column with a missing value has a missing result: partials count what is present.
std::int64_t num_present(const arrow::ChunkedArray& values) {
  std::int64_t present = 0;
  for (const auto& chunk : values.chunks())
    for_each_present(*chunk, [&](std::int64_t, bool is_present) { present += is_present; });
  return present;
}
NamedColumn present_column(std::size_t position, std::int64_t present) {
  return {"__present_" + std::to_string(position), chunked(array_from_literals({present})), TypeFamily::arrow};
}

Reduced reduced_column(const std::string& name, const AggregateState& state, const ReduceParams& params,
                       Primitive primitive, bool has_missing) {
  auto value = aggregate_result(state, aggregate_of(params), primitive);
  // With skipna=False a missing value is one more that is different.
  if (has_missing && params.reduction == Reduction::nunique)
    value = call("add", {value, arrow::Datum(std::int64_t{1})}).make_array();
  else if (has_missing)
    value = value_or_throw(arrow::MakeArrayOfNull(value->type(), 1), "reduce");
  const bool is_count = params.reduction == Reduction::count;
  return {name, value, is_count ? TypeFamily::numpy : family_of_result(state, aggregation_of(params.reduction))};
}

}  // namespace

std::string_view name(Reduction reduction) { return kNames[static_cast<std::size_t>(reduction)]; }

Reduction parse_reduction(std::string_view text) {
  const auto found = std::find(kNames.begin(), kNames.end(), text);
  if (found != kNames.end()) return static_cast<Reduction>(found - kNames.begin());
  throw value_error("unknown reduction '" + std::string(text) + "'" +
                    did_you_mean(text, std::vector<std::string>(kNames.begin(), kNames.end())));
}

Table reduce_partial(const Table& table, const ReduceParams& params) {
  std::vector<NamedColumn> columns = {rows_column(table.num_rows())};
  const std::vector<std::string> names = reduced_columns(table, params);
  for (std::size_t c = 0; c < names.size(); ++c) {
    const ColumnType type = plain(table.type(names[c]));
    const auto accumulator = accumulator_for(names[c], type, params);
    for (const auto& chunk : chunks_of(table, names[c])->chunks()) {
      const auto values = decoded(chunk);
      for (std::int64_t start = 0; start < values->length(); start += kBlockRows) {
        check_cancelled();
        accumulator->update(*values->Slice(start, kBlockRows), one_group(), 1);
      }
    }
    append_state(columns, c, *accumulator, type);
    if (!params.skipna) columns.push_back(present_column(c, num_present(*chunks_of(table, names[c]))));
  }
  return table_of(columns);
}

Table reduce_combine(const std::vector<Table>& partials, const ReduceParams& params) {
  if (partials.empty()) throw value_error("reduce: no partials were given");
  if (partials.size() == 1) return partials.front();
  const int num_states = num_state_columns(primitive_of(params));
  const int width = num_states + (params.skipna ? 0 : 1);
  double rows = 0;
  for (const Table& partial : partials) rows += number_at(array_of(partial, kRowsColumn));
  std::vector<NamedColumn> columns = {rows_column(static_cast<std::int64_t>(rows))};
  const int num_columns = static_cast<int>(partials.front().num_columns() - 1) / width;
  for (int c = 0; c < num_columns; ++c) {
    // A column that is integer in one partition and float in another is float.
    ColumnType type;
    std::shared_ptr<arrow::DataType> unified;
    for (const Table& partial : partials) {
      const ColumnType source = source_type_of_state(arrow_of(partial)->field(1 + c * width)->name());
      const auto both = unified ? unified_type(unified, arrow_type_of(source)) : arrow_type_of(source);
      if (!unified || !both->Equals(*unified)) type = source;
      if (source.family == TypeFamily::object) type.family = TypeFamily::object;
      unified = both;
    }
    const auto accumulator = accumulator_for(std::to_string(c), type, params);
    for (const Table& partial : partials) {
      std::vector<std::shared_ptr<arrow::Array>> state;
      for (int part = 0; part < num_states; ++part)
        state.push_back(array_of(arrow_of(partial)->column(1 + c * width + part)));
      accumulator->merge(state, one_group(), 1);
    }
    append_state(columns, c, *accumulator, type);
    if (params.skipna) continue;
    double present = 0;
    for (const Table& partial : partials)
      present += number_at(array_of(arrow_of(partial)->column(1 + c * width + num_states)));
    columns.push_back(present_column(c, static_cast<std::int64_t>(present)));
  }
  return table_of(columns);
}

Table reduce_finalize(const Table& combined, const ReduceFinalizeParams& params) {
  const Primitive primitive = primitive_of(params.reduce);
  const auto rows = static_cast<std::int64_t>(number_at(array_of(combined, kRowsColumn)));
  const std::vector<std::string> names = reduced_columns(params.meta, params.reduce);
  std::vector<Reduced> reduced;
  int at = 1;
  for (const std::string& name : names) {
    AggregateState state{{}, source_type_of_state(arrow_of(combined)->field(at)->name())};
    for (int part = 0; part < num_state_columns(primitive); ++part)
      state.parts.push_back(array_of(arrow_of(combined)->column(at++)));
    const bool has_missing =
        !params.reduce.skipna && number_at(array_of(arrow_of(combined)->column(at++))) < static_cast<double>(rows);
    // True, False and missing are objects, which only the values tell.
    if (params.reduce.numeric_only && state.source.family == TypeFamily::object) continue;
    reduced.push_back(reduced_column(name, state, params.reduce, primitive, has_missing));
  }
  return reduced_table(reduced, params.meta.form());
}

Table reduce(const Table& table, const ReduceParams& params) {
  return reduce_finalize(reduce_partial(table, params), {params, table.slice(0, 0)});
}

}  // namespace plait
