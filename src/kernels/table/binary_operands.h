// What arithmetic, comparison and logic of two operands agree on.
#pragma once

#include <memory>

#include "kernels/table/elementwise.h"
#include "kernels/table/elementwise_apply.h"

namespace plait {

// Throws: a type error where pandas refuses the pair, too, else NoNativeForm. The message names both types.
[[noreturn]] void throw_unsupported(BinaryOp op, const ColumnOperand& left, const ColumnOperand& right);
// NumPy's promotion; a Python number takes the column's type unless its kind is higher (NEP 50).
std::shared_ptr<arrow::DataType> common_number_type(const ColumnOperand& left, const ColumnOperand& right);
// A whole number beside whole numbers must be one that their type holds: NumPy refuses it rather than let it wrap.
// Throws an overflow error.
void require_fitting_literals(const ColumnOperand& left, const ColumnOperand& right);

// The values of left op right, for an op from add to pow. `family` is the result's.
arrow::Datum arithmetic(const ColumnOperand& left, const ColumnOperand& right, BinaryOp op, TypeFamily family);

}  // namespace plait
