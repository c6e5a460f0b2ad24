// One pass over rows: what is learnt of each block of rows (a partial), how partials come together, what is done with
// the total. Every fit and every metric is one of these, or several of them one after the other.
//
// Partials are put together in a tree that the number of blocks alone decides: the result does not depend on the
// executor.
#pragma once

#include <string>
#include <vector>

#include "collections/array/array_meta.h"
#include "expr/expr.h"

namespace plait::ml {

// What the pass does, in kernel calls. A partial is any value: an array, a sequence of them, a type of its own
// (register_value_type).
struct FoldCalls {
  KernelCall partial;        // the block of every array -> partial
  KernelCall combine;        // partials, in their order -> partial
  KernelCall finalize = {};  // partial -> result; none: the last partial is the result
};

// The result is one block, a value of whatever type. `rows`: arrays with as many rows, cut alike (see line_up_rows).
struct RowFold final : Op<RowFold> {
  std::vector<ExprPtr> rows;
  std::string label;
  KernelCall partial;
  KernelCall combine;
  KernelCall finalize;
  static constexpr auto op_name = "row_fold";
  static constexpr auto fields =
      std::tuple{&RowFold::rows, &RowFold::label, &RowFold::partial, &RowFold::combine, &RowFold::finalize};

  std::string_view op() const override { return label; }
  std::string describe() const override { return ""; }
  ExprPtr lower() const override;
  MetaPtr infer_meta() const override;
};

// The partial of each block of rows.
struct RowPartials final : Op<RowPartials> {
  std::vector<ExprPtr> rows;
  std::string label;
  KernelCall partial;
  static constexpr auto op_name = "row_partials";
  static constexpr auto fields = std::tuple{&RowPartials::rows, &RowPartials::label, &RowPartials::partial};

  std::string_view op() const override { return label; }
  std::string describe() const override { return "partial"; }
  bool is_blockwise() const override { return true; }
  BlockTask block_task(std::int64_t block) const override;
  MetaPtr infer_meta() const override;
};

// A call on each `group` of neighbouring partials.
struct JoinPartials final : Op<JoinPartials> {
  ExprPtr partials;
  std::string label;
  KernelCall call;
  std::int64_t group = 0;
  static constexpr auto op_name = "join_partials";
  static constexpr auto fields =
      std::tuple{&JoinPartials::partials, &JoinPartials::label, &JoinPartials::call, &JoinPartials::group};

  std::string_view op() const override { return label; }
  std::string describe() const override { return "combine"; }
  BlockTask block_task(std::int64_t block) const override;
  MetaPtr infer_meta() const override;
};

// The result of a fold as an array: itself, or one of a sequence of arrays. Its extents may be unknown.
struct FoldedArray final : Op<FoldedArray> {
  ExprPtr fold;
  std::int64_t part = -1;  // -1: itself
  DType dtype = DType::float64;
  Shape shape;
  static constexpr auto op_name = "folded_array";
  static constexpr auto fields =
      std::tuple{&FoldedArray::fold, &FoldedArray::part, &FoldedArray::dtype, &FoldedArray::shape};

  std::string_view op() const override { return fold->op(); }
  std::string describe() const override { return ""; }
  BlockTask block_task(std::int64_t block) const override;
  MetaPtr infer_meta() const override;
};

ExprPtr row_fold(std::vector<ExprPtr> rows, std::string label, FoldCalls calls);

// Partials that are arrays of float64 of one shape, or sequences of such, added up: a combine for many folds.
inline constinit KernelId<> add_partials_kernel{"ml_add_partials"};
void register_fold_kernels();

}  // namespace plait::ml
