// Medians and quantiles, exact: the blocks along the axis come into one task, in which the wanted elements are
// selected. Where that task would be larger than a part of the memory budget, fewer lines come into one; lines that are
// larger themselves are looked through in several passes, block by block.
#pragma once

#include <optional>
#include <string_view>

#include "collections/array/array_meta.h"
#include "collections/array/axes.h"
#include "expr/expr.h"
#include "kernels/array/quantile.h"

namespace plait {

// Over the last axis.
struct Quantile final : Op<Quantile> {
  ExprPtr array;
  std::string label;
  LineQuantileParams params;
  static constexpr auto op_name = "quantile";
  static constexpr auto fields = std::tuple{&Quantile::array, &Quantile::label, &Quantile::params};

  std::string_view op() const override { return label; }
  std::string describe() const override;
  MetaPtr infer_meta() const override;
  ExprPtr lower() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// The median over the axes together. NaN gives NaN unless it is skipped.
ExprPtr median(std::string_view what, ExprPtr array, const Axes& axes, bool keepdims, bool skips_nan);

struct QuantileOptions {
  Axes axes;
  std::string method = "linear";
  bool keepdims = false;
  bool skips_nan = false;
  // The type of q; none for a plain number, which takes the array's type in the interpolation. Integers ask for the
  // ends.
  std::optional<DType> q_dtype = {};
};
// `q`: between 0 and 1; the result has an axis for them in front if `is_list`. Throws Error(value) for others and for
// an unknown method, Error(type) for complex elements, and for booleans that would have to be interpolated.
ExprPtr quantile(std::string_view what, ExprPtr array, const std::vector<double>& q, bool is_list,
                 const QuantileOptions& options);

}  // namespace plait
