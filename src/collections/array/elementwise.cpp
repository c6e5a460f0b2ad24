#include "collections/array/elementwise.h"

#include <fmt/format.h>

#include "base/check.h"
#include "collections/array/fuse.h"
#include "collections/array/rechunk.h"

namespace plait {
namespace {

// What x ** 2 and its like are computed as.
std::optional<ElementOp> simpler_power(const ScalarValue& exponent, DType loop) {
  const auto is = [&](double number) {
    if (const auto* real = std::get_if<double>(&exponent)) return *real == number;
    if (const auto* whole = std::get_if<std::int64_t>(&exponent)) return static_cast<double>(*whole) == number;
    return false;
  };
  if (is(2)) return ElementOp::square;
  if (is(1)) return ElementOp::positive;
  const bool is_inexact = is_floating(loop) || is_complex(loop);
  if (is_inexact && is(0.5)) return ElementOp::sqrt;
  if (is_inexact && is(-1)) return ElementOp::reciprocal;
  return std::nullopt;
}

ElementOperand typed(const ElementArgument& argument) {
  if (argument.array) return {array_meta(argument.array).dtype(), std::nullopt};
  if (argument.dtype) return {*argument.dtype, std::nullopt};
  return {DType::float64, argument.scalar, argument.is_beyond_64_bits};
}

}  // namespace

std::string Elementwise::describe() const {
  std::string text;
  for (const Slot& slot : slots) {
    if (slot.is_array) continue;
    if (!text.empty()) text += ", ";
    text += to_string(slot.scalar);
  }
  if (element_op == ElementOp::cast) text = plait::name(result);
  return text;
}

MetaPtr Elementwise::infer_meta() const {
  std::vector<Chunks> all;
  for (const ExprPtr& array : arrays) all.push_back(array_meta(array).chunks());
  return make_array_meta(result, common_chunks(op(), all));
}

ExprPtr Elementwise::lower() const {
  const Chunks& chunks = static_cast<const ArrayMeta&>(meta()).chunks();
  RegionBuilder region(chunks);
  std::vector<std::uint16_t> operands;
  std::size_t next = 0;
  for (const Slot& slot : slots) {
    operands.push_back(slot.is_array
                           ? region.add_cast(region.add_array(align_to(arrays.at(next++), chunks)), slot.dtype)
                           : region.add_constant(slot.scalar, slot.dtype));
  }
  if (element_op == ElementOp::cast) return region.finish("astype", region.add_cast(operands[0], result));
  const std::uint16_t value = region.add_step(element_op, slots.back().dtype, result, operands);
  return region.finish(std::string(op()), value);
}

ExprPtr elementwise(ElementOp op, const std::vector<ElementArgument>& arguments, std::optional<DType> dtype) {
  if (static_cast<int>(arguments.size()) != num_operands(op)) {
    throw type_error(
        fmt::format("{} takes {} operands, but {} were given", name(op), num_operands(op), arguments.size()));
  }
  std::vector<ElementOperand> operands;
  for (const ElementArgument& argument : arguments) operands.push_back(typed(argument));
  const ElementTypes types = element_types(op, operands, dtype);

  std::vector<ExprPtr> arrays;
  std::vector<Elementwise::Slot> slots;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i].array) arrays.push_back(arguments[i].array);
    slots.push_back({arguments[i].array != nullptr, types.scalars[i].value_or(arguments[i].scalar), types.operands[i]});
  }
  PLAIT_CHECK(!arrays.empty());
  if (op == ElementOp::power && !slots[1].is_array && arguments[0].array) {
    if (const auto simpler = simpler_power(slots[1].scalar, types.result)) {
      slots.pop_back();
      op = *simpler;
    }
  }
  return make_expr<Elementwise>(op, std::move(arrays), std::move(slots), types.result);
}

ExprPtr astype(ExprPtr array, DType dtype) {
  const DType own = array_meta(array).dtype();
  if (own == dtype) return array;
  return make_expr<Elementwise>(ElementOp::cast, std::vector<ExprPtr>{std::move(array)},
                                std::vector<Elementwise::Slot>{{true, 0.0, own}}, dtype);
}

ExprPtr where(const ElementArgument& condition, const ElementArgument& a, const ElementArgument& b) {
  return elementwise(ElementOp::where, {condition, a, b});
}

ExprPtr clip(ExprPtr array, const std::optional<ElementArgument>& low, const std::optional<ElementArgument>& high) {
  if (low && high) return elementwise(ElementOp::clip, {std::move(array), *low, *high});
  if (low) return elementwise(ElementOp::maximum, {std::move(array), *low});
  if (high) return elementwise(ElementOp::minimum, {std::move(array), *high});
  throw value_error("clip: one of the bounds must be given");
}

}  // namespace plait
