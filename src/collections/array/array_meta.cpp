#include "collections/array/array_meta.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "collections/array/limits.h"

namespace plait {
namespace {

std::int64_t extent_of(const std::vector<std::int64_t>& blocks) {
  std::int64_t extent = 0;
  for (std::int64_t block : blocks) {
    if (block == kUnknownExtent) return kUnknownExtent;
    if (__builtin_add_overflow(extent, block, &extent))
      throw value_error("the extents of an array's chunks along one axis sum to more than 64 bits count");
  }
  return extent;
}

// Every array has a meta, so this is where sizes are bounded, however they came about.
void check_size(const Chunks& chunks, const Shape& shape, DType dtype) {
  check_shape("an array", shape, dtype, true);
  std::int64_t num_blocks = 1;
  for (const auto& blocks : chunks) num_blocks = bounded_product(num_blocks, static_cast<std::int64_t>(blocks.size()));
  if (num_blocks <= kMostBlocks) return;
  throw value_error(fmt::format("an array of shape {} would have {} chunks, expected at most {}; give larger chunks",
                                to_string(shape), num_blocks, kMostBlocks));
}

Shape shape_of(const Chunks& chunks) {
  Shape shape;
  for (const auto& blocks : chunks) shape.push_back(extent_of(blocks));
  return shape;
}

// Where the block begins in the memory of the whole array.
std::int64_t offset_bytes(const Shape& start, const Shape& strides) {
  std::int64_t offset = 0;
  for (std::size_t axis = 0; axis < start.size(); ++axis) offset += start[axis] * strides[axis];
  return offset;
}

// A block of extent one along an axis may have any stride there.
bool has_strides(const NdArray& block, const Shape& strides) {
  for (int axis = 0; axis < block.ndim(); ++axis) {
    if (block.shape()[axis] > 1 && block.strides()[axis] != strides[axis]) return false;
  }
  return true;
}

NdArray place_of(const NdArray& whole, const Shape& start, const Shape& shape) {
  return whole.with_layout(shape, whole.strides(), offset_bytes(start, whole.strides()));
}

// Extents along each axis, read off the blocks where they were not known before.
Chunks found_chunks(const ArrayMeta& meta, const std::vector<Value>& blocks) {
  Chunks chunks = meta.chunks();
  const auto grid = meta.grid();
  for (std::size_t block = 0; block < blocks.size(); ++block) {
    const auto index = unravel(static_cast<std::int64_t>(block), grid);
    const Shape& shape = blocks[block].as<NdArray>().shape();
    PLAIT_CHECK(shape.size() == chunks.size());
    for (std::size_t axis = 0; axis < chunks.size(); ++axis) {
      std::int64_t& extent = chunks[axis][index[axis]];
      if (extent == kUnknownExtent) extent = shape[axis];
      if (extent == shape[axis]) continue;
      throw value_error(
          fmt::format("the blocks of an array do not fit together: block {} has shape {}, but its neighbours have {} "
                      "elements along "
                      "axis {}",
                      to_string(index), to_string(shape), extent, axis));
    }
  }
  return chunks;
}

}  // namespace

ArrayMeta::ArrayMeta(DType dtype, Chunks chunks)
    : dtype_(dtype), chunks_(std::move(chunks)), shape_(shape_of(chunks_)) {
  check_size(chunks_, shape_, dtype_);
  for (const auto& blocks : chunks_) {
    auto& starts = starts_.emplace_back();
    std::int64_t start = 0;
    for (std::int64_t block : blocks) {
      starts.push_back(start);
      start = start == kUnknownExtent || block == kUnknownExtent ? kUnknownExtent : start + block;
    }
  }
}

bool ArrayMeta::is_known() const { return std::find(shape_.begin(), shape_.end(), kUnknownExtent) == shape_.end(); }

Shape ArrayMeta::block_shape(std::int64_t block) const {
  Shape shape(chunks_.size());
  for (int axis = ndim() - 1; axis >= 0; --axis) {
    const auto count = static_cast<std::int64_t>(chunks_[axis].size());
    shape[axis] = chunks_[axis][block % count];
    block /= count;
  }
  return shape;
}

Shape ArrayMeta::block_start(std::int64_t block) const {
  Shape start(chunks_.size());
  for (int axis = ndim() - 1; axis >= 0; --axis) {
    const auto count = static_cast<std::int64_t>(chunks_[axis].size());
    start[axis] = starts_[axis][block % count];
    block /= count;
  }
  return start;
}

std::uint64_t ArrayMeta::block_bytes(std::int64_t block) const {
  const Shape shape = block_shape(block);
  if (std::find(shape.begin(), shape.end(), kUnknownExtent) != shape.end()) return 0;
  return static_cast<std::uint64_t>(num_elements(shape)) * item_size(dtype_);
}

std::vector<std::int64_t> ArrayMeta::grid() const {
  std::vector<std::int64_t> grid;
  for (const auto& blocks : chunks_) grid.push_back(static_cast<std::int64_t>(blocks.size()));
  return grid;
}

std::string ArrayMeta::describe() const {
  std::string shape = to_string(shape_);
  for (auto at = shape.find("-1"); at != std::string::npos; at = shape.find("-1")) shape.replace(at, 2, "nan");
  return fmt::format("{} {} in {} chunks", name(dtype_), shape, to_string(grid()));
}

Value ArrayMeta::assemble(std::vector<Value> blocks) const {
  PLAIT_CHECK(static_cast<std::int64_t>(blocks.size()) == num_blocks());
  if (!is_known()) return ArrayMeta(dtype_, found_chunks(*this, blocks)).assemble(std::move(blocks));
  if (blocks.size() == 1) return blocks.front();

  // Blocks that were written to their destination stand side by side already.
  const Shape strides = contiguous_strides(shape_, item_size(dtype_));
  const auto& first = blocks.front().as<NdArray>();
  bool in_place = true;
  for (std::size_t i = 0; i < blocks.size() && in_place; ++i) {
    const auto& block = blocks[i].as<NdArray>();
    in_place = block.owner() == first.owner() && has_strides(block, strides) &&
               block.bytes() == first.bytes() + offset_bytes(block_start(static_cast<std::int64_t>(i)), strides);
  }
  if (in_place) return Value::of(NdArray::wrap(dtype_, shape_, strides, first.bytes(), first.owner()));

  NdArray whole = NdArray::empty(dtype_, shape_);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const auto block = static_cast<std::int64_t>(i);
    place_of(whole, block_start(block), block_shape(block)).assign(blocks[i].as<NdArray>());
    blocks[i] = Value();
  }
  return Value::of(std::move(whole));
}

std::vector<NdArray> ArrayMeta::destinations() const {
  if (!is_known()) return {};
  const NdArray whole = NdArray::empty(dtype_, shape_);
  std::vector<NdArray> places;
  for (std::int64_t block = 0; block < num_blocks(); ++block) {
    places.push_back(place_of(whole, block_start(block), block_shape(block)));
  }
  return places;
}

void ArrayMeta::encode_fields(Encoder& to) const {
  encode(to, dtype_);
  encode(to, chunks_);
}
MetaPtr ArrayMeta::read(Decoder& from) {
  const auto dtype = decode<DType>(from);
  return make_array_meta(dtype, decode<Chunks>(from));
}

const ArrayMeta& array_meta(const ExprPtr& expr) {
  const auto* meta = dynamic_cast<const ArrayMeta*>(&expr->meta());
  PLAIT_CHECK(meta != nullptr);
  return *meta;
}

MetaPtr make_array_meta(DType dtype, Chunks chunks) {
  return std::make_shared<const ArrayMeta>(dtype, std::move(chunks));
}

std::vector<std::int64_t> unravel(std::int64_t flat, const std::vector<std::int64_t>& grid) {
  std::vector<std::int64_t> index(grid.size());
  for (auto axis = static_cast<int>(grid.size()) - 1; axis >= 0; --axis) {
    index[axis] = flat % grid[axis];
    flat /= grid[axis];
  }
  return index;
}

std::int64_t ravel(const std::vector<std::int64_t>& index, const std::vector<std::int64_t>& grid) {
  std::int64_t flat = 0;
  for (std::size_t axis = 0; axis < grid.size(); ++axis) flat = flat * grid[axis] + index[axis];
  return flat;
}

}  // namespace plait
