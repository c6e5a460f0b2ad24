// A Python function applied to blocks: what has no native operation.
#pragma once

#include <optional>
#include <vector>

#include "base/shared.h"
#include "collections/array/array_meta.h"
#include "expr/expr.h"

namespace plait {

// How many blocks of each array come together along each of its axes.
using BlockCounts = std::vector<std::vector<std::int64_t>>;

// Block i of the result is function(i, its shape, its first element, blocks...): of every array, the block that goes
// with i; along the axes that the result does not count all blocks, joined to one or one by one in C order.
struct MapBlocks final : Op<MapBlocks> {
  std::vector<ExprPtr> arrays;
  Shared<Value> function;
  std::string label;
  DType dtype = DType::float64;
  Chunks chunks;
  // For each axis of each array, the axis of the result that counts its blocks; -1: none. An axis of one block serves
  // all blocks of the result.
  std::vector<std::vector<int>> result_axes;
  bool joins = true;
  std::string reason;  // why the work is not native; nothing where it is the user's own function
  static constexpr auto op_name = "map_blocks";
  static constexpr auto fields =
      std::tuple{&MapBlocks::arrays, &MapBlocks::function,    &MapBlocks::label, &MapBlocks::dtype,
                 &MapBlocks::chunks, &MapBlocks::result_axes, &MapBlocks::joins, &MapBlocks::reason};

  std::string_view op() const override { return label; }
  Origin origin() const override { return Origin::python; }
  std::string describe() const override { return reason; }
  MetaPtr infer_meta() const override { return make_array_meta(dtype, chunks); }
  BlockTask block_task(std::int64_t block) const override;
};

// The blocks of the arrays that go with block `index` of the result.
std::vector<BlockTask::Input> blocks_of_arrays(const std::vector<ExprPtr>& arrays,
                                               const std::vector<std::vector<int>>& result_axes,
                                               const std::vector<std::int64_t>& index);

// Of those blocks.
BlockCounts block_counts(const std::vector<ExprPtr>& arrays, const std::vector<std::vector<int>>& result_axes);
// One block of each array: those that come together are joined, also where only they know their extents.
std::vector<Value> joined_blocks(Inputs inputs, const BlockCounts& counts);

struct BlockCall {
  Shared<Value> function;
  std::vector<std::int64_t> index;
  Shape shape, start;                 // kUnknownExtent where only computing tells
  std::optional<BlockCounts> joined;  // nothing: blocks are given as they are
  static constexpr auto fields =
      std::tuple{&BlockCall::function, &BlockCall::index, &BlockCall::shape, &BlockCall::start, &BlockCall::joined};
};
// Calls a Python function; defined by the Python face.
inline constinit KernelId<BlockCall> call_python_on_block{"call_python_on_block"};

}  // namespace plait
