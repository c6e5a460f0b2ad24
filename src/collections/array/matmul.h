// Matrix products of lazy arrays, without ever putting blocks together along the contracted axis.
#pragma once

#include "collections/array/array_meta.h"
#include "expr/expr.h"
#include "kernels/array/matmul.h"

namespace plait {

// Both have two axes or more; the last two are multiplied, those before them broadcast.
struct Matmul final : Op<Matmul> {
  ExprPtr a;
  ExprPtr b;
  static constexpr auto op_name = "matmul";
  static constexpr auto fields = std::tuple{&Matmul::a, &Matmul::b};

  MetaPtr infer_meta() const override;
  ExprPtr lower() const override;
};

// The products of blocks along the contracted axis, `depth` of them added up in a task. Where that takes several tasks,
// the result has one more axis in front with a block for each.
struct MatmulBlocks final : Op<MatmulBlocks> {
  ExprPtr a;
  ExprPtr b;
  std::int64_t depth = 1;
  static constexpr auto op_name = "matmul";
  static constexpr auto type_name = "matmul_blocks";
  static constexpr auto fields = std::tuple{&MatmulBlocks::a, &MatmulBlocks::b, &MatmulBlocks::depth};

  std::int64_t num_groups() const;

  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// Blocks that one task holds at a time; more are added up by a tree.
std::uint64_t max_product_input_bytes();

// NumPy's a @ b: operands with one axis are promoted and the axis dropped again. Throws Error(value) naming both
// shapes.
ExprPtr matmul(ExprPtr a, ExprPtr b);

}  // namespace plait
