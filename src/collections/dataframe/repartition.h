// Other partitions of the same rows in the same order.
#pragma once

#include <vector>

#include "collections/dataframe/frame_op.h"

namespace plait {

// Fewer: partition i holds the partitions from starts[i] up to starts[i + 1].
struct JoinPartitions final : Op<JoinPartitions>, FrameOp {
  ExprPtr frame;
  std::vector<std::int64_t> starts;
  static constexpr auto op_name = "repartition";
  static constexpr auto type_name = "join_partitions";
  static constexpr auto fields = std::tuple{&JoinPartitions::frame, &JoinPartitions::starts};

  BlockTask block_task(std::int64_t block) const override;
  Wanted needs(std::size_t, const Wanted& wanted) const override { return wanted; }
  MetaPtr infer_meta() const override;
};

// More: partition i is cut into pieces[i] even pieces.
struct SplitPartitions final : Op<SplitPartitions>, FrameOp {
  ExprPtr frame;
  std::vector<std::int64_t> pieces;
  static constexpr auto op_name = "repartition";
  static constexpr auto type_name = "split_partitions";
  static constexpr auto fields = std::tuple{&SplitPartitions::frame, &SplitPartitions::pieces};

  BlockTask block_task(std::int64_t block) const override;
  Wanted needs(std::size_t, const Wanted& wanted) const override { return wanted; }
  MetaPtr infer_meta() const override;
};

// At other labels: partition i holds the rows from divisions[i] up to divisions[i + 1], the last one with its end. The
// frame's own divisions are known.
struct CutPartitions final : Op<CutPartitions>, FrameOp {
  ExprPtr frame;
  Divisions divisions;
  static constexpr auto op_name = "repartition";
  static constexpr auto type_name = "cut_partitions";
  static constexpr auto fields = std::tuple{&CutPartitions::frame, &CutPartitions::divisions};

  std::string describe() const override;
  BlockTask block_task(std::int64_t block) const override;
  Wanted needs(std::size_t, const Wanted& wanted) const override;
  MetaPtr infer_meta() const override;
};

ExprPtr cut_expr(ExprPtr frame, Divisions divisions);
// Throws Error(value) where these are no divisions for the rows of the frame; with `force` they may reach beyond its
// own.
ExprPtr repartition_at_expr(ExprPtr frame, Divisions divisions, bool force);
// By the bytes of each partition.
ExprPtr repartition_by_size_expr(ExprPtr frame, const std::vector<double>& bytes, double limit);
// By Dask's rule.
ExprPtr repartition_expr(ExprPtr frame, std::int64_t npartitions);

}  // namespace plait
