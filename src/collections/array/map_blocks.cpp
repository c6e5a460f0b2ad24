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

NdArray join_blocks(Inputs blocks, const std::vector<std::int64_t>& counts) {
  const auto block = [&](const std::vector<std::int64_t>& index) -> const NdArray& {
    return blocks[static_cast<std::size_t>(ravel(index, counts))].as<NdArray>();
  };
  Shape shape;
  std::vector<std::vector<std::int64_t>> starts(counts.size());
  for (std::size_t axis = 0; axis < counts.size(); ++axis) {
    std::vector<std::int64_t> index(counts.size(), 0);
    std::int64_t extent = 0;
    for (; index[axis] < counts[axis]; ++index[axis]) {
      starts[axis].push_back(extent);
      extent += block(index).shape()[axis];
    }
    shape.push_back(extent);
  }
  NdArray whole = NdArray::empty(blocks[0].as<NdArray>().dtype(), shape);
  for (std::size_t flat = 0; flat < blocks.size(); ++flat) {
    const auto index = unravel(static_cast<std::int64_t>(flat), counts);
    const NdArray& part = block(index);
    NdArray place = whole;
    for (std::size_t axis = 0; axis < counts.size(); ++axis)
      place = place.sliced(static_cast<int>(axis), starts[axis][index[axis]], part.shape()[axis]);
    place.assign(part);
  }
  return whole;
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

BlockCounts block_counts(const std::vector<ExprPtr>& arrays, const std::vector<std::vector<int>>& result_axes) {
  BlockCounts counts;
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    counts.push_back(arrays[i]->meta().grid());
    for (std::size_t axis = 0; axis < counts[i].size(); ++axis) {
      if (result_axes[i][axis] >= 0) counts[i][axis] = 1;
    }
  }
  return counts;
}

std::vector<Value> joined_blocks(Inputs inputs, const BlockCounts& counts) {
  std::vector<Value> blocks;
  for (const auto& own : counts) {
    const auto number = static_cast<std::size_t>(num_elements(own));
    const Inputs together = inputs.first(number);
    blocks.push_back(number == 1 ? together[0] : Value::of(join_blocks(together, own)));
    inputs = inputs.subspan(number);
  }
  return blocks;
}

BlockTask MapBlocks::block_task(std::int64_t block) const {
  const auto& known = static_cast<const ArrayMeta&>(meta());
  BlockCall call{function, unravel(block, known.grid()), known.block_shape(block), known.block_start(block)};
  if (joins) call.joined = block_counts(arrays, result_axes);
  BlockTask task{.output_bytes = known.block_bytes(block)};
  task.inputs = blocks_of_arrays(arrays, result_axes, call.index);
  task.call = call_python_on_block(std::move(call));
  return task;
}

}  // namespace plait
