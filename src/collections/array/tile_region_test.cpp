// Elementwise operations, reductions and products of lazy arrays, whole and in chunks, fused and not.
#include <gmock/gmock.h>

#include <numeric>

#include "collections/array/array_testing.h"
#include "collections/array/elementwise.h"
#include "collections/array/fuse.h"
#include "collections/array/layout.h"
#include "collections/array/matmul.h"
#include "collections/array/random_draw.h"
#include "collections/array/reduction.h"

namespace plait {
namespace {

using testing::HasSubstr;

// NumPy's arange(count) in blocks.
ExprPtr counted(std::int64_t count, std::vector<std::int64_t> blocks) {
  start();
  EXPECT_EQ(count, std::accumulate(blocks.begin(), blocks.end(), std::int64_t{0}));
  return arange(std::int64_t{0}, 1, DType::int64, {std::move(blocks)});
}

ScalarValue whole(std::int64_t value) { return value; }

ExprPtr reduced(ReduceOp op, const ExprPtr& array, std::vector<int> axes, bool keepdims = false) {
  return reduce(op, array, {.axes = std::move(axes), .keepdims = keepdims});
}

TEST(Elementwise, AddsABlockAndItsTranspose) {
  const ExprPtr x = numbered(3, 3, {{2, 1}, {2, 1}});
  const ExprPtr sum = elementwise(ElementOp::add, {x, transpose(x)});
  for (bool optimize : {true, false}) {
    EXPECT_EQ(computed_text(sum, optimize), literal_text("[[0, 4, 8], [4, 8, 12], [8, 12, 16]]"));
  }
}

TEST(Elementwise, TakesTheRightBlocksOfATransposedArray) {
  const ExprPtr x = numbered(2, 3, {{1, 1}, {2, 1}});
  const ExprPtr y = elementwise(ElementOp::add, {transpose(x), whole(1)});
  for (bool optimize : {true, false}) EXPECT_EQ(computed_text(y, optimize), literal_text("[[1, 4], [2, 5], [3, 6]]"));
  EXPECT_EQ(computed_text(transpose(x)), literal_text("[[0, 3], [1, 4], [2, 5]]"));
}

TEST(Elementwise, BroadcastsAcrossDifferentChunks) {
  const ExprPtr x = numbered(2, 4, {{1, 1}, {3, 1}});
  const ExprPtr row = counted(4, {1, 3});
  EXPECT_EQ(computed_text(elementwise(ElementOp::multiply, {x, row})), literal_text("[[0, 1, 4, 9], [0, 5, 12, 21]]"));
  const ExprPtr column = expand_dims(counted(2, {1, 1}), {1});
  EXPECT_EQ(computed_text(elementwise(ElementOp::subtract, {x, column})), literal_text("[[0, 1, 2, 3], [3, 4, 5, 6]]"));
}

TEST(Elementwise, NamesShapesThatDoNotBroadcast) {
  const ExprPtr a = counted(2, {2});
  const ExprPtr b = counted(3, {3});
  EXPECT_THAT(error_text([&] { elementwise(ElementOp::add, {a, b}); }), HasSubstr("shapes (2,) and (3,)"));
}

TEST(Elementwise, BecomesOneRegion) {
  const ExprPtr x = counted(4, {2, 2});
  const ExprPtr y = elementwise(ElementOp::add, {elementwise(ElementOp::multiply, {x, whole(3)}), whole(1)});
  const ExprPtr sum = reduced(ReduceOp::sum, y, {0});
  EXPECT_EQ(computed_text(sum), "22");
  EXPECT_EQ(computed_text(sum, false), "22");
  // Source, leaf and one combination: the chain is in the leaf.
  EXPECT_LE(nodes_of(optimize({sum})).size(), 3u);
}

TEST(Elementwise, BecomesOneRegionAboveArraysInMemory) {
  const ExprPtr x = numbered(2, 2, {{1, 1}, {2}});
  const ExprPtr y = numbered(2, 2, {{1, 1}, {2}});
  const ExprPtr sum = elementwise(
      ElementOp::add, {elementwise(ElementOp::multiply, {x, whole(2)}), elementwise(ElementOp::multiply, {y, x})});
  EXPECT_THAT(optimize({sum})[0]->describe(), HasSubstr("multiply, multiply, add"));
  EXPECT_EQ(computed_text(sum), literal_text("[[0, 3], [8, 15]]"));
}

TEST(Elementwise, ComputesPowersOfTwoAsSquares) {
  EXPECT_EQ(elementwise(ElementOp::power, {counted(3, {3}), whole(2)})->op(), "square");
  EXPECT_EQ(computed_text(elementwise(ElementOp::power, {counted(3, {2, 1}), whole(3)})), literal_text("[0, 1, 8]"));
}

TEST(Reduce, GoesThroughATreeOfBlocks) {
  const ExprPtr x = counted(100, std::vector<std::int64_t>(20, 5));
  EXPECT_EQ(computed_text(reduced(ReduceOp::sum, x, {0})), "4950");
  EXPECT_EQ(computed_text(reduced(ReduceOp::mean, x, {0})), "49.5");
  EXPECT_EQ(computed_text(reduced(ReduceOp::var, x, {0})), "833.25");
  EXPECT_EQ(computed_text(reduced(ReduceOp::argmax, x, {0})), "99");
  EXPECT_EQ(computed_text(reduced(ReduceOp::min, x, {0}, true)), "[0]");
}

TEST(Reduce, TakesAnyAxis) {
  const ExprPtr x = numbered(3, 4, {{2, 1}, {1, 3}});
  EXPECT_EQ(computed_text(reduced(ReduceOp::sum, x, {0})), literal_text("[12, 15, 18, 21]"));
  EXPECT_EQ(computed_text(reduced(ReduceOp::sum, x, {-1})), literal_text("[6, 22, 38]"));
  EXPECT_EQ(computed_text(reduced(ReduceOp::argmin, x, {1})), literal_text("[0, 0, 0]"));
  EXPECT_EQ(computed_text(reduce(ReduceOp::argmax, x)), "11");
  EXPECT_EQ(computed_text(reduced(ReduceOp::max, x, {0, 1}, true)), "[[11]]");
}

TEST(Reduce, RefusesWhatHasNoValue) {
  const ExprPtr empty = counted(0, {0});
  EXPECT_THAT(error_text([&] { reduced(ReduceOp::min, empty, {0}); }),
              HasSubstr("zero-size array to reduction operation minimum"));
  EXPECT_THAT(error_text([&] { reduced(ReduceOp::sum, empty, {1}); }), HasSubstr("axis"));
}

TEST(Reduce, DrawsItsNumbersInTheLeaf) {
  start();
  GeneratorStreams streams(5);
  const ExprPtr x =
      draw(streams, "random", make_distribution(StreamKind::pcg64, DistributionKind::random), {{50, 50}, {40, 40}});
  const ExprPtr mean = reduce(ReduceOp::mean, x);
  EXPECT_EQ(computed_text(mean), computed_text(mean, false));
  for (const ExprPtr& node : nodes_of(optimize({mean}))) EXPECT_NE(node->op(), "random");
}

TEST(Matmul, AddsUpBlocksAlongTheContractedAxis) {
  const ExprPtr x = numbered(3, 4, {{2, 1}, {1, 3}});
  const ExprPtr y = numbered(4, 2, {{2, 2}, {1, 1}});
  EXPECT_EQ(computed_text(matmul(x, y)), literal_text("[[28, 34], [76, 98], [124, 162]]"));
  EXPECT_EQ(computed_text(matmul(counted(4, {3, 1}), y)), literal_text("[28, 34]"));
  EXPECT_EQ(computed_text(matmul(x, counted(4, {4}))), literal_text("[14, 38, 62]"));
  EXPECT_EQ(computed_text(matmul(counted(4, {2, 2}), counted(4, {4}))), "14");
}

TEST(Matmul, NamesShapesThatDoNotFit) {
  EXPECT_THAT(error_text([&] { matmul(numbered(2, 3, {{2}, {3}}), numbered(2, 3, {{2}, {3}})); }),
              HasSubstr("shapes (2, 3) and (2, 3) do not fit: 3 columns of the first meet 2 rows"));
}

}  // namespace
}  // namespace plait
