#include "collections/array/slicing.h"

#include <gmock/gmock.h>

#include "collections/array/array_testing.h"
#include "collections/array/layout.h"

namespace plait {
namespace {

using testing::HasSubstr;

SliceItem part(std::optional<std::int64_t> start, std::optional<std::int64_t> stop,
               std::optional<std::int64_t> step = {}) {
  return {start, stop, step};
}

TEST(GetItem, SlicesAcrossBlocks) {
  const ExprPtr x = counted({3, 3, 4});
  EXPECT_EQ(array_meta(get_item(x, {part(2, 9, 2)})).chunks(), (Chunks{{1, 1, 2}}));
  EXPECT_EQ(computed_text(get_item(x, {part(2, 9, 2)})), literal_text("[2, 4, 6, 8]"));
  EXPECT_EQ(computed_text(get_item(x, {part(-3, {})})), literal_text("[7, 8, 9]"));
  EXPECT_EQ(array_meta(get_item(x, {part(5, 5)})).shape(), (Shape{0}));
}

TEST(GetItem, WithANegativeStepReversesBlocks) {
  const ExprPtr x = counted({3, 3, 4});
  const ExprPtr back = get_item(x, {part({}, {}, -1)});
  EXPECT_EQ(array_meta(back).chunks(), (Chunks{{4, 3, 3}}));
  EXPECT_EQ(computed_text(back), literal_text("[9, 8, 7, 6, 5, 4, 3, 2, 1, 0]"));
  EXPECT_EQ(computed_text(get_item(x, {part(8, 1, -3)}), false), literal_text("[8, 5, 2]"));
  EXPECT_EQ(computed_text(get_item(back, {part(1, {}, 4)})), literal_text("[8, 4, 0]"));
}

TEST(GetItem, DropsAndAddsAxes) {
  const ExprPtr x = numbered(3, 4, {{2, 1}, {2, 2}});
  EXPECT_EQ(computed_text(get_item(x, {std::int64_t{-1}})), literal_text("[8, 9, 10, 11]"));
  EXPECT_EQ(computed_text(get_item(x, {EllipsisItem{}, std::int64_t{1}})), literal_text("[1, 5, 9]"));
  EXPECT_EQ(array_meta(get_item(x, {NewAxisItem{}, std::int64_t{0}, part({}, 2), NewAxisItem{}})).shape(),
            (Shape{1, 2, 1}));
}

TEST(GetItem, TakesPositionsInAnyOrder) {
  const ExprPtr x = numbered(3, 4, {{2, 1}, {2, 2}});
  EXPECT_EQ(computed_text(get_item(x, {part({}, {}), PositionsItem{{3, 0, 0, -2}}})),
            literal_text("[[3, 0, 0, 2], [7, 4, 4, 6], [11, 8, 8, 10]]"));
  EXPECT_EQ(computed_text(get_item(x, {MaskItem{{true, false, true}}})),
            literal_text("[[0, 1, 2, 3], [8, 9, 10, 11]]"));
}

TEST(GetItem, NamesIndexAxisAndExtent) {
  const ExprPtr x = numbered(3, 4, {{3}, {4}});
  EXPECT_EQ(error_text([&] { get_item(x, {std::int64_t{0}, std::int64_t{4}}); }),
            "index 4 is out of bounds for axis 1 with size 4");
  EXPECT_THAT(error_text([&] { get_item(x, std::vector<IndexItem>(3, std::int64_t{0})); }),
              HasSubstr("too many indices: 3 are given, but the array has 2 axes"));
  EXPECT_THAT(error_text([&] { get_item(x, {MaskItem{{true}}}); }), HasSubstr("the mask along axis 0 has 1 entries"));
  EXPECT_THAT(error_text([&] { get_item(x, {part({}, {}, 0)}); }), HasSubstr("step 0"));
}

TEST(Slice, MovesBehindATransposeAndIntoMemory) {
  const ExprPtr x = numbered(3, 4, {{2, 1}, {2, 2}});
  const ExprPtr y = get_item(transpose(x), {part(1, 3), part(0, 2)});
  EXPECT_EQ(computed_text(y), literal_text("[[1, 5], [2, 6]]"));
  const ExprPtr simpler = y->simplify();
  ASSERT_NE(simpler, nullptr);
  EXPECT_EQ(simpler->op(), "transpose");
  EXPECT_EQ(simpler->operands()[0]->simplify()->op(), "array");
}

}  // namespace
}  // namespace plait
