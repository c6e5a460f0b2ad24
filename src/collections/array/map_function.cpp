#include "collections/array/map_function.h"

#include <fmt/format.h>

#include <algorithm>

namespace plait {
namespace {

struct FunctionCall {
  Function function;
  std::vector<std::int64_t> index;
  Shape shape, start;  // kUnknownExtent where only computing tells
  BlockCounts joined;
  DType dtype = DType::float64;
  static constexpr auto fields = std::tuple{&FunctionCall::function, &FunctionCall::index,  &FunctionCall::shape,
                                            &FunctionCall::start,    &FunctionCall::joined, &FunctionCall::dtype};
};

constinit KernelId<FunctionCall> call_function_on_block{"call_function_on_block"};

NdArray as_array(const std::vector<std::int64_t>& numbers) {
  return NdArray::from<std::int64_t>({static_cast<std::int64_t>(numbers.size())}, std::span(numbers));
}

std::vector<std::int64_t> as_numbers(const NdArray& array) {
  return {array.data<std::int64_t>(), array.data<std::int64_t>() + array.size()};
}

// A later step would go wrong on anything but what the plan says.
void check_block(const FunctionCall& call, const NdArray& block) {
  if (block.dtype() != call.dtype) {
    throw type_error(
        fmt::format("{}: the function gave a block of dtype {}, but its result was said to be {}; give dtype",
                    call.function.name(), name(block.dtype()), name(call.dtype)));
  }
  const bool fits = std::ranges::equal(block.shape(), call.shape, [](std::int64_t found, std::int64_t wanted) {
    return wanted == kUnknownExtent || found == wanted;
  });
  if (!fits) {
    throw value_error(fmt::format(
        "{}: the function gave a block of shape {} as block {}, expected {}; give chunks if the result has others than "
        "its arrays",
        call.function.name(), to_string(block.shape()), to_string(call.index), to_string(call.shape)));
  }
}

Value run(Inputs inputs, const FunctionCall& call, const TaskContext& context) {
  std::vector<Value> arguments = {Value::of(as_array(call.index)), Value::of(as_array(call.shape)),
                                  Value::of(as_array(call.start))};
  for (Value& block : joined_blocks(inputs, call.joined)) arguments.push_back(std::move(block));
  Value made = call.function(arguments, context);
  check_block(call, made.as<NdArray>());
  return made;
}

}  // namespace

Token MapFunction::compute_token() const {
  return tokenize(op_name, std::pair(std::pair(arrays, identity), std::pair(dtype, std::pair(chunks, result_axes))));
}

BlockTask MapFunction::block_task(std::int64_t block) const {
  const auto& known = static_cast<const ArrayMeta&>(meta());
  FunctionCall call{function,
                    unravel(block, known.grid()),
                    known.block_shape(block),
                    known.block_start(block),
                    block_counts(arrays, result_axes),
                    dtype};
  BlockTask task{.output_bytes = known.block_bytes(block)};
  task.inputs = blocks_of_arrays(arrays, result_axes, call.index);
  task.call = call_function_on_block(std::move(call));
  return task;
}

ExprPtr map_function(Function function, std::vector<ExprPtr> arrays, DType dtype, Chunks chunks,
                     std::vector<std::vector<int>> result_axes) {
  const Token identity = function.is_registered() ? tokenize("function", function.name()) : unique_token();
  return make_expr<MapFunction>(std::move(arrays), std::move(function), identity, dtype, std::move(chunks),
                                std::move(result_axes));
}

Function::Run block_runner(BlockFunction::Run run) {
  return [run = std::move(run)](Inputs inputs, const TaskContext&) {
    const BlockPlace place{as_numbers(inputs[0].as<NdArray>()), as_numbers(inputs[1].as<NdArray>()),
                           as_numbers(inputs[2].as<NdArray>())};
    std::vector<NdArray> blocks;
    for (const Value& input : inputs.subspan(3)) blocks.push_back(input.as<NdArray>());
    return Value::of(run(place, blocks));
  };
}

void register_map_function_kernel() { define(call_function_on_block, "Calls a C++ function on blocks.", run); }

}  // namespace plait
