// Categories of a column: other ones, other names for them, and their positions.
#pragma once

#include <memory>
#include <string_view>

#include "kernels/table/table_value.h"

namespace arrow {
class Array;
}

namespace plait {

// What the first column of `to` (a table without rows) has for categories and order. Values are matched by themselves,
// and missing where they have no category any more; with `rename`, by the position of their category in `from`.
struct RecodeParams {
  Table from;
  Table to;
  bool rename = false;
  static constexpr auto fields = std::tuple{&RecodeParams::from, &RecodeParams::to, &RecodeParams::rename};
};
Table recode(const Table& series, const RecodeParams& params);

// .cat.codes: the positions of the values among the categories of `like`; -1 for a missing one.
struct CategoryCodesParams {
  Table like;
  static constexpr auto fields = std::tuple{&CategoryCodesParams::like};
};
Table category_codes(const Table& series, const CategoryCodesParams& params);

// A series of these categories without a row. Codes are as wide as pandas makes them.
Table category_schema(const std::shared_ptr<arrow::Array>& categories, bool ordered);

// Whether two columns of categories have different ones, in whatever order. Ones that are not known are not different.
bool have_other_categories(const Table& a, std::string_view column, const Table& b, std::string_view other);

}  // namespace plait
