// Partial results of blocks become one: the inner nodes of a reduction's tree. See reduce_op.h for what a partial
// holds.
#pragma once

#include "base/kernel.h"
#include "kernels/array/reduce_op.h"

namespace plait {

// A partial from the slots of reduce_loops.h, closed; `count` elements went into each slot.
Value make_partial(ReduceOp op, NdArray a, NdArray b, NdArray c, std::int64_t count);

// The kernel "combine_partials": inputs of equal shape, in the C order of their blocks.
Value combine_partials(Inputs partials, const CombineParams& params, const TaskContext& context);
inline constinit KernelId<CombineParams> combine_kernel{"combine_partials"};
// A finished result from one partial. Throws Error(value) for a nanargmin of nothing but NaN.
Value finish_partial(const Value& partial, const CombineParams& params, const TaskContext& context);

}  // namespace plait
