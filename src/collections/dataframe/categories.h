// Operations on the categories of a series. Categories must be known, which is to say that its schema has them: else
// every partition may have its own, and these functions throw NoNativeForm. Tables of categories have one column.
#pragma once

#include <optional>

#include "collections/dataframe/frame_op.h"

namespace plait {

// The categories of a series as a table of one column; throws NoNativeForm where they are not known.
Table known_categories(const ExprPtr& series);

// Values keep themselves, and are missing where they have no category any more; with `rename`, they keep the position
// of their category. Without `ordered`, categories have an order if they had one.
ExprPtr set_categories_expr(ExprPtr series, const Table& categories, std::optional<bool> ordered, bool rename);
// These throw a value error for what pandas refuses, too: categories that there are, or are not, already.
ExprPtr add_categories_expr(ExprPtr series, const Table& more);
ExprPtr remove_categories_expr(ExprPtr series, const Table& removals);
ExprPtr reorder_categories_expr(ExprPtr series, const Table& categories, std::optional<bool> ordered);
ExprPtr rename_categories_expr(ExprPtr series, const Table& names);
ExprPtr set_ordered_expr(ExprPtr series, bool ordered);
ExprPtr category_codes_expr(ExprPtr series);

}  // namespace plait
