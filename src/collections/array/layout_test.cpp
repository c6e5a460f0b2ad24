#include "collections/array/layout.h"

#include <gmock/gmock.h>

#include "collections/array/array_testing.h"

namespace plait {
namespace {

using testing::HasSubstr;

Chunks chunks_of(const ExprPtr& expr) { return array_meta(expr).chunks(); }

TEST(Transpose, PutsBlocksAndTheirElementsInTheirNewPlaces) {
  const ExprPtr x = numbered(2, 3, {{1, 1}, {2, 1}});
  const ExprPtr t = transpose(x);
  EXPECT_EQ(chunks_of(t), (Chunks{{2, 1}, {1, 1}}));
  EXPECT_EQ(computed_text(t), literal_text("[[0, 3], [1, 4], [2, 5]]"));
  EXPECT_EQ(computed_text(t, false), computed_text(t));
}

TEST(Transpose, OfATransposeIsTheArrayItself) {
  const ExprPtr x = numbered(2, 3, {{2}, {3}});
  EXPECT_EQ(optimize({transpose(transpose(x))})[0]->token(), optimize({x})[0]->token());
}

TEST(Transpose, NamesAxesThatAreNotThere) {
  const ExprPtr x = numbered(2, 3, {{2}, {3}});
  EXPECT_THAT(error_text([&] { transpose(x, {0, 2}); }), HasSubstr("axis 2 is out of range: the array has 2 axes"));
  EXPECT_THAT(error_text([&] { transpose(x, {0}); }), HasSubstr("1 axes are given, but the array has 2"));
}

TEST(MoveAxis, KeepsTheOrderOfTheOthers) {
  const ExprPtr x = zeros(DType::int8, {{2}, {3}, {4}});
  EXPECT_EQ(array_meta(moveaxis(x, {0}, {2})).shape(), (Shape{3, 4, 2}));
  EXPECT_EQ(array_meta(moveaxis(x, {-1}, {0})).shape(), (Shape{4, 2, 3}));
}

TEST(ExpandDims, AndSqueezeUndoEachOther) {
  const ExprPtr x = numbered(2, 3, {{1, 1}, {3}});
  const ExprPtr wide = expand_dims(x, {0, -1});
  EXPECT_EQ(array_meta(wide).shape(), (Shape{1, 2, 3, 1}));
  EXPECT_EQ(computed_text(squeeze(wide)), literal_text("[[0, 1, 2], [3, 4, 5]]"));
  EXPECT_THAT(error_text([&] { squeeze(x, Axes{1}); }), HasSubstr("axis 1 has extent 3, expected 1"));
}

TEST(BroadcastTo, RepeatsBlocks) {
  const ExprPtr row = counted({2, 1});
  EXPECT_EQ(computed_text(broadcast_to(row, {2, 3})), literal_text("[[0, 1, 2], [0, 1, 2]]"));
  const ExprPtr column = numbered(2, 1, {{1, 1}, {1}});
  EXPECT_EQ(computed_text(broadcast_to(column, {2, 2})), literal_text("[[0, 0], [1, 1]]"));
  EXPECT_THAT(error_text([&] { broadcast_to(row, {2, 4}); }), HasSubstr("shape (3,) cannot be stretched to (2, 4)"));
}

TEST(Reshape, MergesAndSplitsAxesWithDasksChunks) {
  const ExprPtr x = numbered(4, 6, {{2, 2}, {3, 3}});
  const ExprPtr flat = reshape(x, {24});
  EXPECT_EQ(chunks_of(flat), (Chunks{{6, 6, 6, 6}}));
  EXPECT_EQ(computed_text(flat), computed_text(counted({24})));
  EXPECT_EQ(computed_text(reshape(flat, {2, 2, 6})), computed_text(reshape(numbered(4, 6, {{4}, {6}}), {2, 2, 6})));
}

TEST(Reshape, SplitsAxesUnevenlyThroughOneLongAxis) {
  const ExprPtr x = numbered(4, 6, {{3, 1}, {4, 2}});
  EXPECT_EQ(computed_text(reshape(x, {3, 8})), computed_text(numbered(3, 8, {{3}, {8}})));
}

TEST(Reshape, FindsTheMissingExtentAndNamesWhatCannotBe) {
  const ExprPtr x = numbered(4, 6, {{4}, {6}});
  EXPECT_EQ(array_meta(reshape(x, {-1, 8})).shape(), (Shape{3, 8}));
  EXPECT_THAT(error_text([&] { reshape(x, {5, 5}); }),
              HasSubstr("an array of shape (4, 6) (24 elements) cannot have shape (5, 5)"));
  EXPECT_THAT(error_text([&] { reshape(x, {-1, -1}); }), HasSubstr("one extent may be -1"));
}

}  // namespace
}  // namespace plait
