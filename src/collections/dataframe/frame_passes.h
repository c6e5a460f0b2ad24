// What the optimizer does with frames before they are lowered.
#pragma once

#include "expr/plan.h"

namespace plait {

// Moves filters below what does not touch the columns they look at, towards the readers.
Roots push_filters(Roots roots);
// Readers parse, joins and shuffles carry, and assignments make only the columns that somebody wants in the end.
Roots push_projections(Roots roots);
// Row groups of Parquet files without a row that a filter above lets through are not read.
Roots skip_row_groups(Roots roots);
// Blocks of files under a reduction need not be partitions: smaller ones share out evenly over the cores.
Roots balance_blocks(Roots roots);

}  // namespace plait
