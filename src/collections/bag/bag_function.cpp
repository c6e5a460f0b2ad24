#include "collections/bag/bag_function.h"

#include "base/shared.h"
#include "runtime/objects.h"

namespace plait {
namespace {

constinit KernelId<BagFunctionCall> bag_function_kernel{"bag_function"};

Value run(Inputs inputs, const BagFunctionCall& call, const TaskContext& context) {
  Value made = call.function(inputs, context);
  const auto* object = made.get_if<Object>();
  if (!object || object->ops != detail::ops_of<detail::BagPieces>()) return made;
  const auto& cut = *static_cast<const detail::BagPieces*>(object->data.get());
  Sequence pieces;
  for (const auto& piece : cut.pieces) pieces.items.push_back(Value::of(Object{piece, cut.ops}));
  return Value::of(std::move(pieces));
}

}  // namespace

void Codec<BagFunctionCall>::encode(Encoder& to, const BagFunctionCall& call) {
  plait::encode(to, call.identity);
  if (to.parts() != parts_by_token()) plait::encode(to, call.function);
}

BagFunctionCall Codec<BagFunctionCall>::decode(Decoder& from) {
  const auto identity = plait::decode<Token>(from);
  return {plait::decode<Function>(from), identity};
}

KernelCall bag_function(detail::BagFunction function) {
  return bag_function_kernel({Function(std::move(function.name), calling(std::move(function.run))), unique_token()});
}

void register_bag_function_kernel() { define(bag_function_kernel, "A C++ function on partitions of bags.", run); }

}  // namespace plait
