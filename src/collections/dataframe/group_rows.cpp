#include "collections/dataframe/group_rows.h"

#include <algorithm>

#include "collections/dataframe/frame_kernels.h"
#include "collections/dataframe/merge.h"
#include "collections/dataframe/parted_reduction.h"
#include "collections/dataframe/partition_ops.h"
#include "collections/dataframe/shuffle.h"
#include "kernels/table/join.h"
#include "kernels/table/key_kernels.h"

namespace plait {
namespace {

// What is done with a group may take long, however few its bytes: so many parts there are at least, of as many
// partitions.
constexpr std::int64_t kParts = 16;

}  // namespace

MetaPtr Shuffle::infer_meta() const {
  const FrameMeta& meta = frame_meta(input);
  require_native({meta.empty()});
  // What cannot be a key is refused now.
  hash_partition(meta.empty(), {.keys = keys, .n = n});
  return make_frame_meta(meta.empty(), n, {}, meta.estimated_bytes());
}

Wanted Shuffle::needs(std::size_t, const Wanted& wanted) const {
  Wanted needed = wanted;
  needed.columns.insert(keys.begin(), keys.end());
  return needed;
}

ExprPtr Shuffle::lower() const { return hash_shuffle(input, keys, n); }

ExprPtr with_positions_expr(ExprPtr rows) {
  return make_expr<PartitionCall>(std::vector{std::move(rows)}, table_kernel::with_positions(),
                                  std::string("with_positions"), std::string(), CallTraits{.keeps_rows = true});
}

ExprPtr shuffle_expr(ExprPtr rows, std::vector<std::string> keys, std::int64_t n) {
  if (n < 0) throw value_error("shuffle: npartitions must be at least 1, found " + std::to_string(n));
  if (n == 0) n = frame_meta(rows).npartitions();
  return make_expr<Shuffle>(std::move(rows), std::move(keys), n);
}

ExprPtr rows_in_order_expr(ExprPtr rows, std::vector<std::string> keys) {
  const std::int64_t n = std::min(kParts, frame_meta(rows).npartitions());
  return sort_expr(std::move(rows), SortParams{.by = std::move(keys), .ascending = {true}}, n);
}

ExprPtr rows_together_expr(ExprPtr rows, std::vector<std::string> keys) {
  const std::int64_t for_memory = KeyedBytes(rows, Wanted::everything()).num_parts();
  const std::int64_t n = std::max(for_memory, std::min(kParts, frame_meta(rows).npartitions()));
  return shuffle_expr(with_positions_expr(std::move(rows)), std::move(keys), n);
}

MetaPtr InPlace::infer_meta() const {
  const FrameMeta& meta = frame_meta(like);
  row_source_ = has_all_rows ? row_source_of({like}) : nullptr;
  partition_source_ = partition_source_of({like});
  Table no_rows = without_positions(frame_meta(rows).empty(), {});
  return make_frame_meta(std::move(no_rows), meta.npartitions(), meta.divisions(), meta.estimated_bytes());
}

Wanted InPlace::needs(std::size_t operand, const Wanted& wanted) const {
  if (operand == 1) return {};
  Wanted needed = wanted;
  needed.columns.emplace(kPosition);
  return needed;
}

ExprPtr InPlace::lower() const {
  const FrameMeta& meta = frame_meta(like);
  const KernelCall by_partition = table_kernel::position_parts(PositionPartsParams{.n = meta.npartitions()});
  const ExprPtr splits =
      make_expr<Split>(rows, std::vector<ExprPtr>{}, by_partition, std::string("in_place-split"), meta.npartitions());
  return make_expr<CombineParts>(make_expr<Parts>(splits), table_kernel::in_order(InOrderParams{}),
                                 frame_meta(shared_from_this()).empty(), std::string(op()), meta.divisions());
}

}  // namespace plait
