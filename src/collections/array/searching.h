// Looking the elements of one array up in another: every block of the one meets every block of the other.
#pragma once

#include "collections/array/array_meta.h"
#include "expr/expr.h"
#include "kernels/array/searching.h"

namespace plait {

// Positions or presence of the elements of a block in a block of keys. Where there are several blocks of keys, the
// result has one more axis in front with a block for each.
struct SearchBlocks final : Op<SearchBlocks> {
  ExprPtr keys;  // one axis, in order within each block
  ExprPtr array;
  bool asks_presence = false;
  SearchParams params;
  static constexpr auto op_name = "searchsorted";
  static constexpr auto fields =
      std::tuple{&SearchBlocks::keys, &SearchBlocks::array, &SearchBlocks::asks_presence, &SearchBlocks::params};

  std::string_view op() const override { return asks_presence ? "isin" : "searchsorted"; }
  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// Where each element of `values` belongs in `keys`, which has one axis and is in order. Throws Error(value) for more
// axes.
ExprPtr searchsorted(ExprPtr keys, ExprPtr values, bool after_equal);
// The number of the bin of each element; edges in order, up or down. Throws Error(value) for others.
ExprPtr digitize(ExprPtr array, const NdArray& edges, bool right);
// Whether each element stands among those of `tests`.
ExprPtr isin(ExprPtr array, ExprPtr tests, bool invert);

}  // namespace plait
