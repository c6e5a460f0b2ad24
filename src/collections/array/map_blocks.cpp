#include "collections/array/map_blocks.h"

namespace plait {

BlockTask MapBlocks::block_task(std::int64_t block) const {
  static const Kernel* kernel = find_kernel("call_python");
  const auto& known = static_cast<const ArrayMeta&>(meta());
  const auto index = unravel(block, known.grid());
  BlockTask task{
      .kernel = kernel, .params = std::make_shared<const Value>(function), .output_bytes = known.block_bytes(block)};
  for (std::uint32_t operand = 0; operand < arrays.size(); ++operand) {
    const auto grid = arrays[operand]->meta().grid();
    const std::size_t lead = result_axis.size() - grid.size();
    std::vector<std::int64_t> source(grid.size(), 0);
    for (std::size_t axis = 0; axis < grid.size(); ++axis) {
      const int counted = result_axis[axis + lead];
      if (grid[axis] > 1 && counted >= 0) source[axis] = index[counted];
    }
    task.inputs.push_back({operand, ravel(source, grid)});
  }
  return task;
}

}  // namespace plait
