// Quantiles of partitions and their merge, and describe(), which is made of them.
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <span>

#include "kernels/table/arrow_table.h"
#include "kernels/table/columns.h"
#include "kernels/table/elementwise_apply.h"
#include "kernels/table/order_keys.h"
#include "kernels/table/reduce.h"
#include "kernels/table/rows.h"
#include "kernels/table/sort.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

constexpr char kCountSuffix[] =
    "\x1e"
    "n";

bool has_quantiles(const ColumnType& type) {
  return is_numeric(type.kind) || type.kind == TypeKind::datetime || type.kind == TypeKind::timedelta;
}

std::vector<double> present_numbers(const Table& table, const std::string& name) {
  const auto array = array_of(table, name);
  std::vector<double> values;
  values.reserve(array->length());
  visit_numbers(*array, [&](const auto* from) {
    for (std::int64_t i = 0; i < array->length(); ++i) {
      if (!array->IsNull(i) && from[i] == from[i]) values.push_back(static_cast<double>(from[i]));
    }
  });
  return values;
}

using Position = std::vector<double>::iterator;

// Puts the values at the wanted positions (ascending) where they would stand if all were sorted.
void put_in_place(Position first, Position begin, Position end, std::span<const std::size_t> wanted) {
  if (wanted.empty() || begin == end) return;
  const std::size_t middle = wanted.size() / 2;
  const Position at = first + static_cast<std::ptrdiff_t>(wanted[middle]);
  std::nth_element(begin, at, end);
  put_in_place(first, begin, at, wanted.first(middle));
  put_in_place(first, at + 1, end, wanted.subspan(middle + 1));
}

// NumPy's linear interpolation between the two nearest of the sorted values, for ascending q. Reorders the values.
std::vector<double> percentiles(std::vector<double>& values, const std::vector<double>& q) {
  if (values.empty()) return std::vector<double>(q.size(), 0.0);
  const auto below = [&](double each) {
    return static_cast<std::size_t>(std::floor(each * static_cast<double>(values.size() - 1)));
  };
  const auto above = [&](double each) { return std::min(below(each) + 1, values.size() - 1); };
  std::vector<std::size_t> wanted;
  for (double each : q) wanted.insert(wanted.end(), {below(each), above(each)});
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  put_in_place(values.begin(), values.begin(), values.end(), wanted);
  std::vector<double> found;
  for (double each : q) {
    const double t = each * static_cast<double>(values.size() - 1) - static_cast<double>(below(each));
    const double low = values[below(each)];
    const double high = values[above(each)];
    // Also where the values are infinite, whose difference is none.
    if (t == 0 || low == high)
      found.push_back(low);
    else
      found.push_back(t >= 0.5 ? high - (high - low) * (1 - t) : low + (high - low) * t);
  }
  return found;
}

// All numbers of a column that has no missing ones; between infinities a quantile is none itself.
std::vector<double> all_numbers(const Table& table, const std::string& name) {
  const auto array = array_of(table, name);
  std::vector<double> values(array->length());
  visit_numbers(*array, [&](const auto* from) {
    for (std::int64_t i = 0; i < array->length(); ++i)
      values[i] = array->IsNull(i) ? std::nan("") : static_cast<double>(from[i]);
  });
  return values;
}

// The quantiles wanted, with 0 and 1 around them, as Dask takes them for a robust merge.
std::vector<double> with_ends(std::vector<double> q) {
  std::sort(q.begin(), q.end());
  q.insert(q.begin(), 0.0);
  q.push_back(1.0);
  return q;
}

struct Piece {
  std::vector<double> values;  // at with_ends(q)
  double count = 0;
};

// Dask's merge_percentiles(method="lower"): each value stands for the rows between it and the one before.
std::vector<double> merged(const std::vector<double>& q, const std::vector<Piece>& pieces) {
  const std::vector<double> known = with_ends(q);
  const auto has_rows = [](const Piece& piece) { return piece.count > 0; };
  if (std::count_if(pieces.begin(), pieces.end(), has_rows) == 1) {
    const Piece& only = *std::find_if(pieces.begin(), pieces.end(), has_rows);
    return {only.values.begin() + 1, only.values.end() - 1};
  }
  std::vector<std::pair<double, double>> weighted;  // value, rows
  double total = 0;
  for (const Piece& piece : pieces) {
    if (piece.count == 0) continue;
    total += piece.count;
    for (std::size_t i = 0; i < known.size(); ++i) {
      if (std::isnan(piece.values[i])) continue;
      const double share = i == 0 ? 100 * known[0] : 100 * known[i] - 100 * known[i - 1];
      weighted.emplace_back(piece.values[i], share * piece.count);
    }
  }
  if (weighted.empty()) return std::vector<double>(q.size(), std::nan(""));
  std::stable_sort(weighted.begin(), weighted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<double> cumulated;
  double sum = 0;
  for (const auto& [value, rows] : weighted) cumulated.push_back(sum += rows);
  std::vector<double> out;
  for (double wanted : q) {
    const double desired = 100 * wanted * total;
    const auto last = static_cast<std::ptrdiff_t>(weighted.size()) - 1;
    const auto left = std::min(std::lower_bound(cumulated.begin(), cumulated.end(), desired) - cumulated.begin(), last);
    const auto right = std::upper_bound(cumulated.begin(), cumulated.end(), desired) - cumulated.begin() - 1;
    out.push_back(weighted[std::max<std::ptrdiff_t>(std::min(left, right), 0)].first);
  }
  return out;
}

Table q_labelled(const std::vector<NamedColumn>& columns, const std::vector<double>& q, TableForm form) {
  std::vector<NamedColumn> all = columns;
  std::vector<Literal> labels(q.begin(), q.end());
  all.push_back({"__index_level_0__", chunked(array_from_literals(labels, arrow::float64()))});
  return table_of(all, {.columns = {"__index_level_0__"}}, form);
}

std::shared_ptr<arrow::Array> in_type(const std::vector<double>& values, const ColumnType& type) {
  std::vector<Literal> literals;
  for (double value : values) literals.push_back(std::isnan(value) ? Literal(missing) : Literal(value));
  const auto doubles = array_from_literals(literals, arrow::float64());
  if (is_numeric(type.kind)) return doubles;
  return cast_datum(cast_datum(doubles, arrow::int64()), arrow_type_of(type)).make_array();
}

}  // namespace

Table quantile_partial(const Table& table, const QuantileParams& params) {
  const std::vector<double> q = with_ends(params.q);
  std::vector<NamedColumn> columns;
  for (const std::string& name : table.names()) {
    if (!has_quantiles(table.type(name))) {
      throw NoNativeForm("quantile: column '" + name + "' has type " + plait::name(table.type(name)) +
                         ", expected numbers; numeric_only=True leaves it out");
    }
    std::vector<double> values = present_numbers(table, name);
    const std::vector<double> found = percentiles(values, q);
    const auto count = static_cast<double>(values.size());
    columns.push_back({name, chunked(in_type(found, table.type(name)))});
    columns.push_back({name + kCountSuffix,
                       chunked(array_from_literals(std::vector<Literal>(q.size(), Literal(count)), arrow::float64()))});
  }
  const Table out = table_of(columns, {}, TableForm::frame, static_cast<std::int64_t>(q.size()));
  // A series is known again by its form.
  return table.form() == TableForm::frame ? out : out.with_form(TableForm::series);
}

Table quantile_finalize(const std::vector<Table>& partials, const QuantileParams& params) {
  if (partials.empty()) throw value_error("quantile: no partials were given");
  const Table& first = partials.front();
  std::vector<NamedColumn> columns;
  for (const std::string& name : first.names()) {
    if (name.ends_with(kCountSuffix)) continue;
    std::vector<Piece> pieces;
    for (const Table& partial : partials) {
      pieces.push_back({all_numbers(partial, name), std::get<double>(partial.at(name + kCountSuffix, 0))});
    }
    std::vector<double> q = params.q;
    std::sort(q.begin(), q.end());
    columns.push_back({name, chunked(in_type(merged(q, pieces), first.type(name)))});
  }
  const bool is_series = first.form() != TableForm::frame;
  std::vector<double> q = params.q;
  std::sort(q.begin(), q.end());
  if (!params.single) return q_labelled(columns, q, is_series ? TableForm::series : TableForm::frame);
  if (is_series) return table_of(columns, {}, TableForm::scalar);
  // One row becomes a series labelled by the columns.
  std::vector<Literal> labels, values;
  for (const NamedColumn& column : columns) {
    labels.emplace_back(column.name);
    values.push_back(literal_of(*value_or_throw(column.values->GetScalar(0), "quantile")));
  }
  return table_of({{to_string(Literal(q.at(0))), chunked(array_from_literals(values))},
                   {"__index_level_0__", chunked(array_from_literals(labels, arrow::utf8()))}},
                  {.columns = {"__index_level_0__"}}, TableForm::series);
}

namespace {

const std::vector<Reduction>& described() {
  static const std::vector<Reduction> reductions = {Reduction::count, Reduction::mean, Reduction::std, Reduction::min,
                                                    Reduction::max};
  return reductions;
}

// "25%"; as many decimals as needed.
std::string percent_label(double q) {
  std::string text = to_string(Literal(std::round(q * 1e7) / 1e5));
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text + "%";
}

Table numeric_part(const Table& table) {
  std::vector<std::string> names = table.names();
  std::erase_if(names, [&](const std::string& name) { return !is_numeric(table.type(name).kind); });
  if (names.empty()) throw value_error("describe: there is no numeric column; expected at least one");
  const TableForm form = table.form();
  return select(table.reset_index(true).with_form(TableForm::frame), {names}).with_form(form);
}

}  // namespace

// A partial is the partials of its parts side by side, as one sequence of tables packed into a table: the reductions'
// one row each under
// "<reduction>\x1e<state>", and the quantiles' rows in a list column.
Table describe_partial(const Table& table, const DescribeParams& params) {
  const Table numbers = numeric_part(table);
  std::vector<NamedColumn> columns;
  const Table quantiles = quantile_partial(numbers, {params.percentiles});
  for (NamedColumn column : named_columns_of(quantiles)) {
    column.name = "quantile\x1f" + column.name;
    columns.push_back(std::move(column));
  }
  for (Reduction reduction : described()) {
    const Table partial = reduce_partial(numbers, {.reduction = reduction});
    for (NamedColumn column : named_columns_of(partial)) {
      column.name = std::string(name(reduction)) + "\x1f" + column.name;
      // One row, repeated to the quantiles' number of rows.
      column.values = chunked(value_or_throw(
          arrow::MakeArrayFromScalar(*value_or_throw(column.values->GetScalar(0), "describe"), quantiles.num_rows()),
          "describe"));
      columns.push_back(std::move(column));
    }
  }
  return table_of(columns).with_form(numbers.form());
}

Table describe_finalize(const std::vector<Table>& partials, const DescribeParams& params) {
  const auto part = [](const Table& partial, const std::string& prefix) {
    std::vector<NamedColumn> columns;
    for (NamedColumn column : named_columns_of(partial)) {
      if (!column.name.starts_with(prefix + "\x1f")) continue;
      column.name = column.name.substr(prefix.size() + 1);
      columns.push_back(std::move(column));
    }
    return table_of(columns);
  };
  std::vector<Table> quantile_parts;
  for (const Table& partial : partials) quantile_parts.push_back(part(partial, "quantile"));
  const Table quantiles = quantile_finalize(quantile_parts, {params.percentiles});

  const std::vector<std::string> names = quantiles.names();
  std::vector<Table::Column> meta_columns;
  for (const std::string& name : names) meta_columns.push_back({name, {1.0}});
  const Table meta = Table::from_columns(meta_columns);
  std::map<std::string, std::vector<double>> statistics;
  for (Reduction reduction : described()) {
    std::vector<Table> parts;
    for (const Table& partial : partials) parts.push_back(part(partial, std::string(name(reduction))).slice(0, 1));
    const ReduceParams reduce{.reduction = reduction};
    statistics[std::string(name(reduction))] =
        reduce_finalize(reduce_combine(parts, reduce), {reduce, meta}).to_vector<double>();
  }

  std::vector<double> q = params.percentiles;
  std::sort(q.begin(), q.end());
  std::vector<Literal> labels = {"count", "mean", "std", "min"};
  for (double each : q) labels.emplace_back(percent_label(each));
  labels.emplace_back("max");
  std::vector<NamedColumn> columns;
  for (std::size_t c = 0; c < names.size(); ++c) {
    std::vector<double> rows;
    for (const char* statistic : {"count", "mean", "std", "min"}) rows.push_back(statistics.at(statistic)[c]);
    for (double value : quantiles.column(names[c]).to_vector<double>()) rows.push_back(value);
    rows.push_back(statistics.at("max")[c]);
    columns.push_back({names[c], chunked(in_type(rows, {.kind = TypeKind::float64}))});
  }
  columns.push_back({"__index_level_0__", chunked(array_from_literals(labels))});
  return table_of(columns, {.columns = {"__index_level_0__"}},
                  partials.front().form() == TableForm::frame ? TableForm::frame : TableForm::series);
}

}  // namespace plait
