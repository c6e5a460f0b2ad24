// The last step of operations that fail where there is nothing: the label of the smallest of no values, rows by labels
// that no row has.
#pragma once

#include <string>

#include "collections/dataframe/frame_op.h"

namespace plait {

// A call on one partition whose schema cannot be seen from what the kernel makes of no rows: that is an error.
struct FinalStep final : Op<FinalStep>, FrameOp {
  ExprPtr partial;  // one partition
  KernelCall kernel;
  Table schema;
  std::string label;
  static constexpr auto op_name = "final_step";
  static constexpr auto fields =
      std::tuple{&FinalStep::partial, &FinalStep::kernel, &FinalStep::schema, &FinalStep::label};

  std::string_view op() const override { return label; }
  std::string describe() const override { return ""; }
  BlockTask block_task(std::int64_t) const override { return {.call = kernel, .inputs = {{.operand = 0, .block = 0}}}; }
  MetaPtr infer_meta() const override { return make_frame_meta(schema, 1); }
};

}  // namespace plait
