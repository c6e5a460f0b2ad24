// Operations that give elements other places without looking at them: axes are permuted, added, dropped, merged, split.
#pragma once

#include <optional>

#include "collections/array/array_meta.h"
#include "collections/array/axes.h"
#include "expr/expr.h"

namespace plait {

// Axis i of the result is axis axes[i] of the array. A block is a view of its source block.
struct Transpose final : Op<Transpose> {
  ExprPtr array;
  Axes axes;
  static constexpr auto op_name = "transpose";
  static constexpr auto fields = std::tuple{&Transpose::array, &Transpose::axes};

  MetaPtr infer_meta() const override;
  std::string describe() const override;
  ExprPtr simplify() const override;
  BlockTask block_task(std::int64_t block) const override;
  bool is_blockwise() const override { return true; }
  // The source block of a block of the result, both as flat positions.
  std::int64_t source_block(std::int64_t block) const;
};

// Every block of the array, in order, becomes the block of the result in the same flat position, in another shape: axes
// of extent one come and go, axes within one block are merged and split.
struct ReshapeBlocks final : Op<ReshapeBlocks> {
  ExprPtr array;
  Chunks chunks;
  static constexpr auto op_name = "reshape";
  static constexpr auto fields = std::tuple{&ReshapeBlocks::array, &ReshapeBlocks::chunks};

  // Where only axes of extent one come and go: the array's axis for each of the result's, -1 for a new one.
  std::optional<std::vector<int>> kept_axes() const;
  MetaPtr infer_meta() const override;
  std::string describe() const override;
  ExprPtr simplify() const override;
  BlockTask block_task(std::int64_t block) const override;
  bool is_blockwise() const override { return true; }
};

// Axes in front are added and axes of extent one stretched, without copying inside a block.
struct BroadcastTo final : Op<BroadcastTo> {
  ExprPtr array;
  Chunks chunks;
  static constexpr auto op_name = "broadcast_to";
  static constexpr auto fields = std::tuple{&BroadcastTo::array, &BroadcastTo::chunks};

  MetaPtr infer_meta() const override;
  std::string describe() const override;
  ExprPtr simplify() const override;
  BlockTask block_task(std::int64_t block) const override;
};

ExprPtr transpose(ExprPtr array, Axes axes);
ExprPtr transpose(ExprPtr array);  // all axes reversed
ExprPtr swapaxes(ExprPtr array, int a, int b);
ExprPtr moveaxis(ExprPtr array, const Axes& from, const Axes& to);
ExprPtr expand_dims(ExprPtr array, const Axes& axes);
ExprPtr squeeze(ExprPtr array, const std::optional<Axes>& axes = std::nullopt);
ExprPtr broadcast_to(ExprPtr array, const Shape& shape);
// One extent may be -1. Chunks of the result follow Dask's rule: what is merged or split is brought into one block
// first.
ExprPtr reshape(ExprPtr array, Shape shape);

}  // namespace plait
