#include "collections/array/store_blocks.h"

#include "base/function.h"

namespace plait {
namespace {

constinit KernelId<StoreCall> store_block{"store_block"};

// A place among the inputs of a function: start, stop and step of each axis.
NdArray as_array(const TargetPlace& place) {
  NdArray numbers = NdArray::empty(DType::int64, {static_cast<std::int64_t>(place.size()), 3});
  auto* to = numbers.mutable_data<std::int64_t>();
  for (const auto& [start, stop, step] : place) {
    *to++ = start;
    *to++ = stop;
    *to++ = step;
  }
  return numbers;
}

TargetPlace as_place(const NdArray& numbers) {
  TargetPlace place;
  const auto* from = numbers.data<std::int64_t>();
  for (std::int64_t axis = 0; axis < numbers.shape()[0]; ++axis, from += 3)
    place.push_back({from[0], from[1], from[2]});
  return place;
}

Value run(Inputs inputs, const StoreCall& call, const TaskContext& context) {
  const std::vector<Value> arguments = {Value::of(as_array(call.place)), inputs[0]};
  call.target->as<Function>()(arguments, context);
  return written_block(call.place);
}

}  // namespace

Origin StoreBlocks::origin() const { return target->get_if<Function>() ? Origin::native : Origin::python; }

Token StoreBlocks::compute_token() const { return tokenize(op_name, std::pair(std::pair(array, identity), region)); }

MetaPtr StoreBlocks::infer_meta() const {
  Chunks chunks;
  for (const auto& blocks : array_meta(array).chunks()) chunks.emplace_back(blocks.size(), 1);
  return make_array_meta(DType::bool_, std::move(chunks));
}

BlockTask StoreBlocks::block_task(std::int64_t block) const {
  const ArrayMeta& known = array_meta(array);
  const Shape starts = known.block_start(block), extents = known.block_shape(block);
  TargetPlace place;
  for (std::size_t axis = 0; axis < region.size(); ++axis) {
    const auto [start, count, step] = region[axis];
    const std::int64_t first = start + starts[axis] * step;
    place.push_back({first, first + extents[axis] * step, step});
  }
  const KernelId<StoreCall>& kernel = target->get_if<Function>() ? store_block : call_python_to_store;
  return {.call = kernel({target, std::move(place)}), .inputs = {{.operand = 0, .block = block}}, .output_bytes = 1};
}

Value written_block(const TargetPlace& place) {
  NdArray written = NdArray::empty(DType::bool_, Shape(place.size(), 1));
  *written.mutable_data<bool>() = true;
  return Value::of(std::move(written));
}

Function::Run target_runner(BlockTarget::Write write) {
  return [write = std::move(write)](Inputs inputs, const TaskContext&) {
    write(as_place(inputs[0].as<NdArray>()), inputs[1].as<NdArray>());
    return Value();
  };
}

void register_store_kernel() { define(store_block, "Writes a block to its place in a C++ target.", run); }

}  // namespace plait
