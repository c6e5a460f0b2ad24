// Blocks of an array, chosen as elements are.
#include <fmt/format.h>

#include <algorithm>

#include "collections/array/api/arguments.h"
#include "collections/array/array_meta.h"
#include "collections/array/slicing.h"
#include "plait/array/layout.h"

namespace plait {
namespace {

// Integers keep their axis here.
std::vector<AxisIndex> as_slices(const std::vector<AxisIndex>& index, const Array& array) {
  std::vector<AxisIndex> items;
  std::size_t axis = 0, lists = 0;
  for (const AxisIndex& one : index) {
    if (std::holds_alternative<NewAxis>(one.item()) || std::holds_alternative<AxisIndex::Lazy>(one.item()))
      throw value_error("None and lazy arrays are no index of blocks; give integers, slices or lists");
    lists += std::holds_alternative<std::vector<std::int64_t>>(one.item()) ||
             std::holds_alternative<std::vector<bool>>(one.item());
    if (std::holds_alternative<Ellipsis>(one.item())) {
      axis += array.chunks().size() + 1 - std::min(index.size(), array.chunks().size() + 1);
      items.push_back(one);
      continue;
    }
    const auto* number = std::get_if<std::int64_t>(&one.item());
    if (number && axis < array.chunks().size()) {
      const auto count = static_cast<std::int64_t>(array.chunks()[axis].size());
      if (*number < -count || *number >= count)
        throw index_error(fmt::format("block {} is out of range: axis {} has {} blocks", *number, axis, count));
      const std::int64_t at = *number < 0 ? *number + count : *number;
      items.emplace_back(slice(at, at + 1));
    } else {
      items.push_back(one);
    }
    ++axis;
  }
  if (lists > 1) throw value_error("blocks can only be indexed by one list; index the result again");
  return items;
}

// The numbers of the chosen blocks along each axis.
std::vector<std::vector<std::int64_t>> chosen_blocks(const Array& array, const std::vector<AxisIndex>& index) {
  Chunks grid;
  const Chunks chunks = array.chunks();
  for (const auto& blocks : chunks) grid.push_back({static_cast<std::int64_t>(blocks.size())});
  const ResolvedIndex resolved =
      resolve_index(index_items(as_slices(index, array)), ArrayMeta(DType::bool_, std::move(grid)));
  std::vector<std::vector<std::int64_t>> numbers;
  for (const auto& [start, count, step] : resolved.spans) {
    auto& along = numbers.emplace_back();
    for (std::int64_t i = 0; i < count; ++i) along.push_back(start + i * step);
  }
  for (const auto& [axis, positions] : resolved.takes) numbers[static_cast<std::size_t>(axis)] = positions;
  return numbers;
}

Array with_blocks(const Array& array, int axis, const std::vector<std::int64_t>& numbers, Location where) {
  const std::vector<std::int64_t> blocks = array.chunks()[static_cast<std::size_t>(axis)];
  std::vector<std::int64_t> ends(blocks.size() + 1, 0);
  bool is_whole = numbers.size() == blocks.size();
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    ends[i + 1] = ends[i] + blocks[i];
    is_whole = is_whole && numbers[i] == static_cast<std::int64_t>(i);
  }
  if (is_whole) return array;
  if (std::ranges::find(blocks, kUnknownExtent) != blocks.end())
    throw value_error("blocks of unknown extent cannot be chosen; call compute_chunk_sizes() first");
  std::vector<AxisIndex> part(static_cast<std::size_t>(axis) + 1, all);
  if (numbers.empty()) {
    part.back() = slice(0, 0);
    return array.get(part, where);
  }
  std::vector<Array> parts;
  for (const std::int64_t number : numbers) {
    const auto at = static_cast<std::size_t>(number);
    part.back() = slice(ends[at], ends[at + 1]);
    parts.push_back(array.get(part, where));
  }
  return concatenate(parts, axis, where);
}

}  // namespace

Array take_blocks(const Array& array, const std::vector<AxisIndex>& index, Location where) {
  const SourceScope scope = source_scope(where);
  const auto numbers = chosen_blocks(array, index);
  Array result = array;
  for (std::size_t axis = 0; axis < numbers.size(); ++axis)
    result = with_blocks(result, static_cast<int>(axis), numbers[axis], where);
  return result;
}

}  // namespace plait
