#include "collections/dataframe/repartition.h"

#include <fmt/format.h>

#include <numeric>

#include "collections/dataframe/frame_kernels.h"
#include "kernels/table/rows.h"

namespace plait {

MetaPtr JoinPartitions::infer_meta() const {
  const FrameMeta& meta = frame_meta(frame);
  Divisions divisions;
  if (meta.known_divisions()) {
    for (const std::int64_t start : starts) divisions.push_back(meta.divisions()[static_cast<std::size_t>(start)]);
  }
  return make_frame_meta(meta.empty(), static_cast<std::int64_t>(starts.size()) - 1, std::move(divisions),
                         meta.estimated_bytes());
}

BlockTask JoinPartitions::block_task(std::int64_t block) const {
  BlockTask task{.call = table_kernel::concat(partition_concat(frame_meta(frame).form()))};
  const auto i = static_cast<std::size_t>(block);
  for (std::int64_t part = starts[i]; part < starts[i + 1]; ++part)
    task.inputs.push_back({.operand = 0, .block = part});
  return task;
}

MetaPtr SplitPartitions::infer_meta() const {
  const FrameMeta& meta = frame_meta(frame);
  return make_frame_meta(meta.empty(), std::accumulate(pieces.begin(), pieces.end(), std::int64_t{0}), {},
                         meta.estimated_bytes());
}

BlockTask SplitPartitions::block_task(std::int64_t block) const {
  std::size_t partition = 0;
  while (block >= pieces[partition]) block -= pieces[partition++];
  return {.call = slice_part_kernel({block, pieces[partition]}),
          .inputs = {{.operand = 0, .block = static_cast<std::int64_t>(partition)}}};
}

ExprPtr repartition_expr(ExprPtr frame, std::int64_t npartitions) {
  const std::int64_t now = frame_meta(frame).npartitions();
  if (npartitions < 1)
    throw value_error(fmt::format("repartition: npartitions must be at least 1, found {}", npartitions));
  if (npartitions == now) return frame;
  if (npartitions < now) {
    std::vector<std::int64_t> starts;
    const double ratio = static_cast<double>(now) / static_cast<double>(npartitions);
    for (std::int64_t i = 0; i < npartitions; ++i)
      starts.push_back(static_cast<std::int64_t>(static_cast<double>(i) * ratio));
    starts.push_back(now);
    return make_expr<JoinPartitions>(std::move(frame), std::move(starts));
  }
  std::vector<std::int64_t> pieces(static_cast<std::size_t>(now), npartitions / now);
  pieces.back() += npartitions % now;
  return make_expr<SplitPartitions>(std::move(frame), std::move(pieces));
}

}  // namespace plait
