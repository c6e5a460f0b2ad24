// Methods of a series of categories.
#include "collections/dataframe/categories.h"

#include "collections/source_line.h"
#include "plait/dataframe.h"

namespace plait {

Table CategoryMethods::categories() const { return known_categories(expr_); }

Series CategoryMethods::codes(Location where) const {
  const SourceScope scope = source_scope(where);
  return Series(category_codes_expr(expr_));
}
Series CategoryMethods::set_categories(const Table& categories, std::optional<bool> ordered, bool rename,
                                       Location where) const {
  const SourceScope scope = source_scope(where);
  return Series(set_categories_expr(expr_, categories, ordered, rename));
}
Series CategoryMethods::add_categories(const Table& more, Location where) const {
  const SourceScope scope = source_scope(where);
  return Series(add_categories_expr(expr_, more));
}
Series CategoryMethods::remove_categories(const Table& removals, Location where) const {
  const SourceScope scope = source_scope(where);
  return Series(remove_categories_expr(expr_, removals));
}
Series CategoryMethods::reorder_categories(const Table& categories, std::optional<bool> ordered, Location where) const {
  const SourceScope scope = source_scope(where);
  return Series(reorder_categories_expr(expr_, categories, ordered));
}
Series CategoryMethods::rename_categories(const Table& names, Location where) const {
  const SourceScope scope = source_scope(where);
  return Series(rename_categories_expr(expr_, names));
}
Series CategoryMethods::as_ordered(Location where) const {
  const SourceScope scope = source_scope(where);
  return Series(set_ordered_expr(expr_, true));
}
Series CategoryMethods::as_unordered(Location where) const {
  const SourceScope scope = source_scope(where);
  return Series(set_ordered_expr(expr_, false));
}

}  // namespace plait
