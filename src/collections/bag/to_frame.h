// A bag's partitions as partitions of a frame.
#pragma once

#include "base/shared.h"
#include "collections/dataframe/frame_op.h"

namespace plait {

// A Python function makes a pandas object of each partition.
struct BagToFrame final : Op<BagToFrame>, FrameOp {
  ExprPtr bag;
  Shared<Value> function;
  Table schema;  // no rows
  static constexpr auto op_name = "to_dataframe";
  static constexpr auto fields = std::tuple{&BagToFrame::bag, &BagToFrame::function, &BagToFrame::schema};

  std::string describe() const override { return ""; }
  Origin origin() const override { return Origin::python; }
  bool is_blockwise() const override { return true; }
  BlockTask block_task(std::int64_t block) const override;
  MetaPtr infer_meta() const override;
};

}  // namespace plait
