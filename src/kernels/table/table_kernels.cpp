#include "kernels/table/table_kernels.h"

#include <arrow/memory_pool.h>

#include <mutex>

#include "base/row_count.h"
#include "base/unused_memory.h"
#include "kernels/table/accessors.h"
#include "kernels/table/columns.h"
#include "kernels/table/define_kernels.h"
#include "kernels/table/distinct.h"
#include "kernels/table/elementwise.h"
#include "kernels/table/groupby.h"
#include "kernels/table/join.h"
#include "kernels/table/join_table.h"
#include "kernels/table/key_kernels.h"
#include "kernels/table/key_set.h"
#include "kernels/table/label_kernels.h"
#include "kernels/table/reduce.h"
#include "kernels/table/replace.h"
#include "kernels/table/row_order_kernels.h"
#include "kernels/table/rows.h"
#include "kernels/table/sort.h"
#include "kernels/table/statistics_kernels.h"

namespace plait {
namespace {

using namespace table_kernels;  // NOLINT: the helpers by which kernels are defined

Value run_binary(Inputs inputs, const BinaryParams& params, const TaskContext&) {
  if (params.right) return Value::of(binary(table_at(inputs, 0), *params.right, params.op));
  if (params.left) return Value::of(binary(*params.left, table_at(inputs, 0), params.op));
  return Value::of(binary(table_at(inputs, 0), table_at(inputs, 1), params.op, params.fill_value));
}

Value run_where(Inputs inputs, const WhereParams& params, const TaskContext&) {
  const std::optional<Table> other = inputs.size() > 2 ? std::optional(table_at(inputs, 2)) : std::nullopt;
  return Value::of(where(table_at(inputs, 0), table_at(inputs, 1), other, params));
}

Value run_join(Inputs inputs, const JoinParams& params, const TaskContext& context) {
  context.check_cancelled();
  if (inputs.size() > 1) {
    if (const auto* right = inputs[1].get_if<JoinTable>()) return Value::of(join(table_at(inputs, 0), *right));
  }
  return Value::of(join(table_at(inputs, 0), table_at(inputs, 1), params));
}

Value run_value_counts_finalize(Inputs inputs, const ValueCountsParams& params, const TaskContext&) {
  std::optional<double> total;
  if (inputs.size() > 1) total = table_at(inputs, 1).to_vector<double>().at(0);
  return Value::of(value_counts_finalize(table_at(inputs, 0), params, total));
}

Table slice_rows(const Table& table, const SliceParams& params) { return table.slice(params.start, params.count); }

void register_column_kernels() {
  one(table_kernel::select, "Columns by name", select);
  one(table_kernel::drop, "All columns but some", drop);
  one(table_kernel::rename, "Columns under other names", rename);
  one(table_kernel::set_names, "All columns renamed by position", set_names);
  one(table_kernel::set_index, "Columns become the index", set_index);
  one(table_kernel::reset_index, "The index becomes columns, or is dropped", reset_index);
  one(table_kernel::set_form, "A frame as a series and the reverse", set_form);
  plain(table_kernel::index_of, "The labels of the rows", index_of);
  define(table_kernel::assign, "New or replaced columns",
         [](Inputs inputs, const AssignParams& params, const TaskContext&) {
           return Value::of(assign(table_at(inputs, 0), tables_from(inputs, 1), params));
         });
  define(table_kernel::concat_columns, "Tables side by side",
         [](Inputs inputs, const TaskContext&) { return Value::of(concat_columns(tables_from(inputs))); });
}

void register_elementwise_kernels() {
  define(table_kernel::binary, "Arithmetic, comparison or logic of two operands", run_binary);
  one(table_kernel::unary, "Negation, ufuncs, isna", unary);
  one(table_kernel::fillna, "Missing values replaced by a constant", fillna);
  define(table_kernel::fillna_from, "Missing values replaced from another table",
         [](Inputs inputs, const TaskContext&) {
           return Value::of(fillna_from(table_at(inputs, 0), table_at(inputs, 1)));
         });
  one(table_kernel::replace, "Values replaced by others", replace);
  one(table_kernel::isin, "Whether values are among some", isin);
  one(table_kernel::between, "Whether values lie in an interval", between);
  one(table_kernel::astype, "Columns in other types", astype);
  one(table_kernel::clip, "Values held within bounds", clip);
  one(table_kernel::round, "Rounded numbers", round);
  one(table_kernel::map_values, "Values replaced by a mapping", map_values);
  define(table_kernel::where, "Values where a condition holds", run_where);
  one(table_kernel::str, "A .str operation", str);
  two(table_kernel::str_cat, "Texts joined row by row", str_cat);
  one(table_kernel::dt, "A .dt operation", dt);
}

void register_row_kernels() {
  two(table_kernel::filter, "Rows where a condition is True", filter);
  one(table_kernel::head, "First rows", head);
  one(table_kernel::tail, "Last rows", tail);
  one(table_kernel::slice, "Rows by position", slice_rows);
  one(table_kernel::dropna, "Rows without missing values", dropna);
  one(table_kernel::loc, "Rows by a range of labels", loc);
  many(table_kernel::concat, "Tables one after the other", concat);
  one(table_kernel::sort, "Rows in order", sort);
  one(table_kernel::sorted_head, "The first rows in an order", sorted_head);
  one(table_kernel::top, "Largest or smallest rows", top);
  one(table_kernel::drop_duplicates, "Different rows", drop_duplicates);
  split(table_kernel::range_partition, "Rows by the division they belong to", range_partition);
  split(table_kernel::hash_partition, "Rows by a hash of their keys", hash_partition);
  one(table_kernel::sample_quantiles, "Evenly spaced values of a column", sample_quantiles);
  many(table_kernel::divisions_from_samples, "Divisions from samples of all partitions", divisions_from_samples);
  define(table_kernel::part, "One item of a sequence", [](Inputs inputs, const PartParams& params, const TaskContext&) {
    return inputs[0].as<Sequence>().items.at(static_cast<std::size_t>(params.part));
  });
}

void register_aggregate_kernels() {
  plain(table_kernel::value_counts_partial, "Counts of values, of one partition", value_counts_partial);
  define(table_kernel::value_counts_combine, "Counts of values, combined",
         [](Inputs inputs, const TaskContext&) { return Value::of(value_counts_combine(tables_from(inputs))); });
  define(table_kernel::value_counts_finalize, "Counts of values as a series", run_value_counts_finalize);
  one(table_kernel::order_counts, "Counts of values with their place in the order of all", order_counts);
  one(table_kernel::reduce_partial, "Reduction of one partition", reduce_partial);
  many(table_kernel::reduce_combine, "Reductions combined", reduce_combine);
  one(table_kernel::reduce_finalize, "Result of a reduction", reduce_finalize);
  one(table_kernel::reduce, "Reduction of a whole table", reduce);
  one(table_kernel::quantile_partial, "The values of one partition in order", quantile_partial);
  one(table_kernel::quantile_finalize, "Quantiles of the values of all partitions", quantile_finalize);
  many(table_kernel::describe_assemble, "describe() out of its statistics", describe_assemble);
  one(table_kernel::groupby_partial, "Group-by of one partition", groupby_partial);
  many(table_kernel::groupby_combine, "Group-bys combined", groupby_combine);
  many(table_kernel::groupby_rows, "Group-by of rows of several tables", groupby_rows);
  one(table_kernel::groupby_finalize, "Result of a group-by", groupby_finalize);
  one(table_kernel::groupby, "Group-by of a whole table", groupby);
  define(table_kernel::join, "Join of two tables; the right one may be ready to be looked up", run_join);
  define(table_kernel::join_table, "The right side of a join, ready to be looked up",
         [](Inputs inputs, const JoinParams& params, const TaskContext& context) {
           context.check_cancelled();
           return Value::of(JoinTable(table_at(inputs, 0), params));
         });
}

}  // namespace

void register_table_kernels() {
  static std::once_flag once;
  std::call_once(once, [] {
    register_value_type(value_type<Table>());
    register_row_count(value_type<Table>(),
                       [](const void* data) { return static_cast<const Table*>(data)->num_rows(); });
    register_unused_memory([] { arrow::default_memory_pool()->ReleaseUnused(); });
    register_value_type(value_type<JoinTable>());
    register_value_type(value_type<KeySet>());
    register_column_kernels();
    register_elementwise_kernels();
    register_row_kernels();
    register_aggregate_kernels();
    register_row_order_kernels();
    register_statistics_kernels();
    register_label_kernels();
    register_key_kernels();
  });
}

}  // namespace plait
