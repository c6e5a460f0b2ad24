#include "collections/array/api/chunk_argument.h"

#include <fmt/format.h>

namespace plait {
namespace {

AxisChunks axis_chunks(const AxisExtents& extents) {
  if (!extents.text().empty()) return parse_axis_chunks(extents.text());
  if (extents.lists_blocks()) return extents.extents();
  if (extents.extents()[0] == -1) return WholeAxis{};
  return extents.extents()[0];
}

}  // namespace

ChunkArgument ChunkArgument::same_everywhere(AxisExtents extents) {
  ChunkArgument argument;
  argument.axes_ = {std::move(extents)};
  return argument;
}

ChunkArgument ChunkArgument::per_axis(std::vector<AxisExtents> axes) {
  ChunkArgument argument;
  argument.axes_ = std::move(axes);
  argument.same_everywhere_ = false;
  return argument;
}

ChunkArgument ChunkArgument::by_axis(std::map<int, AxisExtents> axes) {
  ChunkArgument argument = per_axis({});
  for (auto& [axis, extents] : axes) {
    argument.named_.push_back(axis);
    argument.axes_.push_back(std::move(extents));
  }
  return argument;
}

ChunkSpec chunk_spec(const ChunkArgument& argument) {
  if (argument.is_same_everywhere()) return axis_chunks(argument.axes()[0]);
  if (!argument.named_axes().empty()) {
    std::map<int, AxisChunks> named;
    for (std::size_t i = 0; i < argument.axes().size(); ++i)
      named[argument.named_axes()[i]] = axis_chunks(argument.axes()[i]);
    return named;
  }
  std::vector<AxisChunks> axes;
  for (const AxisExtents& extents : argument.axes()) axes.push_back(axis_chunks(extents));
  return axes;
}

}  // namespace plait
