#include "kernels/table/row_order_kernels.h"

#include "kernels/table/define_kernels.h"

namespace plait {
namespace {

using namespace table_kernels;  // NOLINT: the helpers by which kernels are defined

// Windows that do not look ahead have no rows after.
Value run_rolling(Inputs inputs, const RollingParams& params, const TaskContext&) {
  const Table& before = table_at(inputs, 1);
  return Value::of(
      rolling(table_at(inputs, 0), before, inputs.size() > 2 ? table_at(inputs, 2) : before.slice(0, 0), params));
}

}  // namespace

void register_row_order_kernels() {
  one(table_kernel::cumulative_edge, "What a partition's rows add up to", cumulative_edge);
  many(table_kernel::cumulative_combine, "What several partitions add up to", cumulative_combine);
  two(table_kernel::cumulative, "Running sums, products, minima or maxima", cumulative);
  one(table_kernel::edge_rows, "The first or last rows", edge_rows);
  many(table_kernel::edge_rows_combine, "The first or last rows of several tables", edge_rows_combine);
  two(table_kernel::shift, "Rows moved along", shift);
  two(table_kernel::diff, "Differences between rows", diff);
  one(table_kernel::last_values, "The last (or first) value of each column", last_values);
  many(table_kernel::last_values_combine, "The last (or first) value of several tables", last_values_combine);
  two(table_kernel::fill_from_neighbours, "Missing values filled from rows before or after", fill_from_neighbours);
  one(table_kernel::nearest_value, "The last (or first) value of each column, and how far away it is", nearest_value);
  many(table_kernel::nearest_value_combine, "The last (or first) value of several tables", nearest_value_combine);
  define(table_kernel::interpolate, "Missing values filled on straight lines",
         [](Inputs inputs, const InterpolateParams& params, const TaskContext&) {
           return Value::of(interpolate(table_at(inputs, 0), table_at(inputs, 1), table_at(inputs, 2), params));
         });
  one(table_kernel::edge_span, "The rows of the first or last span of time", edge_span);
  many(table_kernel::edge_span_combine, "The first or last span of time of several tables", edge_span_combine);
  define(table_kernel::number_rows, "Rows labelled by their number in the whole",
         [](Inputs inputs, const TaskContext&) {
           return Value::of(number_rows(table_at(inputs, 0), table_at(inputs, 1)));
         });
  define(table_kernel::rolling, "Aggregates of a window that moves over the rows", run_rolling);
}

}  // namespace plait
