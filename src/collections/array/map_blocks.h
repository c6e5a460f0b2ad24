// A Python function applied to blocks: what has no native operation.
#pragma once

#include "collections/array/array_meta.h"
#include "expr/expr.h"

namespace plait {

// Block i of the result is function(block of every array); from the right, axes of one block serve all blocks of the
// result.
struct MapBlocks final : Op<MapBlocks> {
  std::vector<ExprPtr> arrays;
  Value function;  // a parameter of the kernel "call_python"
  std::string label;
  DType dtype = DType::float64;
  Chunks chunks;
  // For each axis of the arrays, as they stand after broadcasting, the axis of the result that counts its blocks; -1:
  // none.
  std::vector<int> result_axis;
  static constexpr auto op_name = "map_blocks";
  static constexpr auto fields = std::tuple{&MapBlocks::arrays, &MapBlocks::function, &MapBlocks::label,
                                            &MapBlocks::dtype,  &MapBlocks::chunks,   &MapBlocks::result_axis};

  std::string_view op() const override { return label; }
  Origin origin() const override { return Origin::python; }
  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override { return make_array_meta(dtype, chunks); }
  BlockTask block_task(std::int64_t block) const override;
};

}  // namespace plait
