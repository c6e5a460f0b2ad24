// Rows by their labels. Where divisions are known, only the partitions that can hold the rows are made.
#pragma once

#include <vector>

#include "collections/dataframe/frame_op.h"

namespace plait {

// df.loc[start:stop], both ends included; a missing end is open. Rows keep their order.
ExprPtr loc_slice_expr(ExprPtr rows, Literal start, Literal stop);
// df.loc[[...]]: the rows of each label in turn, as one partition. A label that no row has is a key error: of the call,
// where the divisions tell, else of the run.
ExprPtr loc_labels_expr(ExprPtr rows, std::vector<Literal> labels);

}  // namespace plait
