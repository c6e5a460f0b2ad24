// The generic rule of fusion: a blockwise operation and the one that makes its operand run as one task, kernel after
// kernel.
#pragma once

#include "expr/expr.h"

namespace plait {

// `consumer` joined with the producer of its operand, or null if consumer is not blockwise over it.
ExprPtr fuse_blockwise(const ExprPtr& consumer, std::size_t operand, const ExprPtr& producer);

// The kernel "fused". Called by register_expr_kernels.
void register_fused_kernel();

}  // namespace plait
