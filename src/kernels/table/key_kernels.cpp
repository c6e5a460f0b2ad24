#include "kernels/table/key_kernels.h"

#include "kernels/table/define_kernels.h"
#include "kernels/table/key_set.h"
#include "kernels/table/rows.h"

namespace plait {

using namespace table_kernels;  // NOLINT: the helpers by which kernels are defined

void register_key_kernels() {
  define(table_kernel::key_parts, "Rows by a hash of their keys, with where they stood",
         [](Inputs inputs, const KeyPartsParams& params, const TaskContext& context) {
           context.check_cancelled();
           return sequence_of(key_parts(table_at(inputs, 0), params, context.block()));
         });
  define(table_kernel::with_positions, "Rows with where they stand", [](Inputs inputs, const TaskContext& context) {
    return Value::of(with_positions(table_at(inputs, 0), context.block()));
  });
  split(table_kernel::position_parts, "Rows by the partition that they came from", position_parts);
  split(table_kernel::reduce_parts, "Different values by their hash", reduce_parts);
  define(table_kernel::add_parts, "The sum of what the parts gave",
         [](Inputs inputs, const TaskContext&) { return Value::of(add_parts(tables_from(inputs))); });
  many(table_kernel::in_order, "Finished parts as one table in order", in_order);
  one(table_kernel::without_positions, "Rows without their positions", without_positions);
  one(table_kernel::candidate_rows, "Rows of a partition of which none equals another", candidate_rows);
  define(table_kernel::kept_rows, "Which rows are kept, by partition",
         [](Inputs inputs, const KeptRowsParams& params, const TaskContext& context) {
           context.check_cancelled();
           return sequence_of(kept_rows(tables_from(inputs), params));
         });
  many(table_kernel::take_kept, "The rows of a partition that are kept", take_kept);
  many(table_kernel::mark_kept, "Which rows of a partition are not kept", mark_kept);
  one(table_kernel::key_samples, "Evenly spaced values with their places", key_samples);
  many(table_kernel::key_brackets, "Between which keys the values of ranks lie", key_brackets);
  define(table_kernel::keys_within, "The values of a partition within brackets", [](Inputs inputs, const TaskContext&) {
    return Value::of(keys_within(table_at(inputs, 0), table_at(inputs, 1)));
  });
  define(table_kernel::ranked_keys, "The values of ranks", [](Inputs inputs, const TaskContext&) {
    return Value::of(ranked_keys(table_at(inputs, 0), table_at(inputs, 1)));
  });
  define(table_kernel::key_set, "The values of a column, ready to be looked up", [](Inputs inputs, const TaskContext&) {
    return Value::of(KeySet(concat(tables_from(inputs), {.are_partitions = true})));
  });
  define(table_kernel::isin_keys, "Whether values are among those of another column",
         [](Inputs inputs, const TaskContext& context) {
           context.check_cancelled();
           const Table& series = table_at(inputs, 0);
           const auto* keys = inputs[1].get_if<KeySet>();
           return Value::of(keys ? keys->contains(series) : KeySet(table_at(inputs, 1)).contains(series));
         });
}

}  // namespace plait
