// What works on arrays whose extents only computing tells, and how it fails where blocks do not fit.
#include <gmock/gmock.h>

#include "collections/array/array_testing.h"
#include "collections/array/elementwise.h"
#include "collections/array/joining.h"
#include "collections/array/layout.h"
#include "collections/array/matmul.h"
#include "collections/array/reduction.h"
#include "collections/array/slicing.h"

namespace plait {
namespace {

using testing::HasSubstr;

ExprPtr above(const ExprPtr& x, std::int64_t limit) {
  return elementwise(ElementOp::greater, {ElementArgument(x), ElementArgument(ScalarValue(limit))});
}

ExprPtr added(const ExprPtr& a, const ExprPtr& b) {
  return elementwise(ElementOp::add, {ElementArgument(a), ElementArgument(b)});
}

TEST(UnknownExtents, ElementwiseAndReductions) {
  const ExprPtr x = counted({3, 3, 4});
  const ExprPtr y = select(x, above(x, 4));
  EXPECT_EQ(computed_text(added(y, y)), literal_text("[10, 12, 14, 16, 18]"));
  EXPECT_EQ(computed_text(added(y, y), false), literal_text("[10, 12, 14, 16, 18]"));
  EXPECT_EQ(computed_text(reduce(ReduceOp::sum, y)), "35");
  EXPECT_EQ(computed_text(reduce(ReduceOp::mean, y)), "7.");
  EXPECT_EQ(computed_text(reduce(ReduceOp::max, y)), "9");
  EXPECT_THAT(error_text([&] { computed_text(reduce(ReduceOp::max, select(x, above(x, 99)))); }),
              HasSubstr("max: zero-size array to reduction operation maximum which has no identity"));
}

TEST(UnknownExtents, RowsUnderAMask) {
  const ExprPtr x = numbered(4, 3, {{2, 2}, {2, 1}});
  const ExprPtr rows = select_along(x, 0, above(counted({3, 1}), 1));
  EXPECT_EQ(array_meta(rows).shape(), (Shape{kUnknownExtent, 3}));
  EXPECT_EQ(computed_text(rows), literal_text("[[6, 7, 8], [9, 10, 11]]"));
  EXPECT_EQ(computed_text(select_along(x, 1, above(counted({3}), 0))),
            literal_text("[[1, 2], [4, 5], [7, 8], [10, 11]]"));
  EXPECT_EQ(computed_text(transpose(rows)), literal_text("[[6, 9], [7, 10], [8, 11]]"));
  EXPECT_EQ(computed_text(squeeze(expand_dims(rows, {1}), Axes{1})), literal_text("[[6, 7, 8], [9, 10, 11]]"));
  EXPECT_EQ(computed_text(get_item(rows, {EllipsisItem{}, SliceItem{{}, {}, -2}})), literal_text("[[8, 6], [11, 9]]"));
  EXPECT_EQ(computed_text(matmul(rows, counted({3}))), literal_text("[23, 32]"));
  EXPECT_EQ(computed_text(reduce(ReduceOp::sum, rows, {.axes = std::vector<int>{0}})), literal_text("[15, 17, 19]"));
}

TEST(UnknownExtents, BlocksThatDoNotFitAreNamed) {
  const ExprPtr x = counted({3, 3, 4});
  const ExprPtr few = select(x, above(x, 7));
  const ExprPtr many = select(x, above(x, 4));
  EXPECT_THAT(error_text([&] { computed_text(added(few, many)); }),
              HasSubstr("along axis 0 one block has 0 elements and another 1"));
  EXPECT_THAT(error_text([&] { computed_text(stack({few, many}, 0)); }), HasSubstr("do not fit"));
  EXPECT_THAT(error_text([&] { select_along(x, 0, above(counted({3}), 1)); }),
              HasSubstr("the mask along axis 0 has shape (3,)"));
}

TEST(UnknownExtents, BlocksWithoutElementsBesideTheOneAreNoObstacle) {
  const ExprPtr one = counted({0, 1, 0});
  EXPECT_EQ(computed_text(get_item(one, {std::int64_t{0}})), "0");
  EXPECT_EQ(computed_text(added(one, counted({2, 1}))), literal_text("[0, 1, 2]"));
  EXPECT_EQ(computed_text(broadcast_to(one, {3})), literal_text("[0, 0, 0]"));
}

}  // namespace
}  // namespace plait
