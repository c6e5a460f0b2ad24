#include "collections/array/joining.h"

#include <gmock/gmock.h>

#include "collections/array/array_testing.h"

namespace plait {
namespace {

using testing::HasSubstr;

TEST(Concatenate, PutsBlocksSideBySide) {
  const ExprPtr a = numbered(2, 3, {{1, 1}, {3}});
  const ExprPtr b = numbered(2, 2, {{2}, {1, 1}});
  const ExprPtr both = concatenate({a, b}, 1);
  EXPECT_EQ(array_meta(both).chunks(), (Chunks{{1, 1}, {3, 1, 1}}));
  EXPECT_EQ(computed_text(both), literal_text("[[0, 1, 2, 0, 1], [3, 4, 5, 2, 3]]"));
}

TEST(Concatenate, PromotesTypes) {
  const ExprPtr mixed = concatenate({counted({2}), ones(DType::float32, {{1}})}, 0);
  EXPECT_EQ(array_meta(mixed).dtype(), DType::float64);
  EXPECT_EQ(computed_text(mixed), literal_text("[0.0, 1.0, 1.0]"));
}

TEST(Concatenate, NamesShapesThatDiffer) {
  EXPECT_THAT(error_text([] { concatenate({numbered(2, 3, {{2}, {3}}), numbered(3, 3, {{3}, {3}})}, 1); }),
              HasSubstr("array 1 has shape (3, 3), but array 0 has (2, 3); they may differ along axis 1 only"));
}

TEST(Concatenate, OfAChainTakesOneStepForEachBlock) {
  constexpr std::int64_t kLinks = 300;
  ExprPtr chain = counted({1});
  for (std::int64_t i = 0; i < kLinks; ++i) chain = concatenate({chain, counted({1})}, 0);
  EXPECT_LE(build_graph(optimize({chain})).size(), static_cast<std::size_t>(2 * kLinks + 4));
  EXPECT_LE(build_graph(lower_only({chain})).size(), static_cast<std::size_t>(2 * kLinks + 4));
  EXPECT_EQ(array_meta(optimize({chain})[0]).chunks(), array_meta(chain).chunks());
}

TEST(Stack, MakesANewAxis) {
  const ExprPtr a = counted({2, 1});
  EXPECT_EQ(computed_text(stack({a, a}, 0)), literal_text("[[0, 1, 2], [0, 1, 2]]"));
  EXPECT_EQ(computed_text(stack({a, a}, -1)), literal_text("[[0, 0], [1, 1], [2, 2]]"));
  EXPECT_THAT(error_text([&] { stack({a, counted({4})}, 0); }),
              HasSubstr("array 1 has shape (4,), but array 0 has (3,)"));
}

}  // namespace
}  // namespace plait
