// Partial results of blocks become one: the inner nodes of a reduction's tree.
#pragma once

#include "base/kernel.h"
#include "kernels/array/reduce_op.h"

namespace plait {

// The kernel "combine_partials": inputs of equal shape, in the C order of their blocks.
Value combine_partials(Inputs partials, const CombineParams& params, const TaskContext& context);
// A finished result from one partial.
Value finish_partial(const Value& partial, const CombineParams& params, const TaskContext& context);

}  // namespace plait
