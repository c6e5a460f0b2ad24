// How large partitions may be where rows of all of them are brought together: an exchange makes as many as keep its
// tasks within the memory budget, several at once.
#pragma once

#include <cstdint>

#include "expr/expr.h"

namespace plait {

// As many partitions as there are, or more, so that so many bytes are in pieces of a good size; 0 bytes: not known.
std::int64_t partitions_within_budget(std::int64_t npartitions, std::uint64_t num_bytes);
// Whether all of it would be a good part of the budget: then it is not kept while something else is waited for.
bool is_large_for_budget(std::uint64_t num_bytes);
// The same rows in the same order, in more partitions where those of tables in memory are too large. What is worked out
// row by row on them is cut as they are.
ExprPtr in_pieces_within_budget(const ExprPtr& frame);

}  // namespace plait
