// SetItems: an array with some of its elements replaced, x[2:5, ::3] = value. The array itself never changes.
#pragma once

#include "collections/array/array_meta.h"
#include "expr/expr.h"

namespace plait {

// Blocks that the spans do not touch stay as they are.
struct SetItems final : Op<SetItems> {
  ExprPtr array;
  ExprPtr value;  // in the chunks that a slice by the spans has
  Spans spans;    // one an axis, each with elements and a positive step
  static constexpr auto op_name = "setitem";
  static constexpr auto fields = std::tuple{&SetItems::array, &SetItems::value, &SetItems::spans};

  MetaPtr infer_meta() const override { return array->meta_ptr(); }
  BlockTask block_task(std::int64_t block) const override;
};

// The value is broadcast to the spans' shape and converted to the array's dtype. Throws Error(value) where it does not
// fit, or where an extent of the array is unknown.
ExprPtr set_items(ExprPtr array, const Spans& spans, ExprPtr value);

}  // namespace plait
