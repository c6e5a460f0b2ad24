// Running sums and products along an axis.
//
// The totals of all blocks are added up by a tree, whose tasks take `fan` totals each; then every block makes its own
// running totals, beginning with what comes before it. No task holds more than its block and `fan` cross sections.
#pragma once

#include <optional>

#include "collections/array/array_meta.h"
#include "expr/expr.h"
#include "kernels/array/cumulate.h"

namespace plait {

struct Cumulative final : Op<Cumulative> {
  ExprPtr array;  // of the type in which it is added up
  CumulateOp cumulate_op = CumulateOp::sum;
  int axis = 0;
  std::int64_t fan = 2;
  static constexpr auto op_name = "cumulative";
  static constexpr auto fields =
      std::tuple{&Cumulative::array, &Cumulative::cumulate_op, &Cumulative::axis, &Cumulative::fan};

  std::string_view op() const override { return cumulate_op == CumulateOp::sum ? "cumsum" : "cumprod"; }
  std::string describe() const override;
  MetaPtr infer_meta() const override { return array->meta_ptr(); }
  ExprPtr lower() const override;
};

// One total for each `group` neighbouring blocks along the axis.
struct CumulateTotals final : Op<CumulateTotals> {
  ExprPtr array;
  CumulateParams params;
  std::int64_t group = 1;
  static constexpr auto op_name = "cumulate_totals";
  static constexpr auto fields = std::tuple{&CumulateTotals::array, &CumulateTotals::params, &CumulateTotals::group};

  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// What comes before each total, in blocks of `group` of them.
struct CumulateOffsets final : Op<CumulateOffsets> {
  std::vector<ExprPtr> arrays;  // the totals [, what comes before each group]
  CumulateParams params;
  std::int64_t group = 1;
  static constexpr auto op_name = "cumulate_offsets";
  static constexpr auto fields =
      std::tuple{&CumulateOffsets::arrays, &CumulateOffsets::params, &CumulateOffsets::group};

  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// Every block's running totals; offsets in blocks of `group`.
struct CumulateBlocks final : Op<CumulateBlocks> {
  std::vector<ExprPtr> arrays;  // the array [, what comes before each block]
  CumulateParams params;
  std::int64_t group = 1;
  static constexpr auto op_name = "cumulate_blocks";
  static constexpr auto fields = std::tuple{&CumulateBlocks::arrays, &CumulateBlocks::params, &CumulateBlocks::group};

  std::string_view op() const override { return params.op == CumulateOp::sum ? "cumsum" : "cumprod"; }
  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override { return arrays[0]->meta_ptr(); }
  BlockTask block_task(std::int64_t block) const override;
};

struct CumulateOptions {
  std::optional<int> axis;     // none: of the flattened array
  std::optional<DType> dtype;  // in which to add up
  bool skips_nan = false;      // NaN counts as nothing
  std::string method = "sequential";
};
// `what` begins the errors. Throws Error(index) for an axis out of range, Error(value) for another method.
ExprPtr cumulative(std::string_view what, CumulateOp op, ExprPtr array, const CumulateOptions& options);

}  // namespace plait
