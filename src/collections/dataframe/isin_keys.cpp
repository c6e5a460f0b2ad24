#include "collections/dataframe/isin_keys.h"

#include <fmt/format.h>

#include "collections/dataframe/partition_ops.h"
#include "kernels/table/key_kernels.h"

namespace plait {

std::string IsinKeys::describe() const { return fmt::format("{}", frame_meta(keys).empty().names().front()); }

Wanted IsinKeys::needs(std::size_t operand, const Wanted& wanted) const {
  return {.all_columns = true, .index = operand == 0 && wanted.index};
}

MetaPtr IsinKeys::infer_meta() const {
  const FrameMeta& rows = frame_meta(series);
  return with_schema(rows, infer(table_kernel::isin_keys(), {rows.empty(), frame_meta(keys).empty()}));
}

ExprPtr IsinKeys::lower() const {
  return make_expr<PartitionCall>(std::vector{series, make_expr<BuildKeys>(keys)}, table_kernel::isin_keys(),
                                  std::string(op_name), describe(), CallTraits{.rowwise = true, .keeps_rows = true});
}

MetaPtr BuildKeys::infer_meta() const { return make_frame_meta(frame_meta(keys).empty(), 1); }

BlockTask BuildKeys::block_task(std::int64_t) const {
  BlockTask task{.call = table_kernel::key_set()};
  for (std::int64_t i = 0; i < frame_meta(keys).npartitions(); ++i) task.inputs.push_back({.operand = 0, .block = i});
  return task;
}

}  // namespace plait
