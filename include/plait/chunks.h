// Chunks: how an array is cut into blocks, as arguments of functions that make or rechunk arrays.
//
//   chunks(1000)                  blocks of 1000 along every axis
//   chunks({1000, 500})           of 1000 along axis 0, of 500 along axis 1; -1 is the whole axis
//   chunks({{3, 3, 4}, {10}})     the extent of every block
//   chunks("auto"), chunks("100 MiB")    blocks of about the size that array.chunk-size says, or of that size
//   chunks({std::nullopt, 10})    keeps the chunks of axis 0 (rechunk); the whole axis (creation)
//   chunks_by_axis({{0, -1}})     axes that are not named keep their chunks (rechunk) or are whole (creation)
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plait/dtype.h"
#include "plait/export.h"

namespace plait {

// Along one axis: one extent for all blocks (-1: the whole axis), the extents of all blocks, "auto" or a size in bytes.
class PLAIT_API AxisExtents {
 public:
  AxisExtents(std::int64_t extent) : extents_{extent} {}  // NOLINT: implicit on purpose
  AxisExtents(int extent) : extents_{extent} {}           // NOLINT
  AxisExtents(std::initializer_list<std::int64_t> extents) : extents_(extents), lists_blocks_(true) {}
  AxisExtents(std::vector<std::int64_t> extents) : extents_(std::move(extents)), lists_blocks_(true) {}  // NOLINT
  AxisExtents(std::nullopt_t) : keeps_(true) {}                                                          // NOLINT
  AxisExtents(const char* text) : text_(text) {}                                                         // NOLINT
  AxisExtents(std::string text) : text_(std::move(text)) {}                                              // NOLINT

  const std::vector<std::int64_t>& extents() const { return extents_; }
  bool lists_blocks() const { return lists_blocks_; }
  bool keeps() const { return keeps_; }
  const std::string& text() const { return text_; }

 private:
  std::vector<std::int64_t> extents_;
  bool lists_blocks_ = false;
  bool keeps_ = false;
  std::string text_;
};

class PLAIT_API ChunkArgument {
 public:
  // "auto"
  ChunkArgument() : axes_{AxisExtents("auto")} {}
  static ChunkArgument same_everywhere(AxisExtents extents);
  static ChunkArgument per_axis(std::vector<AxisExtents> axes);
  static ChunkArgument by_axis(std::map<int, AxisExtents> axes);

  // The same with "auto" aiming at blocks of another size, such as "10 MiB".
  ChunkArgument with_block_size(const std::string& size) const;

  const std::vector<AxisExtents>& axes() const { return axes_; }
  const std::vector<int>& named_axes() const { return named_; }
  bool is_same_everywhere() const { return same_everywhere_; }
  bool is_by_axis() const { return by_axis_; }

 private:
  std::vector<AxisExtents> axes_;
  std::vector<int> named_;
  bool same_everywhere_ = true;
  bool by_axis_ = false;
};

inline ChunkArgument chunks(std::int64_t extent) { return ChunkArgument::same_everywhere(extent); }
inline ChunkArgument chunks(const char* text) { return ChunkArgument::same_everywhere(text); }
inline ChunkArgument chunks(std::initializer_list<AxisExtents> axes) { return ChunkArgument::per_axis(axes); }
inline ChunkArgument chunks(std::vector<AxisExtents> axes) { return ChunkArgument::per_axis(std::move(axes)); }
inline ChunkArgument chunks_by_axis(std::map<int, AxisExtents> axes) { return ChunkArgument::by_axis(std::move(axes)); }

// The extents of all blocks along each axis. Automatic chunks are cut along the boundaries of `previous`. Throws
// Error(value) where the chunks do not fit the shape; errors begin with `what`.
PLAIT_API std::vector<std::vector<std::int64_t>> normalize_chunks(
    const ChunkArgument& chunks, const std::vector<std::int64_t>& shape, DType dtype,
    const std::vector<std::vector<std::int64_t>>* previous = nullptr, const std::string& what = "chunks");

// The chunks in which arrays that are broadcast against each other can meet: every boundary that any of them has.
// Throws Error(value) where they do not broadcast.
PLAIT_API std::vector<std::vector<std::int64_t>> common_chunks(
    const std::vector<std::vector<std::vector<std::int64_t>>>& all, const std::string& what = "chunks");

}  // namespace plait
