#include "collections/array/normalize_chunks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.h"
#include "collections/array/automatic_chunks.h"
#include "collections/array/axes.h"
#include "collections/array/limits.h"

namespace plait {
namespace {

std::string unit_of(std::size_t axis, std::size_t ndim) {
  if (axis == 0) return ndim == 1 ? "elements" : "rows";
  return axis == 1 && ndim == 2 ? "columns" : "elements there";
}

bool is_number(const AxisChunks& chunks) { return std::holds_alternative<std::int64_t>(chunks); }

// One entry an axis.
std::vector<AxisChunks> per_axis(const std::string& what, const ChunkSpec& spec, const Shape& shape,
                                 const Chunks* previous) {
  const std::size_t ndim = shape.size();
  if (const auto* one = std::get_if<AxisChunks>(&spec)) return std::vector<AxisChunks>(ndim, *one);
  if (const auto* by_axis = std::get_if<std::map<int, AxisChunks>>(&spec)) {
    std::vector<AxisChunks> all(ndim, KeepAxis{});
    for (const auto& [axis, chunks] : *by_axis) all[normalize_axis(what, axis, static_cast<int>(ndim))] = chunks;
    return all;
  }
  const auto& listed = std::get<std::vector<AxisChunks>>(spec);
  // (3, 2) for an array with one axis lists its blocks.
  if (ndim == 1 && listed.size() > 1 && std::all_of(listed.begin(), listed.end(), is_number)) {
    std::vector<std::int64_t> blocks;
    for (const AxisChunks& block : listed) blocks.push_back(std::get<std::int64_t>(block));
    return {blocks};
  }
  if (listed.empty() && std::all_of(shape.begin(), shape.end(), [](auto extent) { return extent == 0; })) {
    return std::vector<AxisChunks>(ndim, WholeAxis{});
  }
  if (ndim == 0) return {};
  if (listed.size() != ndim) {
    throw value_error(
        fmt::format("{}: chunks are given for {} {}, but the array has {} (shape {}); give one entry an axis", what,
                    listed.size(), listed.size() == 1 ? "axis" : "axes", ndim,
                    to_string(previous ? ArrayMeta(DType::bool_, *previous).shape() : shape)));
  }
  return listed;
}

std::vector<std::int64_t> blocks_of_extent(const std::string& what, std::size_t axis, std::int64_t block,
                                           std::int64_t extent) {
  if (block == 0 && extent == 0) return {0};
  if (block < 1) {
    throw value_error(fmt::format(
        "{}: the chunk extent along axis {} is {}, but a chunk has at least 1 element (-1 means the whole axis)", what,
        axis, block));
  }
  if (extent == kUnknownExtent) {
    throw value_error(fmt::format(
        "{}: the extent of axis {} is not known before it is computed, so it cannot be cut into chunks of {}; "
        "call compute_chunk_sizes() first",
        what, axis, block));
  }
  if (extent == 0) return {0};
  check_block_extent(what, axis, block, extent);
  std::vector<std::int64_t> blocks(static_cast<std::size_t>(extent / block), block);
  if (extent % block != 0) blocks.push_back(extent % block);
  return blocks;
}

void check_axis(const std::string& what, std::size_t axis, const std::vector<std::int64_t>& blocks,
                const Shape& shape) {
  if (blocks.empty()) {
    throw value_error(
        fmt::format("{}: no chunks are given along axis {}; an axis of extent zero has the chunks (0,)", what, axis));
  }
  bool is_unknown = shape[axis] == kUnknownExtent;
  for (std::int64_t block : blocks) {
    // Blocks without elements are what masks leave; they may be asked for again.
    if (block < (shape[axis] == kUnknownExtent ? kUnknownExtent : 0)) {
      throw value_error(
          fmt::format("{}: the chunk extents along axis {} are ({}), but no chunk has less than 0 elements", what, axis,
                      fmt::join(blocks, ", ")));
    }
    is_unknown = is_unknown || block == kUnknownExtent;
  }
  if (is_unknown) return;
  std::int64_t sum = 0;
  for (std::int64_t block : blocks) {
    if (__builtin_add_overflow(sum, block, &sum))
      throw value_error(fmt::format("{}: chunks along axis {} sum to more than 64 bits count", what, axis));
  }
  if (sum != shape[axis]) {
    throw value_error(fmt::format("{}: chunks along axis {} sum to {}, but the array has {} {}", what, axis, sum,
                                  shape[axis], unit_of(axis, shape.size())));
  }
}

// The size asked for in the specification; two different ones contradict each other.
std::optional<std::int64_t> wanted_bytes(const std::string& what, const std::vector<AxisChunks>& all) {
  std::optional<std::int64_t> found;
  for (const AxisChunks& chunks : all) {
    const auto* automatic = std::get_if<AutoAxis>(&chunks);
    if (!automatic || !automatic->num_bytes) continue;
    if (found && *found != *automatic->num_bytes) {
      throw value_error(fmt::format("{}: chunks are asked to have {} and {} bytes; give one size", what, *found,
                                    *automatic->num_bytes));
    }
    found = automatic->num_bytes;
  }
  return found;
}

}  // namespace

AxisChunks parse_axis_chunks(const std::string& text) {
  if (text == "auto") return AutoAxis{};
  const std::int64_t num_bytes = parse_bytes(text);
  if (num_bytes < 1) throw value_error(fmt::format("chunks: the size is '{}', expected more than 0 bytes", text));
  return AutoAxis{num_bytes};
}

void check_chunks(const std::string& what, const Chunks& chunks, const Shape& shape) {
  if (chunks.size() != shape.size()) {
    throw value_error(fmt::format("{}: chunks are given for {} axes, but the array has {} (shape {})", what,
                                  chunks.size(), shape.size(), to_string(shape)));
  }
  for (std::size_t axis = 0; axis < shape.size(); ++axis) check_axis(what, axis, chunks[axis], shape);
}

Chunks normalize_chunks(const std::string& what, const ChunkSpec& spec, const Shape& shape, DType dtype,
                        const Chunks* previous) {
  const std::vector<AxisChunks> all = per_axis(what, spec, shape, previous);
  check_shape(what, shape, dtype, true);
  Chunks chunks(shape.size());
  std::vector<int> automatic;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    const AxisChunks& wanted = all[axis];
    if (const auto* blocks = std::get_if<std::vector<std::int64_t>>(&wanted)) {
      check_axis(what, axis, *blocks, shape);
      chunks[axis] = *blocks;
    } else if (const auto* block = std::get_if<std::int64_t>(&wanted); block && *block != -1) {
      chunks[axis] = blocks_of_extent(what, axis, *block, shape[axis]);
    } else if (std::holds_alternative<AutoAxis>(wanted)) {
      automatic.push_back(static_cast<int>(axis));
    } else if (previous && std::holds_alternative<KeepAxis>(wanted)) {
      chunks[axis] = (*previous)[axis];
    } else {
      chunks[axis] = {shape[axis]};
    }
  }
  if (!automatic.empty()) {
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      if (shape[axis] != kUnknownExtent) continue;
      throw value_error(
          fmt::format("{}: the extent of axis {} is not known before it is computed, so chunks cannot be chosen; call "
                      "compute_chunk_sizes() first, or give the chunks",
                      what, axis));
    }
    fill_automatic_chunks(what, chunks, automatic, shape, wanted_bytes(what, all).value_or(automatic_chunk_bytes()),
                          dtype, previous);
  }
  return chunks;
}

}  // namespace plait
