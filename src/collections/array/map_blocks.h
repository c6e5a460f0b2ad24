// A Python function applied to blocks: what has no native operation.
#pragma once

#include "base/shared.h"
#include "collections/array/array_meta.h"
#include "expr/expr.h"

namespace plait {

// Block i of the result is function(i, shape of block i, blocks...): of every array, the block that goes with i; all
// blocks along the axes that the result does not count, in C order.
struct MapBlocks final : Op<MapBlocks> {
  std::vector<ExprPtr> arrays;
  Shared<Value> function;
  std::string label;
  DType dtype = DType::float64;
  Chunks chunks;
  // For each axis of each array, the axis of the result that counts its blocks; -1: none. An axis of one block serves
  // all blocks of the result.
  std::vector<std::vector<int>> result_axes;
  static constexpr auto op_name = "map_blocks";
  static constexpr auto fields = std::tuple{&MapBlocks::arrays, &MapBlocks::function, &MapBlocks::label,
                                            &MapBlocks::dtype,  &MapBlocks::chunks,   &MapBlocks::result_axes};

  std::string_view op() const override { return label; }
  Origin origin() const override { return Origin::python; }
  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override { return make_array_meta(dtype, chunks); }
  BlockTask block_task(std::int64_t block) const override;
};

// The blocks of the arrays that go with block `index` of the result.
std::vector<BlockTask::Input> blocks_of_arrays(const std::vector<ExprPtr>& arrays,
                                               const std::vector<std::vector<int>>& result_axes,
                                               const std::vector<std::int64_t>& index);

struct BlockCall {
  Shared<Value> function;
  std::vector<std::int64_t> index;
  Shape shape;  // kUnknownExtent where only the function tells
  static constexpr auto fields = std::tuple{&BlockCall::function, &BlockCall::index, &BlockCall::shape};
};
// Calls a Python function; defined by the Python face.
inline constinit KernelId<BlockCall> call_python_on_block{"call_python_on_block"};

}  // namespace plait
