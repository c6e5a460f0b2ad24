#include "kernels/array/diagonal.h"

namespace plait {
namespace {

// The last two axes as one along the diagonal.
NdArray diagonal_view(const NdArray& block, const DiagonalParams& params) {
  Shape shape(block.shape().begin(), block.shape().end() - 2);
  Shape strides(block.strides().begin(), block.strides().end() - 2);
  const std::int64_t down = block.strides()[block.ndim() - 2];
  const std::int64_t right = block.strides()[block.ndim() - 1];
  shape.push_back(params.count);
  strides.push_back(down + right);
  return block.with_layout(std::move(shape), std::move(strides), params.row * down + params.column * right);
}

// Copied, so that a line does not keep its block in memory.
Value diagonal(Inputs inputs, const DiagonalParams& params, const TaskContext& context) {
  const NdArray view = diagonal_view(inputs[0].as<NdArray>(), params);
  NdArray out = context.output(view.dtype(), view.shape());
  out.assign(view);
  return Value::of(std::move(out));
}

Value diagonal_block(Inputs inputs, const DiagonalBlockParams& params, const TaskContext& context) {
  NdArray out = context.output(params.dtype, params.shape);
  out.assign(NdArray::zeros(params.dtype, {}).broadcast_to(params.shape));
  if (inputs.empty()) return Value::of(std::move(out));
  const auto& line = inputs[0].as<NdArray>();
  NdArray place = diagonal_view(out, {.count = line.size()});
  place.assign(line);
  return Value::of(std::move(out));
}

}  // namespace

void register_diagonal_kernels() {
  define(diagonal_kernel, "A diagonal of a block.", diagonal);
  define(diagonal_block_kernel, "A block with elements on its diagonal and zeros else.", diagonal_block);
}

}  // namespace plait
