// Whether values never fall, or never rise.
#include <algorithm>

#include "kernels/table/arrow_table.h"
#include "kernels/table/order_keys.h"
#include "kernels/table/reduced_table.h"
#include "kernels/table/rows.h"
#include "kernels/table/statistics.h"

namespace plait {
namespace {

// A partial has the first and the last row of a table, or no row of one that has none. Of column c: the values, and
// whether those between them are in order.
std::string edge_name(std::size_t c) { return "edge_" + std::to_string(c); }
std::string ordered_name(std::size_t c) { return "ordered_" + std::to_string(c); }

void require_order(const std::string& name, const ColumnType& type, const StatisticParams& params) {
  if (type.kind == TypeKind::category || type.family == TypeFamily::arrow || type.family == TypeFamily::object)
    throw NoNativeForm(params.name + " of column '" + name + "', which has type " + plait::name(type));
}

// A missing value has no place in any order.
bool in_order(const std::shared_ptr<arrow::Array>& array, bool falling) {
  const OrderKeys keys = order_keys(array);
  for (std::size_t i = 0; i < keys.keys.size(); ++i) {
    if (keys.is_missing(i)) return false;
    if (i == 0) continue;
    if (falling ? keys.keys[i] > keys.keys[i - 1] : keys.keys[i] < keys.keys[i - 1]) return false;
  }
  return true;
}

std::shared_ptr<arrow::Array> edges_of(const std::shared_ptr<arrow::Array>& array) {
  if (array->length() == 0) return array;
  return value_or_throw(arrow::Concatenate({array->Slice(0, 1), array->Slice(array->length() - 1, 1)}), "monotonic");
}

std::shared_ptr<arrow::Array> flag(bool value, std::int64_t rows) {
  return value_or_throw(arrow::MakeArrayFromScalar(arrow::BooleanScalar(value), rows), "monotonic");
}

Table table_of_edges(const std::vector<std::shared_ptr<arrow::Array>>& columns, const std::vector<bool>& ordered) {
  std::vector<NamedColumn> out;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const auto edges = edges_of(columns[c]);
    out.push_back({edge_name(c), chunked(edges), TypeFamily::arrow});
    out.push_back({ordered_name(c), chunked(flag(ordered[c], edges->length())), TypeFamily::arrow});
  }
  return table_of(out);
}

template <bool Falling>
Table partial(const Table& table, const StatisticParams& params) {
  std::vector<std::shared_ptr<arrow::Array>> columns;
  std::vector<bool> ordered;
  for (const std::string& name : table.names()) {
    require_order(name, table.type(name), params);
    columns.push_back(decoded(array_of(table, name)));
    ordered.push_back(in_order(columns.back(), Falling));
  }
  return table_of_edges(columns, ordered);
}

bool all_true(const Table& table, const std::string& name) {
  const auto flags = array_of(table, name);
  return static_cast<const arrow::BooleanArray&>(*flags).true_count() == flags->length();
}

template <bool Falling>
Table combine(const std::vector<Table>& partials, const StatisticParams& params) {
  const Table all = concat(partials, {.ignore_index = true});
  std::vector<std::shared_ptr<arrow::Array>> columns;
  std::vector<bool> ordered;
  for (std::size_t c = 0; c < params.meta.names().size(); ++c) {
    columns.push_back(array_of(all, edge_name(c)));
    ordered.push_back(all_true(all, ordered_name(c)) && in_order(columns.back(), Falling));
  }
  return table_of_edges(columns, ordered);
}

Table finalize(const std::vector<Table>& partials, const StatisticParams& params) {
  const std::vector<std::string> names = params.meta.names();
  std::vector<Reduced> reduced;
  for (std::size_t c = 0; c < names.size(); ++c)
    reduced.push_back({names[c], flag(all_true(partials.front(), ordered_name(c)), 1), TypeFamily::numpy});
  return reduced_table(reduced, params.meta.form());
}

}  // namespace

const StatisticSteps kIsMonotonicIncreasing{"is_monotonic_increasing", partial<false>, combine<false>, finalize};
const StatisticSteps kIsMonotonicDecreasing{"is_monotonic_decreasing", partial<true>, combine<true>, finalize};

}  // namespace plait
