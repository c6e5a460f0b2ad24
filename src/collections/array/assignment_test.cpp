#include "collections/array/assignment.h"

#include <gmock/gmock.h>

#include "collections/array/array_testing.h"

namespace plait {
namespace {

using testing::HasSubstr;

ExprPtr memory(std::string_view text) {
  const NdArray values = array(text);
  Chunks chunks;
  for (std::int64_t extent : values.shape()) chunks.push_back({extent});
  return from_array(values, chunks);
}

TEST(Assign, SetsNumbersAndArraysAtSlicesAndPositions) {
  const ExprPtr x = counted({3, 3});
  EXPECT_EQ(computed_text(assign(x, {SliceItem{1, 5, 2}}, ScalarValue(std::int64_t{9}))),
            literal_text("[0, 9, 2, 9, 4, 5]"));
  EXPECT_EQ(computed_text(assign(x, {SliceItem{{}, {}, -2}}, memory("[7, 8, 9]"))), literal_text("[0, 9, 2, 8, 4, 7]"));
  EXPECT_EQ(computed_text(assign(x, {std::int64_t{-1}}, memory("[[5]]"))), literal_text("[0, 1, 2, 3, 4, 5]"));
  EXPECT_EQ(array_meta(assign(x, {std::int64_t{0}}, ScalarValue(2.5))).dtype(), DType::int64);
}

TEST(Assign, SetsListsOfPositionsAndTheLastValueWins) {
  const ExprPtr x = numbered(3, 4, {{2, 1}, {2, 2}});
  EXPECT_EQ(computed_text(assign(x, {SliceItem{1, 3, {}}, PositionsItem{{3, 0, 3}}}, memory("[7, 8, 9]"))),
            literal_text("[[0, 1, 2, 3], [8, 5, 6, 9], [8, 9, 10, 9]]"));
  EXPECT_EQ(computed_text(assign(x, {PositionsItem{{2}}, std::int64_t{1}}, ScalarValue(std::int64_t{-1}))),
            literal_text("[[0, 1, 2, 3], [4, 5, 6, 7], [8, -1, 10, 11]]"));
  EXPECT_EQ(computed_text(assign(x, {MaskItem{{true, false, true}}}, memory("[[1], [2]]"))),
            literal_text("[[1, 1, 1, 1], [4, 5, 6, 7], [2, 2, 2, 2]]"));
}

TEST(Assign, SetsAtLazyPositionsAndUnderLazyMasksOfAnAxis) {
  const ExprPtr x = numbered(3, 4, {{2, 1}, {2, 2}});
  const ExprPtr positions = from_array(array("[3, 0, -1]"), {{2, 1}});
  EXPECT_EQ(computed_text(assign(x, {SliceItem{1, 3, {}}, LazyItem{positions}}, memory("[7, 8, 9]"))),
            literal_text("[[0, 1, 2, 3], [8, 5, 6, 9], [8, 9, 10, 9]]"));
  EXPECT_EQ(computed_text(assign(x, {SliceItem{{}, {}, -2}, LazyItem{positions}}, memory("[[7], [8]]"))),
            literal_text("[[8, 1, 2, 8], [4, 5, 6, 7], [7, 9, 10, 7]]"));
  const ExprPtr line = counted({2, 2});
  const ExprPtr mask = elementwise(ElementOp::greater, {line, ScalarValue(std::int64_t{1})});
  EXPECT_EQ(computed_text(assign(line, {LazyItem{mask}}, memory("[8, 9]"))), literal_text("[0, 1, 8, 9]"));
  EXPECT_EQ(computed_text(assign(x, {std::int64_t{0}, LazyItem{mask}}, ScalarValue(std::int64_t{5}))),
            literal_text("[[0, 1, 5, 5], [4, 5, 6, 7], [8, 9, 10, 11]]"));
}

TEST(Assign, FindsWhenItRunsThatLazyPositionsDoNotFit) {
  const ExprPtr x = counted({2, 2});
  const ExprPtr mask = elementwise(ElementOp::greater, {x, ScalarValue(std::int64_t{1})});
  EXPECT_THAT(
      [&] { computed_text(assign(x, {LazyItem{mask}}, memory("[7, 8, 9]"))); },
      testing::ThrowsMessage<Error>(HasSubstr("the value has 3 elements along axis 0, but 2 are to be set there")));
  EXPECT_THAT([&] { computed_text(assign(x, {LazyItem{memory("[1, 4]")}}, ScalarValue(std::int64_t{0}))); },
              testing::ThrowsMessage<Error>(HasSubstr("index 4 is out of bounds for axis 0 with size 4")));
  EXPECT_EQ(computed_text(assign(x, {LazyItem{elementwise(ElementOp::greater, {x, ScalarValue(std::int64_t{9})})}},
                                 zeros(DType::int64, {{0}}))),
            literal_text("[0, 1, 2, 3]"));
}

TEST(Assign, SetsUnderAMaskOfAllAxes) {
  const ExprPtr x = numbered(2, 3, {{1, 1}, {2, 1}});
  const ExprPtr mask = elementwise(ElementOp::greater, {x, ScalarValue(std::int64_t{2})});
  EXPECT_EQ(computed_text(assign(x, {LazyItem{mask}}, ScalarValue(std::int64_t{0}))),
            literal_text("[[0, 1, 2], [0, 0, 0]]"));
  const ExprPtr known = from_array(array("[[1, 0, 0], [0, 1, 1]]").astype(DType::bool_), {{2}, {3}});
  EXPECT_EQ(computed_text(assign(x, {LazyItem{known}}, memory("[7, 8, 9]"))), literal_text("[[7, 1, 2], [3, 8, 9]]"));
  EXPECT_THAT(error_text([&] { assign(x, {LazyItem{known}}, memory("[7, 8]")); }), HasSubstr("2 values for 3 true"));
}

TEST(Assign, SaysWhatDoesNotFit) {
  const ExprPtr x = counted({4});
  EXPECT_THAT(error_text([&] { assign(x, {SliceItem{0, 3, {}}}, memory("[1, 2]")); }),
              HasSubstr("the value of shape (2,) into the place of shape (3,)"));
  EXPECT_THAT(error_text([&] { assign(x, {std::int64_t{0}}, memory("[1.0]")); }), "no error");
  EXPECT_THAT(error_text([&] { assign(astype(x, DType::int8), {std::int64_t{0}}, ScalarValue(std::int64_t{300})); }),
              HasSubstr("300 out of bounds for int8"));
  EXPECT_THAT(error_text([&] { assign(x, {std::int64_t{0}}, ScalarValue(std::complex<double>(0, 1))); }),
              HasSubstr("complex elements cannot be set"));
  EXPECT_THAT(error_text([&] { assign(x, {std::int64_t{4}}, ScalarValue(1.0)); }),
              HasSubstr("index 4 is out of bounds"));
}

}  // namespace
}  // namespace plait
