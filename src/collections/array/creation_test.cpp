#include "collections/array/creation.h"

#include <gmock/gmock.h>

#include "collections/array/array_testing.h"
#include "collections/array/random_draw.h"

namespace plait {
namespace {

TEST(Fill, MakesEveryBlockOfOneValue) {
  EXPECT_EQ(computed_text(ones(DType::int64, {{2, 1}, {2}})), literal_text("[[1, 1], [1, 1], [1, 1]]"));
}

TEST(Arange, CountsThroughBlocks) {
  EXPECT_EQ(computed_text(arange(std::int64_t{10}, -3, DType::int64, {{2, 2}})), literal_text("[10, 7, 4, 1]"));
  EXPECT_EQ(computed_text(arange(0.5, 0.25, DType::float64, {{2, 1}})), literal_text("[0.5, 0.75, 1.0]"));
  EXPECT_EQ(arange_length(0, 1, 0.3), 4);
  EXPECT_EQ(arange_length(3, 1, 1), 0);
  EXPECT_EQ(error_text([] { arange_length(0, 1, 0); }),
            "arange: step is 0, but the numbers must go from start to stop");
}

TEST(Linspace, EndsExactlyWhereItWasTold) {
  start();
  const NdArray values =
      compute({linspace(0, 0.1 * 3, true, DType::float64, {{2, 2}})}, {.scheduler = "sync"})[0].as<NdArray>();
  EXPECT_EQ(values.at<double>({3}), 0.1 * 3);
}

TEST(Eye, PutsItsDiagonalAcrossBlocks) {
  EXPECT_EQ(computed_text(eye(1, DType::int64, {{2, 1}, {1, 2}})), literal_text("[[0, 1, 0], [0, 0, 1], [0, 0, 0]]"));
}

TEST(FromArray, GivesACopyThatIsNotTheUsersMemory) {
  start();
  const NdArray memory = array("[1, 2, 3]");
  const NdArray result = compute({from_array(memory, {{2, 1}})}, {.scheduler = "sync"})[0].as<NdArray>();
  EXPECT_EQ(to_string(result), to_string(memory));
  EXPECT_NE(result.bytes(), memory.bytes());
}

TEST(FromArray, OfEqualMemoryHasAnEqualToken) {
  EXPECT_EQ(from_array(array("[1, 2]"), {{2}})->token(), from_array(array("[1, 2]"), {{2}})->token());
  EXPECT_NE(from_array(array("[1, 2]"), {{2}})->token(), from_array(array("[1, 3]"), {{2}})->token());
}

TEST(RandomDraw, TakesDasksSeedForEveryBlock) {
  start();
  GeneratorStreams streams(0);
  const ExprPtr x = draw(streams, "random", make_distribution(StreamKind::pcg64, DistributionKind::random), {{2, 2}});
  const NdArray drawn = compute({x}, {.scheduler = "sync"})[0].as<NdArray>();
  // dask.array.random.default_rng(0).random(4, chunks=2)
  EXPECT_NEAR(drawn.at<double>({0}), 0.94293755, 1e-8);
  EXPECT_NEAR(drawn.at<double>({1}), 0.31633715, 1e-8);
}

}  // namespace
}  // namespace plait
