#include "kernels/table/rows.h"

#include <arrow/compute/api.h>

#include <algorithm>
#include <cmath>

#include "base/kernel.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/take.h"
#include "kernels/table/type_rules.h"

namespace plait {
namespace {

NamedColumn range_labels(const Table& table) {
  const Table labels = table.index_values();
  return named_column_of(labels, labels.names().front());
}

// The condition as a bool array whose missing values are False.
std::shared_ptr<arrow::Array> mask_of(const Table& condition, std::int64_t num_rows) {
  const std::string name = condition.names().at(0);
  if (condition.type(name).kind != TypeKind::bool_) {
    throw type_error("filter: the condition has type " + plait::name(condition.type(name)) + ", expected bool");
  }
  if (condition.num_rows() != num_rows) {
    throw value_error("filter: the condition has " + std::to_string(condition.num_rows()) + " rows, expected " +
                      std::to_string(num_rows));
  }
  return array_of(condition, name);
}

bool is_present(const arrow::Array& array, std::int64_t i) {
  if (array.IsNull(i)) return false;
  if (array.type_id() == arrow::Type::DOUBLE)
    return !std::isnan(static_cast<const arrow::DoubleArray&>(array).Value(i));
  if (array.type_id() == arrow::Type::FLOAT) return !std::isnan(static_cast<const arrow::FloatArray&>(array).Value(i));
  return true;
}

arrow::Datum run(const std::string& function, const std::vector<arrow::Datum>& args,
                 const arrow::compute::FunctionOptions* options = nullptr) {
  initialize_arrow();
  return value_or_throw(arrow::compute::CallFunction(function, args, options), function);
}

}  // namespace

Table with_written_index(const Table& table) {
  if (!table.index().is_range()) return table;
  std::vector<NamedColumn> columns = named_columns_of(table);
  NamedColumn labels = range_labels(table);
  if (table.has(labels.name)) labels.name = "__index_level_0__";
  const std::string name = labels.name;
  columns.push_back(std::move(labels));
  return table_of(columns, {.columns = {name}}, table.form());
}

Table filter(const Table& table, const Table& condition, const FilterParams& params) {
  initialize_arrow();
  const auto mask = mask_of(condition, table.num_rows());
  const auto& bools = static_cast<const arrow::BooleanArray&>(*mask);
  if (bools.null_count() == 0 && bools.true_count() == table.num_rows())
    return params.keep_index ? table : table.reset_index(true);
  const Table from = params.keep_index ? with_written_index(table) : table.reset_index(true);
  const auto kept =
      value_or_throw(arrow::compute::Filter(arrow_of(from), mask, arrow::compute::FilterOptions::Defaults()), "filter");
  if (kept.table()->num_rows() == 0) return from.slice(0, 0);  // keeps categories
  return table_of(kept.table(), from.index(), from.form(), false);
}

Table head(const Table& table, const HeadParams& params) {
  const std::int64_t rows = table.num_rows();
  return table.slice(0, params.n >= 0 ? std::min(params.n, rows) : std::max<std::int64_t>(rows + params.n, 0));
}

Table tail(const Table& table, const HeadParams& params) {
  const std::int64_t rows = table.num_rows();
  const std::int64_t count = params.n >= 0 ? std::min(params.n, rows) : std::max<std::int64_t>(rows + params.n, 0);
  return table.slice(rows - count, count);
}

Table take(const Table& table, const std::shared_ptr<arrow::Array>& rows, bool keeps_range) {
  initialize_arrow();
  const Table from = keeps_range ? with_written_index(table) : table;
  std::vector<NamedColumn> columns = named_columns_of(from);
  for (NamedColumn& column : columns) {
    check_cancelled();
    // One contiguous array takes rows much faster than chunks do.
    column.values = chunked(
        value_or_throw(
            arrow::compute::Take(array_of(column.values), rows, arrow::compute::TakeOptions::NoBoundsCheck()), "take")
            .make_array());
  }
  return table_of(columns, from.index().is_range() ? IndexSpec{} : from.index(), from.form(), rows->length());
}

Table take(const Table& table, const NdArray& rows) {
  const auto positions = arrow_array_of(rows.astype(DType::int64));
  const auto* at = static_cast<const arrow::Int64Array&>(*positions).raw_values();
  if (std::none_of(at, at + positions->length(), [](std::int64_t i) { return i < 0; })) return take(table, positions);
  arrow::Int64Builder builder;
  for (std::int64_t i = 0; i < positions->length(); ++i) {
    check_arrow(at[i] < 0 ? builder.AppendNull() : builder.Append(at[i]), "take");
  }
  return take(table, value_or_throw(builder.Finish(), "take"));
}

Table dropna(const Table& table, const DropnaParams& params) {
  const std::vector<std::string> names = params.subset.empty() ? table.names() : params.subset;
  const auto wanted = static_cast<std::int64_t>(params.thresh >= 0 ? params.thresh
                                                : params.all       ? std::min<std::size_t>(1, names.size())
                                                                   : names.size());
  std::vector<std::int32_t> present(table.num_rows(), 0);
  for (const std::string& name : names) {
    const auto array = array_of(table, name);
    for (std::int64_t i = 0; i < table.num_rows(); ++i) present[i] += is_present(*array, i);
  }
  arrow::BooleanBuilder keep;
  for (std::int32_t count : present) check_arrow(keep.Append(count >= wanted), "dropna");
  const Table condition = table_of({{"keep", chunked(value_or_throw(keep.Finish(), "dropna"))}});
  return filter(table, condition);
}

Table loc(const Table& table, const LocParams& params) {
  const Table labels = table.index_values();
  const auto values = arrow::Datum(array_of(labels, labels.names().front()));
  const auto bound = [&](const Literal& literal, const std::string& function) -> arrow::Datum {
    const auto scalar = scalar_like(literal, values.type());
    return run(function, {values, scalar});
  };
  arrow::Datum mask;
  if (!std::holds_alternative<Missing>(params.start)) mask = bound(params.start, "greater_equal");
  if (!std::holds_alternative<Missing>(params.stop)) {
    const arrow::Datum below = bound(params.stop, params.include_stop ? "less_equal" : "less");
    mask = mask.is_value() ? run("and", {mask, below}) : below;
  }
  if (!mask.is_value()) return table;
  return filter(table, table_of({{"keep", chunked(mask.make_array())}}));
}

}  // namespace plait
