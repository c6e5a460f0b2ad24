#include "kernels/array/contract.h"

#include <vector>

#include "kernels/array/matmul.h"

namespace plait {
namespace {

// The extents of axes first ... last - 1.
Shape part(const Shape& shape, std::size_t first, std::size_t last) {
  return {shape.begin() + static_cast<std::ptrdiff_t>(first), shape.begin() + static_cast<std::ptrdiff_t>(last)};
}

Value contract(Inputs inputs, const ContractParams& params, const TaskContext& context) {
  const auto num_shared = static_cast<std::size_t>(params.num_shared);
  const auto num_summed = static_cast<std::size_t>(params.num_summed);
  std::vector<Value> matrices;
  Shape shape;
  for (std::size_t i = 0; i < inputs.size(); i += 2) {
    const NdArray& a = inputs[i].as<NdArray>();
    const NdArray& b = inputs[i + 1].as<NdArray>();
    const std::size_t end_a = a.shape().size();
    const std::size_t end_b = b.shape().size();
    const Shape shared = part(a.shape(), 0, num_shared);
    const Shape own_a = part(a.shape(), num_shared, end_a - num_summed);
    const Shape own_b = part(b.shape(), num_shared + num_summed, end_b);
    const std::int64_t summed = num_elements(part(a.shape(), end_a - num_summed, end_a));
    matrices.push_back(Value::of(a.reshaped({num_elements(shared), num_elements(own_a), summed})));
    matrices.push_back(Value::of(b.reshaped({num_elements(shared), summed, num_elements(own_b)})));
    shape = shared;
    shape.insert(shape.end(), own_a.begin(), own_a.end());
    shape.insert(shape.end(), own_b.begin(), own_b.end());
  }
  if (params.adds_axis) shape.insert(shape.begin(), 1);
  const TaskContext inner = context.without_destination();
  NdArray product = matmul_blocks(matrices, {.dtype = params.dtype}, inner).as<NdArray>().reshaped(shape);
  if (context.destination() == nullptr) return Value::of(std::move(product));
  NdArray out = context.output(params.dtype, shape);
  out.assign(product);
  return Value::of(std::move(out));
}

}  // namespace

void register_contract_kernels() { define(contract_kernel, "Adds up products of blocks over several axes.", contract); }

}  // namespace plait
