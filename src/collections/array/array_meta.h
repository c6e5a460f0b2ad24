// What is known of a lazy array: its dtype, and its chunks along every axis, whose sums are the shape.
#pragma once

#include <string>
#include <vector>

#include "expr/expr.h"
#include "kernels/array/span.h"
#include "plait/dtype.h"
#include "plait/ndarray.h"

namespace plait {

// Extents of the blocks along each axis; kUnknownExtent where only computing tells.
using Chunks = std::vector<std::vector<std::int64_t>>;

class ArrayMeta final : public Meta {
 public:
  ArrayMeta(DType dtype, Chunks chunks);

  DType dtype() const { return dtype_; }
  const Chunks& chunks() const { return chunks_; }
  // kUnknownExtent for an axis with an unknown chunk.
  const Shape& shape() const { return shape_; }
  int ndim() const { return static_cast<int>(chunks_.size()); }
  bool is_known() const;  // no unknown extent

  // The extents of one block, given its flat position in the grid, and where it starts in the array.
  Shape block_shape(std::int64_t block) const;
  Shape block_start(std::int64_t block) const;
  std::uint64_t block_bytes(std::int64_t block) const;  // 0 if unknown

  std::vector<std::int64_t> grid() const override;
  std::string describe() const override;
  Value assemble(std::vector<Value> blocks) const override;
  std::vector<NdArray> destinations() const override;
  std::string kind() const override { return "array"; }
  void encode_fields(Encoder& to) const override;
  static MetaPtr read(Decoder& from);

 private:
  DType dtype_;
  Chunks chunks_;
  Shape shape_;
  Chunks starts_;  // where each block begins along its axis
};

// The meta of a node that is an array.
const ArrayMeta& array_meta(const ExprPtr& expr);
MetaPtr make_array_meta(DType dtype, Chunks chunks);

// Flat position <-> index along each axis of a grid, C order.
std::vector<std::int64_t> unravel(std::int64_t flat, const std::vector<std::int64_t>& grid);
std::int64_t ravel(const std::vector<std::int64_t>& index, const std::vector<std::int64_t>& grid);

}  // namespace plait
