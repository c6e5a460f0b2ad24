#include "collections/dataframe/frame_kernels.h"

#include <algorithm>

#include "base/kernel.h"
#include "collections/dataframe/tree_reduction.h"
#include "kernels/table/rows.h"
#include "kernels/table/sort.h"

namespace plait {
namespace {

std::vector<Table> tables_of(Inputs inputs) {
  std::vector<Table> tables;
  for (const Value& input : inputs) tables.push_back(input.as<Table>());
  return tables;
}

Value concat_then_run(Inputs inputs, const ConcatThen& params, const TaskContext& context) {
  const Value whole = inputs.size() == 1 ? inputs[0] : Value::of(concat(tables_of(inputs)));
  return params.then.run(std::span(&whole, 1), context);
}

Value count_rows(Inputs inputs, const TaskContext&) {
  return Value::of(Table::scalar(inputs[0].as<Table>().num_rows()));
}

Value add_counts(Inputs inputs, const TaskContext&) {
  std::int64_t total = 0;
  for (const Value& input : inputs) total += std::get<std::int64_t>(input.as<Table>().item());
  return Value::of(Table::scalar(total));
}

Value conform(Inputs inputs, const Conform& params, const TaskContext&) {
  // A partition of Python objects is put together with others as it is.
  if (!inputs[0].get_if<Table>()) return inputs[0];
  const Table& given = inputs[0].as<Table>();
  const Table table = params.keep_index ? given : given.reset_index(true);
  if (table.schema().columns == params.like.schema().columns) return params.keep_index ? inputs[0] : Value::of(table);
  Table result = concat({params.like, table}, {.outer = params.outer});
  // A range goes on as it is, where others' labels do not have it written out.
  const bool is_range = table.index().is_range() && params.like.index().is_range();
  return Value::of(is_range ? result.with_index(table.index()) : result);
}

Value collect_parts(Inputs inputs, const CollectParts& params, const TaskContext& context) {
  std::vector<Table> parts;
  for (const Value& input : inputs) {
    context.check_cancelled();
    const Table& part = input.as<Table>();
    if (part.num_rows() > 0) parts.push_back(part);
  }
  if (parts.empty()) return Value::of(params.like);
  // Labels that are kept are written out when rows are split.
  const auto is_unlabelled = [](const Table& part) { return part.index().is_range(); };
  return Value::of(concat(parts, {.ignore_index = std::all_of(parts.begin(), parts.end(), is_unlabelled)}));
}

Value range_split(Inputs inputs, const RangeSplit& params, const TaskContext&) {
  const Table& table = inputs[0].as<Table>();
  Sequence parts;
  for (Table& part : range_partition(table, {.by = params.by,
                                             .divisions = inputs[1].as<Table>(),
                                             .ascending = params.ascending,
                                             .na_first = params.na_first})) {
    parts.items.push_back(Value::of(std::move(part)));
  }
  // Equal divisions are dropped, so that there may be fewer parts than partitions.
  while (static_cast<std::int64_t>(parts.items.size()) < params.n) parts.items.push_back(Value::of(table.slice(0, 0)));
  return Value::of(std::move(parts));
}

Value slice_part(Inputs inputs, const SlicePart& params, const TaskContext&) {
  const Table& table = inputs[0].as<Table>();
  const std::int64_t start = table.num_rows() * params.part / params.n;
  const std::int64_t end = table.num_rows() * (params.part + 1) / params.n;
  return Value::of(table.slice(start, end - start));
}

}  // namespace

void register_frame_kernels() {
  define(identity_kernel, "Its input.", [](Inputs inputs, const TaskContext&) { return inputs[0]; });
  define(concat_then_kernel, "One table of all inputs, then another kernel on it.", concat_then_run);
  define(count_rows_kernel, "The number of rows, as a scalar.", count_rows);
  define(add_counts_kernel, "The sum of scalar counts.", add_counts);
  define(conform_kernel, "A table with the columns and types of another.", conform);
  define(collect_kernel, "One table of all inputs that have rows.", collect_parts);
  define(range_split_kernel, "Rows by the range that their value lies in.", range_split);
  define(slice_part_kernel, "An even share of the rows.", slice_part);
}

}  // namespace plait
