#include "collections/array/distinct.h"

#include <algorithm>

#include "collections/array/layout.h"
#include "collections/array/searching.h"
#include "kernels/array/sequence_part.h"

namespace plait {
namespace {

constexpr std::int64_t kBlocksCombined = 8;

ExprPtr part_of(const ExprPtr& answers, std::int64_t part, DType dtype) {
  return make_expr<DistinctPart>(answers, part, dtype);
}

}  // namespace

MetaPtr DistinctBlocks::infer_meta() const {
  const std::int64_t blocks = array->meta().num_blocks();
  const auto count = static_cast<std::size_t>(group == 0 ? blocks : (blocks + group - 1) / group);
  return make_array_meta(array_meta(array).dtype(), {std::vector<std::int64_t>(count, kUnknownExtent)});
}

BlockTask DistinctBlocks::block_task(std::int64_t block) const {
  BlockTask task;
  DistinctParams own = params;
  if (group == 0) {
    task.inputs = {{0, block}};
    if (own.wants_positions) own.first_position = array_meta(array).block_start(block)[0];
  } else {
    for (std::int64_t at = block * group; at < std::min((block + 1) * group, array->meta().num_blocks()); ++at)
      task.inputs.push_back({0, at});
  }
  task.call = group == 0 ? distinct_kernel(own) : merge_distinct_kernel(own);
  return task;
}

MetaPtr DistinctPart::infer_meta() const { return make_array_meta(dtype, array_meta(array).chunks()); }

BlockTask DistinctPart::block_task(std::int64_t block) const {
  return {.call = sequence_part_kernel({part}), .inputs = {{0, block}}};
}

ExprPtr distinct_blocks(ExprPtr array) {
  const DType dtype = array_meta(array).dtype();
  return part_of(make_expr<DistinctBlocks>(std::move(array), DistinctParams{}), 0, dtype);
}

Distinct unique(ExprPtr array, const DistinctOptions& options) {
  // Where elements stand matters for positions; the rest can come from the blocks as they are.
  const ExprPtr shaped = array;
  if (options.wants_positions) array = reshape(std::move(array), {-1});
  const ArrayMeta& from = array_meta(array);
  if (options.wants_positions && !from.is_known()) {
    throw value_error(
        "unique: return_index needs the extents of all chunks, which are not known before they are computed; call "
        "compute_chunk_sizes() first");
  }
  const DistinctParams params{options.wants_positions, options.wants_counts};
  ExprPtr answers = make_expr<DistinctBlocks>(array, params);
  while (answers->meta().num_blocks() > 1) answers = make_expr<DistinctBlocks>(answers, params, kBlocksCombined);

  Distinct found;
  found.values = part_of(answers, 0, from.dtype());
  std::int64_t part = 1;
  if (options.wants_positions) found.positions = part_of(answers, part++, DType::int64);
  if (options.wants_counts) found.counts = part_of(answers, part, DType::int64);
  if (options.wants_inverse) found.inverse = searchsorted(found.values, shaped, false);
  return found;
}

}  // namespace plait
