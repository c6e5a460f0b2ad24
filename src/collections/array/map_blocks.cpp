#include "collections/array/map_blocks.h"

#include "base/check.h"

namespace plait {
namespace {

// The blocks of one array that go with a block of the result, in C order.
std::vector<std::int64_t> source_blocks(const std::vector<std::int64_t>& grid, const std::vector<int>& result_axes,
                                        const std::vector<std::int64_t>& index) {
  PLAIT_CHECK(result_axes.size() == grid.size());
  std::vector<std::int64_t> flat = {0};
  for (std::size_t axis = 0; axis < grid.size(); ++axis) {
    const int counted = result_axes[axis];
    std::vector<std::int64_t> next;
    for (std::int64_t outer : flat) {
      if (grid[axis] == 1) {
        next.push_back(outer);
      } else if (counted >= 0) {
        next.push_back(outer * grid[axis] + index[counted]);
      } else {
        for (std::int64_t block = 0; block < grid[axis]; ++block) next.push_back(outer * grid[axis] + block);
      }
    }
    flat = std::move(next);
  }
  return flat;
}

}  // namespace

std::vector<BlockTask::Input> blocks_of_arrays(const std::vector<ExprPtr>& arrays,
                                               const std::vector<std::vector<int>>& result_axes,
                                               const std::vector<std::int64_t>& index) {
  std::vector<BlockTask::Input> inputs;
  for (std::uint32_t operand = 0; operand < arrays.size(); ++operand) {
    for (std::int64_t source : source_blocks(arrays[operand]->meta().grid(), result_axes.at(operand), index))
      inputs.push_back({operand, source});
  }
  return inputs;
}

BlockTask MapBlocks::block_task(std::int64_t block) const {
  const auto& known = static_cast<const ArrayMeta&>(meta());
  BlockCall call{function, unravel(block, known.grid()), known.block_shape(block)};
  BlockTask task{.output_bytes = known.block_bytes(block)};
  task.inputs = blocks_of_arrays(arrays, result_axes, call.index);
  task.call = call_python_on_block(std::move(call));
  return task;
}

}  // namespace plait
