// Of equal rows one, or none, over all partitions: drop_duplicates, duplicated, unique. Each partition sends the keys
// of its rows, with their positions, to parts by a hash of the keys; a part decides which positions are kept, and each
// partition takes its rows at those that come back (kernels/table/distinct.h).
#pragma once

#include <string>
#include <vector>

#include "collections/dataframe/frame_op.h"
#include "kernels/table/distinct.h"

namespace plait {

struct DistinctRows final : Op<DistinctRows>, FrameOp {
  ExprPtr input;
  KeptRowsParams params;
  bool marks = false;          // a row of the result for every row: whether it is a duplicate
  std::int64_t num_parts = 1;  // that keys are sent to
  static constexpr auto op_name = "distinct_rows";
  static constexpr auto fields =
      std::tuple{&DistinctRows::input, &DistinctRows::params, &DistinctRows::marks, &DistinctRows::num_parts};

  std::string_view op() const override { return marks ? "duplicated" : "drop_duplicates"; }
  std::string describe() const override;
  ExprPtr lower() const override;
  Wanted needs(std::size_t operand, const Wanted& wanted) const override;
  ExprPtr narrowed(const Wanted& wanted) const override;
  bool moves_rows() const override { return true; }
  bool keeps_rows() const override { return marks; }
  ExprPtr row_source() const override { return row_source_; }
  ExprPtr partition_source() const override { return partition_source_; }
  MetaPtr infer_meta() const override;

 private:
  ExprPtr kept_positions(const ExprPtr& rows) const;

  // Found when the node is made.
  mutable ExprPtr row_source_;
  mutable ExprPtr partition_source_;
};

// Partition i of the result: a call on the rows of partition i and what each part sent back for it.
struct TakeKept final : Op<TakeKept>, FrameOp {
  ExprPtr rows;
  ExprPtr positions;  // block (j, i): part j's positions in partition i
  KernelCall kernel;
  std::string label;
  Divisions divisions;  // those of the rows before
  static constexpr auto op_name = "take_kept";
  static constexpr auto fields =
      std::tuple{&TakeKept::rows, &TakeKept::positions, &TakeKept::kernel, &TakeKept::label, &TakeKept::divisions};

  std::string_view op() const override { return label; }
  std::string describe() const override { return ""; }
  BlockTask block_task(std::int64_t block) const override;
  MetaPtr infer_meta() const override;
};

ExprPtr drop_duplicates_expr(ExprPtr rows, const DropDuplicatesParams& params);
// A series of bools.
ExprPtr duplicated_expr(ExprPtr rows, Keep keep);
// The different values of a series in order of first appearance, a missing one included; a series that counts from 0.
ExprPtr unique_expr(ExprPtr series);
// Rows labelled 0, 1, 2, ... through all partitions.
ExprPtr numbered_expr(ExprPtr rows);
// "first", "last" or "none" of equal rows are kept.
Keep parse_keep(const std::string& text);

}  // namespace plait
