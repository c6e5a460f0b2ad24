// Exact quantiles of the values of all partitions, and describe(), which is made of them and of reductions.
#include <algorithm>
#include <cmath>

#include "base/kernel.h"
#include "kernels/table/elementwise_apply.h"
#include "kernels/table/ranked_keys.h"
#include "kernels/table/reduce.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

bool has_quantiles(const ColumnType& type) {
  return type.family == TypeFamily::numpy &&
         (is_numeric(type.kind) || type.kind == TypeKind::datetime || type.kind == TypeKind::timedelta);
}

// NumPy's linear interpolation: the difference of integers is taken before they become floats.
template <class T>
double between(T low, T high, double t) {
  if (t == 0 || low == high) return static_cast<double>(low);  // also where the values are infinite
  const auto difference = static_cast<double>(high - low);
  return t >= 0.5 ? static_cast<double>(high) - difference * (1 - t) : static_cast<double>(low) + difference * t;
}

Literal quantile_of(const RankedValues& values, std::size_t i, double q) {
  if (values.size() == 0) return missing;
  const double position = q * static_cast<double>(values.size() - 1);
  const auto ends = values.pair(i);
  double found = 0;
  visit_numbers(*ends, [&](const auto* from) { found = between(from[0], from[1], position - std::floor(position)); });
  return std::isnan(found) ? Literal(missing) : Literal(found);
}

std::shared_ptr<arrow::Array> in_type(const std::vector<Literal>& values, const ColumnType& type) {
  const auto doubles = array_from_literals(values, arrow::float64());
  if (is_numeric(type.kind)) return doubles;
  return cast_datum(cast_datum(doubles, arrow::int64()), arrow_type_of(type)).make_array();
}

Table labelled(std::vector<NamedColumn> columns, const std::vector<Literal>& labels,
               const std::shared_ptr<arrow::DataType>& type, TableForm form) {
  columns.push_back({"__index_level_0__", chunked(array_from_literals(labels, type))});
  return table_of(columns, {.columns = {"__index_level_0__"}}, form);
}

// "25%"; as many decimals as needed.
std::string percent_label(double q) {
  std::string text = to_string(Literal(std::round(q * 1e7) / 1e5));
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text + "%";
}

}  // namespace

Table quantile_partial(const Table& table, const QuantileParams&) {
  for (const std::string& name : table.names()) {
    if (!has_quantiles(table.type(name))) {
      throw NoNativeForm("quantile: column '" + name + "' has type " + plait::name(table.type(name)) +
                         ", expected numbers; numeric_only=True leaves it out");
    }
  }
  return sorted_keys(table);
}

Table quantile_finalize(const Table& ranked, const QuantileParams& params) {
  std::vector<NamedColumn> columns;
  for (const std::string& name : params.meta.names()) {
    const RankedValues values(ranked, static_cast<std::int64_t>(columns.size()));
    const ColumnType& type = params.meta.type(name);
    std::vector<Literal> found;
    for (std::size_t i = 0; i < params.q.size(); ++i) found.push_back(quantile_of(values, i, params.q[i]));
    columns.push_back({name, chunked(in_type(found, type))});
  }
  const bool is_frame = params.meta.form() == TableForm::frame;
  if (!params.single) {
    return labelled(columns, {params.q.begin(), params.q.end()}, arrow::float64(),
                    is_frame ? TableForm::frame : TableForm::series);
  }
  if (!is_frame) return table_of(columns, {}, TableForm::scalar);
  // One row becomes a series labelled by the columns.
  std::vector<Literal> labels, values;
  for (const NamedColumn& column : columns) {
    labels.emplace_back(column.name);
    values.push_back(literal_of(*value_or_throw(column.values->GetScalar(0), "quantile")));
  }
  return labelled({{to_string(Literal(params.q.at(0))), chunked(array_from_literals(values))}}, labels, arrow::utf8(),
                  TableForm::series);
}

// Inputs: the quantiles, then the reductions in the order of their rows, which are scalars for a series, and labelled
// by the columns for a frame.
Table describe_assemble(const std::vector<Table>& parts, const DescribeParams& params) {
  const Table& quantiles = parts.front();
  std::vector<Literal> labels = {"count", "mean", "std", "min"};
  for (const double q : params.percentiles) labels.emplace_back(percent_label(q));
  labels.emplace_back("max");
  std::vector<std::vector<double>> reductions;
  for (std::size_t i = 1; i < parts.size(); ++i) reductions.push_back(parts[i].to_vector<double>());
  std::vector<NamedColumn> columns;
  for (const std::string& name : quantiles.names()) {
    const std::size_t at = columns.size();
    std::vector<Literal> rows;
    const auto add = [&](double value) { rows.push_back(std::isnan(value) ? Literal(missing) : Literal(value)); };
    // Nobody knows them yet where only the schema is asked for.
    const auto reduced = [&](std::size_t i) { return at < reductions[i].size() ? reductions[i][at] : std::nan(""); };
    for (std::size_t i = 0; i + 1 < reductions.size(); ++i) add(reduced(i));
    auto found = quantiles.column(name).to_vector<double>();
    found.resize(params.percentiles.size(), std::nan(""));
    for (const double value : found) add(value);
    add(reduced(reductions.size() - 1));
    columns.push_back({name, chunked(array_from_literals(rows, arrow::float64()))});
  }
  return labelled(columns, labels, nullptr, quantiles.form());
}

}  // namespace plait
