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

// The labels at which a column's values would be cut into partitions of about equal size, and the last one: a series of
// one partition. Fewer than wanted where values repeat; values that are missing are not among them.
ExprPtr index_borders_expr(ExprPtr frame, const std::string& column, std::int64_t npartitions);
// The rows in the order of a column, cut at `divisions`, which they are labelled by.
ExprPtr set_index_expr(ExprPtr frame, const std::string& column, Divisions divisions);

}  // namespace plait
