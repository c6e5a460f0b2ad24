#include "collections/array/set_items.h"

#include <gmock/gmock.h>

#include "collections/array/array_testing.h"

namespace plait {
namespace {

using testing::HasSubstr;

TEST(SetItems, ReplacesWhatTheSpansTakeInEveryBlock) {
  const ExprPtr x = counted({3, 3, 4});
  const ExprPtr y = set_items(x, {{2, 3, 3}}, counted({3}));
  EXPECT_EQ(array_meta(y).chunks(), array_meta(x).chunks());
  EXPECT_EQ(computed_text(y), literal_text("[0, 1, 0, 3, 4, 1, 6, 7, 2, 9]"));
  EXPECT_EQ(computed_text(x), literal_text("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]"));
}

TEST(SetItems, StretchesAndConvertsTheValue) {
  const ExprPtr x = numbered(3, 4, {{2, 1}, {2, 2}});
  const ExprPtr y = set_items(x, {{1, 2, 1}, {1, 2, 1}}, from_array(array("[[-1.0], [-2.0]]"), {{2}, {1}}));
  EXPECT_EQ(array_meta(y).dtype(), DType::int64);
  EXPECT_EQ(computed_text(y), literal_text("[[0, 1, 2, 3], [4, -1, -1, 7], [8, -2, -2, 11]]"));
  EXPECT_THAT(error_text([&] { set_items(x, {{0, 3, 1}, {0, 4, 1}}, counted({3})); }),
              HasSubstr("shape (3,) cannot be stretched to (3, 4)"));
}

}  // namespace
}  // namespace plait
