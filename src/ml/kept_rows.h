// Rows that several passes read: they are made once, checked on the way, and kept.
#pragma once

#include <string>
#include <vector>

#include "expr/expr.h"
#include "expr/plan.h"
#include "plait/dtype.h"

namespace plait::ml {

// The rows as float64 or float32 in C order, refused where they hold NaN or infinity; `name` is the user's ("X").
// The error says the column, the row and the block. With `allows_missing` NaN may stay.
ExprPtr finite_rows(ExprPtr rows, DType dtype, const std::string& name, bool allows_missing = false);

// Numbers of classes as float64: whole numbers from 0, below `classes`. All else is refused, naming row and block.
ExprPtr class_numbers(ExprPtr numbers, std::int64_t classes, const std::string& name);

// The same arrays with their blocks made: further passes read them where they are. Half of the memory budget is for
// them; where they are larger, the rest of them is on disk.
std::vector<ExprPtr> kept_rows(std::vector<ExprPtr> rows, const ComputeOptions& options);

void register_kept_kernels();

}  // namespace plait::ml
