// The public forms of arguments, as the operations take them.
#pragma once

#include <vector>

#include "collections/array/elementwise.h"
#include "collections/array/normalize_chunks.h"
#include "collections/array/slicing.h"
#include "collections/source_line.h"
#include "expr/expr.h"
#include "plait/array/array.h"

namespace plait {

ChunkSpec chunk_spec(const ChunkArgument& argument);
// Chunks of a new array; extents are checked.
Chunks new_chunks(const std::string& what, const Shape& shape, const ChunkArgument& chunks, DType dtype);
ElementArgument element_argument(const Operand& operand);
std::vector<IndexItem> index_items(const std::vector<AxisIndex>& index);
std::vector<ExprPtr> exprs_of(const std::vector<Array>& arrays);
// Throws Error(overflow) for a number whose own type would need more.
void check_within_64_bits(const Operand& operand);
// A number becomes an array without axes, of the number's own type.
Array as_array(const Operand& operand);
// A number of the array's own type.
Operand typed(const Array& array, std::int64_t number);

}  // namespace plait
