// A column as the labels of the rows, with known divisions.
#pragma once

#include <string>

#include "collections/dataframe/frame_op.h"

namespace plait {

// Says at which labels partitions begin, for rows that are cut there.
struct WithDivisions final : PartitionOp<WithDivisions> {
  ExprPtr frame;
  Divisions divisions;
  static constexpr auto op_name = "with_divisions";
  static constexpr auto fields = std::tuple{&WithDivisions::frame, &WithDivisions::divisions};

  KernelCall kernel_call() const override;
  std::string describe() const override;
  Wanted needs(std::size_t, const Wanted& wanted) const override { return wanted; }
  bool keeps_rows() const override { return true; }

 protected:
  MetaPtr partition_meta(const FrameMeta& like, Table empty) const override;
};

// The rows in the order of a column, cut at `divisions`, which they are labelled by.
struct SetIndex final : Op<SetIndex>, FrameOp {
  ExprPtr frame;
  std::string column;
  Divisions divisions;
  static constexpr auto op_name = "set_index";
  static constexpr auto fields = std::tuple{&SetIndex::frame, &SetIndex::column, &SetIndex::divisions};

  std::string describe() const override;
  ExprPtr lower() const override;
  Wanted needs(std::size_t operand, const Wanted& wanted) const override;
  bool moves_rows() const override { return true; }
  MetaPtr infer_meta() const override;
};

// The labels at which a column's values would be cut into partitions of about equal size, and the last one: a series of
// one partition. Fewer than wanted where values repeat; values that are missing are not among them.
ExprPtr index_borders_expr(ExprPtr frame, const std::string& column, std::int64_t npartitions);

}  // namespace plait
