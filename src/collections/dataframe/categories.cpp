#include "collections/dataframe/categories.h"

#include "collections/dataframe/partition_ops.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/categories.h"
#include "kernels/table/table_kernels.h"

namespace plait {
namespace {

// Else every partition may have its own categories, and pandas works on each by itself.
void require_known_categories(const Table& table) {
  const std::string name = table.names().front();
  if (table.type(name).kind != TypeKind::category) throw NoNativeForm("a series that is no category");
  const auto array = array_of(table, name);
  if (static_cast<const arrow::DictionaryArray&>(*array).dictionary()->length() == 0)
    throw NoNativeForm("categories that are not known");
}

}  // namespace

ExprPtr recode_expr(ExprPtr series, Table to, bool rename) {
  const Table from = frame_meta(series).empty();
  require_known_categories(from);
  if (to.type(to.names().front()).kind != TypeKind::category) throw NoNativeForm("categories of such a type");
  return elementwise_call({std::move(series)}, table_kernel::recode({from, std::move(to), rename}),
                          rename ? "cat.rename_categories" : "cat.set_categories");
}

ExprPtr category_codes_expr(ExprPtr series) {
  const Table like = frame_meta(series).empty();
  require_known_categories(like);
  return elementwise_call({std::move(series)}, table_kernel::category_codes({like}), "cat.codes");
}

}  // namespace plait
