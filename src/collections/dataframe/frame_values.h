// From partitions to blocks of an array.
#pragma once

#include <vector>

#include "collections/array/array_meta.h"
#include "collections/dataframe/frame_op.h"
#include "expr/expr.h"

namespace plait {

struct FrameValues final : Op<FrameValues> {
  ExprPtr frame;
  std::vector<std::int64_t> lengths;  // of the partitions; kUnknownExtent where only computing tells
  static constexpr auto op_name = "values";
  static constexpr auto type_name = "frame_values";
  static constexpr auto fields = std::tuple{&FrameValues::frame, &FrameValues::lengths};

  std::string describe() const override { return ""; }
  bool is_blockwise() const override { return true; }
  BlockTask block_task(std::int64_t block) const override;
  MetaPtr infer_meta() const override;
};

void register_frame_values_kernel();

}  // namespace plait
