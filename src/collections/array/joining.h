// Arrays side by side: along an axis that they have, or along a new one.
#pragma once

#include "collections/array/array_meta.h"
#include "expr/expr.h"

namespace plait {

// The blocks of all arrays, one array after the other along `axis`; same dtype, and same chunks along the other axes.
struct Concatenate final : Op<Concatenate> {
  std::vector<ExprPtr> arrays;
  int axis = 0;
  static constexpr auto op_name = "concatenate";
  static constexpr auto fields = std::tuple{&Concatenate::arrays, &Concatenate::axis};

  MetaPtr infer_meta() const override;
  std::string describe() const override;
  ExprPtr simplify() const override;
  // A chain of joins is one join: its blocks are one step away, and not as many as the chain is long.
  ExprPtr lower() const override;
  BlockTask block_task(std::int64_t block) const override;
  bool is_blockwise() const override { return true; }

 private:
  mutable std::vector<std::int64_t> first_blocks_;  // of each array, along the axis
};

// Promotes to one dtype and rechunks where needed. Throws Error(value) naming the shapes that do not fit.
ExprPtr concatenate(std::vector<ExprPtr> arrays, int axis);
ExprPtr stack(const std::vector<ExprPtr>& arrays, int axis);

}  // namespace plait
