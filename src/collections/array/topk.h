// The largest elements along an axis, by a tree of partial answers: no task holds more than a few blocks.
#pragma once

#include <optional>

#include "collections/array/array_meta.h"
#include "expr/expr.h"
#include "kernels/array/topk.h"

namespace plait {

// Of every `group` neighbouring blocks along the last axis, what may be in the answer; of all of them, the answer.
struct TopkBlocks final : Op<TopkBlocks> {
  ExprPtr array;  // blocks, or partial answers
  TopkParams params;
  std::int64_t group = 1;
  static constexpr auto op_name = "topk";
  static constexpr auto fields = std::tuple{&TopkBlocks::array, &TopkBlocks::params, &TopkBlocks::group};

  std::string_view op() const override { return params.wants_positions ? "argtopk" : "topk"; }
  std::string describe() const override;
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// The `k` largest, the largest first; for a negative `k` the smallest, the smallest first. NaN counts as the largest.
// Throws Error(index) for an axis out of range.
ExprPtr topk(ExprPtr array, std::int64_t k, int axis, std::optional<std::int64_t> split_every = {});
// The positions of what topk gives. Throws Error(value) where an extent along the axis is not known.
ExprPtr argtopk(ExprPtr array, std::int64_t k, int axis, std::optional<std::int64_t> split_every = {});

}  // namespace plait
