// Operations along the rows: a row of the result depends on rows before it (or after it), in other partitions too.
// Running sums, shifts, fills and windows are all of this kind.
//
// Each partition is cut down to a small table, its edge: what other partitions need of it. The edges are put together
// by a scan in which partition i takes only those before it (after it), a few a task; then each partition is worked on
// by itself, with what came of the edges. So the work is spread over all partitions, and the first rows of a result
// wait for no partition behind them.
#pragma once

#include <string>
#include <vector>

#include "collections/dataframe/frame_op.h"

namespace plait {

// How edges are made and put together; no kernels where that side is not looked at.
struct EdgeCalls {
  KernelCall edge;     // a partition -> its edge
  KernelCall combine;  // edges, in the order of the rows -> one
  static constexpr auto fields = std::tuple{&EdgeCalls::edge, &EdgeCalls::combine};
};

struct RowScan final : Op<RowScan>, FrameOp {
  ExprPtr input;
  std::string label;
  std::string text;  // of the parameters, for explain()
  EdgeCalls before;
  EdgeCalls after;
  KernelCall local;  // {partition, edge of the rows before it, edge of those after it} -> one row for each row
  bool needs_index = false;
  static constexpr auto op_name = "row_scan";
  static constexpr auto fields = std::tuple{&RowScan::input, &RowScan::label, &RowScan::text,       &RowScan::before,
                                            &RowScan::after, &RowScan::local, &RowScan::needs_index};

  std::string_view op() const override { return label; }
  std::string describe() const override { return text; }
  ExprPtr lower() const override;
  Wanted needs(std::size_t operand, const Wanted& wanted) const override;
  bool moves_rows() const override { return true; }
  bool keeps_rows() const override { return true; }
  ExprPtr row_source() const override { return row_source_; }
  ExprPtr partition_source() const override { return partition_source_; }
  MetaPtr infer_meta() const override;

 private:
  // Found when the node is made.
  mutable ExprPtr row_source_;
  mutable ExprPtr partition_source_;
};

// Of each partition, the edges of the rows before it as one; edges are of whole rows.
ExprPtr edges_before(const ExprPtr& edges, const KernelCall& combine);

// Block i: the edges before (after) partition i as one. `outer`, if given, has that for whole groups of partitions.
struct EdgesBeside final : Op<EdgesBeside>, FrameOp {
  ExprPtr edges;
  std::vector<ExprPtr> outer;
  KernelCall combine;
  bool after = false;
  static constexpr auto op_name = "edges";
  static constexpr auto fields =
      std::tuple{&EdgesBeside::edges, &EdgesBeside::outer, &EdgesBeside::combine, &EdgesBeside::after};

  std::string_view op() const override { return after ? "edges_after" : "edges_before"; }
  std::string describe() const override { return ""; }
  BlockTask block_task(std::int64_t block) const override;
  MetaPtr infer_meta() const override;
};

}  // namespace plait
