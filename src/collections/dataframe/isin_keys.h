// Whether the rows of a series have a value that a column of another frame has: what lets a filter on one side of a
// join leave out rows of the other side before they are joined (reduce_joins.cpp).
#pragma once

#include <string>

#include "collections/dataframe/frame_op.h"

namespace plait {

// A series of bools. `keys` is a frame of one column, of the same type, in any number of partitions.
struct IsinKeys final : Op<IsinKeys>, FrameOp {
  ExprPtr series;
  ExprPtr keys;
  static constexpr auto op_name = "isin_keys";
  static constexpr auto fields = std::tuple{&IsinKeys::series, &IsinKeys::keys};

  std::string describe() const override;
  ExprPtr lower() const override;
  Wanted needs(std::size_t operand, const Wanted& wanted) const override;
  bool is_rowwise() const override { return true; }
  bool keeps_rows() const override { return true; }
  MetaPtr infer_meta() const override;
};

// The column as a KeySet: one block, made once for all that look into it.
struct BuildKeys final : Op<BuildKeys>, FrameOp {
  ExprPtr keys;
  static constexpr auto op_name = "build_keys";
  static constexpr auto fields = std::tuple{&BuildKeys::keys};

  BlockTask block_task(std::int64_t block) const override;
  MetaPtr infer_meta() const override;
};

}  // namespace plait
