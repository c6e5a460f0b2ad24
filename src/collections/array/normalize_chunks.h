// Chunks as users write them, made explicit by the rules of Dask.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "collections/array/array_meta.h"

namespace plait {

// The whole axis in one block: -1 or None.
struct WholeAxis {
  bool operator==(const WholeAxis&) const = default;
};
// As the array had it before (rechunk only); the whole axis where there was none.
struct KeepAxis {
  bool operator==(const KeepAxis&) const = default;
};
// Blocks of about the size that the setting array.chunk-size asks for, or of `num_bytes`.
struct AutoAxis {
  std::optional<std::int64_t> num_bytes;
  bool operator==(const AutoAxis&) const = default;
};
// Along one axis: blocks of one extent, the extents of all blocks, or one of the words above.
using AxisChunks = std::variant<std::int64_t, std::vector<std::int64_t>, WholeAxis, KeepAxis, AutoAxis>;
// The same for every axis, or for each.
using ChunkSpec = std::variant<AxisChunks, std::vector<AxisChunks>, std::map<int, AxisChunks>>;

// "auto" or a size in bytes such as "100 MiB".
AxisChunks parse_axis_chunks(const std::string& text);

// `what` starts the error text ("rechunk", "chunks"). `previous` guides automatic chunks and fills KeepAxis. Throws
// Error(value) when extents are zero or negative, do not sum to the shape or are given for another number of axes.
Chunks normalize_chunks(const std::string& what, const ChunkSpec& spec, const Shape& shape, DType dtype,
                        const Chunks* previous = nullptr);
// Explicit chunks checked against a shape.
void check_chunks(const std::string& what, const Chunks& chunks, const Shape& shape);

}  // namespace plait
