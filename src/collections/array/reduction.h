// Reductions of lazy arrays: a leaf a block, then a tree of combinations.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "collections/array/array_meta.h"
#include "expr/expr.h"
#include "kernels/array/reduce_op.h"

namespace plait {

struct ReduceOptions {
  std::optional<std::vector<int>> axes;  // none: all
  bool keepdims = false;
  double ddof = 0;
  std::optional<DType> dtype;
  // Blocks combined in one task: over all reduced axes together, or for each axis.
  std::optional<std::int64_t> split_every;
  std::map<int, std::int64_t> split_every_axis;
};

struct Reduce final : Op<Reduce> {
  ReduceOp reduce_op = ReduceOp::sum;
  ExprPtr array;
  std::vector<int> axes;  // normalised, ascending
  bool keepdims = false;
  double ddof = 0;
  DType element = DType::float64;  // elements are converted to it first
  DType result = DType::float64;
  std::map<int, std::int64_t> split_every;  // one entry a reduced axis
  static constexpr auto op_name = "reduce";
  static constexpr auto fields =
      std::tuple{&Reduce::reduce_op, &Reduce::array,   &Reduce::axes,   &Reduce::keepdims,
                 &Reduce::ddof,      &Reduce::element, &Reduce::result, &Reduce::split_every};

  std::string_view op() const override { return plait::name(reduce_op); }
  std::string describe() const override;
  MetaPtr infer_meta() const override;
  ExprPtr lower() const override;
};

// One level of the tree: groups of blocks along the reduced axes become one.
struct CombineBlocks final : Op<CombineBlocks> {
  ExprPtr partials;
  CombineParams params;
  std::map<int, std::int64_t> group;  // blocks that become one, for each reduced axis
  std::string label;
  static constexpr auto op_name = "combine";
  static constexpr auto fields =
      std::tuple{&CombineBlocks::partials, &CombineBlocks::params, &CombineBlocks::group, &CombineBlocks::label};

  std::string_view op() const override { return label; }
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// Throws Error(index) for an axis out of range, Error(value) for an empty reduction that has no value.
ExprPtr reduce(ReduceOp op, ExprPtr array, const ReduceOptions& options = {});

}  // namespace plait
