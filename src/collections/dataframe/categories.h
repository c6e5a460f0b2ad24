// Operations on the categories of a series whose categories are known: its schema says them.
#pragma once

#include "collections/dataframe/frame_op.h"

namespace plait {

// The categories and their order of `to` (a table without rows): values keep themselves or, with `rename`, their
// position.
ExprPtr recode_expr(ExprPtr series, Table to, bool rename);
ExprPtr category_codes_expr(ExprPtr series);

}  // namespace plait
