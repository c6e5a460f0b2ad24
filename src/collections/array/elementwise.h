// Elementwise operations on lazy arrays, with broadcasting and NumPy's types.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "collections/array/array_meta.h"
#include "expr/expr.h"
#include "kernels/array/element_op.h"

namespace plait {

// An operand: a lazy array, a Python scalar (weak: it takes the arrays' dtype) or a NumPy scalar, which has a dtype.
struct ElementArgument {
  ElementArgument(ExprPtr array) : array(std::move(array)) {}  // NOLINT: implicit on purpose
  ElementArgument(ScalarValue scalar) : scalar(scalar) {}      // NOLINT
  ElementArgument(ScalarValue scalar, DType dtype) : scalar(scalar), dtype(dtype) {}

  ExprPtr array;  // null: a scalar
  ScalarValue scalar = 0.0;
  std::optional<DType> dtype;      // of a scalar that is not weak
  bool is_beyond_64_bits = false;  // a weak whole number that only a double holds
};

// One operation; its result's chunks hold every boundary of its operands' chunks.
struct Elementwise final : Op<Elementwise> {
  // Where an operand comes from: the next array, or a fixed scalar.
  struct Slot {
    bool is_array = true;
    ScalarValue scalar = 0.0;
    DType dtype = DType::float64;  // what the operand is converted to
    static constexpr auto fields = std::tuple{&Slot::is_array, &Slot::scalar, &Slot::dtype};
  };
  ElementOp element_op = ElementOp::positive;
  std::vector<ExprPtr> arrays;
  std::vector<Slot> slots;
  DType result = DType::float64;
  static constexpr auto op_name = "elementwise";
  static constexpr auto fields =
      std::tuple{&Elementwise::element_op, &Elementwise::arrays, &Elementwise::slots, &Elementwise::result};

  std::string_view op() const override { return plait::name(element_op); }
  std::string describe() const override;
  MetaPtr infer_meta() const override;
  ExprPtr lower() const override;
};

// Checks shapes and types on the user's line: Error(value) names both shapes, Error(type) both dtypes. At least one
// argument is an array. `dtype` is the ufunc argument of that name.
ExprPtr elementwise(ElementOp op, const std::vector<ElementArgument>& arguments, std::optional<DType> dtype = {});
// The array itself when it has that dtype already.
ExprPtr astype(ExprPtr array, DType dtype);
// `result[i] = condition[i] ? a[i] : b[i]`, and NumPy's clip; either bound may be left out.
ExprPtr where(const ElementArgument& condition, const ElementArgument& a, const ElementArgument& b);
ExprPtr clip(ExprPtr array, const std::optional<ElementArgument>& low, const std::optional<ElementArgument>& high);

}  // namespace plait
