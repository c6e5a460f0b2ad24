#include "kernels/array/views.h"

namespace plait {
namespace {

Value placed(const NdArray& view, const TaskContext& context) {
  const NdArray* destination = context.destination();
  if (!destination || destination->dtype() != view.dtype() || destination->shape() != view.shape())
    return Value::of(view);
  NdArray out = *destination;
  out.assign(view);
  return Value::of(std::move(out));
}

Value slice_block(const NdArray& block, const SliceViewParams& params, const TaskContext& context) {
  const NdArray view = view_of(block, params.spans);
  if (view.size() * 2 >= block.size()) return placed(view, context);
  NdArray out = context.output(view.dtype(), view.shape());
  out.assign(view);
  return Value::of(std::move(out));
}

}  // namespace

void register_view_kernels() {
  define(chunk_kernel, "One block of an array that exists already.",
         [](Inputs, const ChunkParams& params, const TaskContext& context) {
           return placed(params.memory.as<NdArray>(), context);
         });
  define(transpose_kernel, "A block with its axes in another order.",
         [](Inputs inputs, const TransposeParams& params, const TaskContext& context) {
           return placed(inputs[0].as<NdArray>().transposed(params.axes), context);
         });
  define(reshape_block_kernel, "The elements of a block in another shape.",
         [](Inputs inputs, const BlockShapeParams& params, const TaskContext& context) {
           const auto& block = inputs[0].as<NdArray>();
           Shape shape = params.shape;
           match_extents(shape, block, params.axes);
           return placed(block.reshaped(std::move(shape)), context);
         });
  define(broadcast_block_kernel, "A block repeated along new axes and axes of extent one.",
         [](Inputs inputs, const BlockShapeParams& params, const TaskContext& context) {
           return placed(inputs[0].as<NdArray>().broadcast_to(params.shape), context);
         });
  define(slice_kernel, "Evenly spaced elements of a block along each axis.",
         [](Inputs inputs, const SliceViewParams& params, const TaskContext& context) {
           return slice_block(inputs[0].as<NdArray>(), params, context);
         });
}

}  // namespace plait
