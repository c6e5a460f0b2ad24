// Rows that several passes read: they are made once, checked on the way, and kept.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "expr/expr.h"
#include "expr/plan.h"
#include "plait/dtype.h"

namespace plait::ml {

// The rows as float64 or float32 in C order, refused where they hold NaN or infinity; `name` is the user's ("X").
// The error says the column, the row and the block. With `allows_missing` NaN may stay.
ExprPtr finite_rows(ExprPtr rows, DType dtype, const std::string& name, bool allows_missing = false);

// The same without a look at the numbers, for passes whose sums tell of it: NaN and infinity make sums that are not
// finite. Then `refuse_missing` throws the error of finite_rows; it returns if it was only the sums that overflowed.
ExprPtr number_rows(ExprPtr rows, DType dtype);
void refuse_missing(const ExprPtr& rows, const std::string& name, const ComputeOptions& options);

// Numbers of classes as float64: whole numbers from 0, below `classes`. All else is refused, naming row and block.
ExprPtr class_numbers(ExprPtr numbers, std::int64_t classes, const std::string& name);

// The same arrays with their blocks made: further passes read them where they are. Half of the memory budget is for
// them; where they are larger, the rest of them is on disk.
std::vector<ExprPtr> kept_rows(std::vector<ExprPtr> rows, const ComputeOptions& options);

// What arrays take together; the largest number where lengths are not known.
std::uint64_t known_bytes(const std::vector<ExprPtr>& rows);

void register_kept_kernels();

}  // namespace plait::ml
