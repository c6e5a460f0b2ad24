// What the optimizer does with frames before they are lowered.
#pragma once

#include "expr/plan.h"

namespace plait {

// What the alternatives of a condition say of one side of a join is a condition by itself.
Roots imply_filters(Roots roots);
// Moves filters below what does not touch the columns they look at, towards the readers.
Roots push_filters(Roots roots);
// Rows of one side of a join that have none of the few keys of the other are left out before they are grouped or
// joined.
Roots reduce_joins(Roots roots);
// Readers parse, joins and shuffles carry, and assignments make only the columns that somebody wants in the end.
Roots push_projections(Roots roots);
// Row groups of Parquet files without a row that a filter above lets through are not read.
Roots skip_row_groups(Roots roots);
// Blocks of files under a reduction need not be partitions: smaller ones share out evenly over the cores.
Roots balance_blocks(Roots roots);

}  // namespace plait
