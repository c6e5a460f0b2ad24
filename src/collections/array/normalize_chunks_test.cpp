#include "collections/array/normalize_chunks.h"

#include <gmock/gmock.h>

#include "collections/array/array_testing.h"

namespace plait {
namespace {

using testing::HasSubstr;
using List = std::vector<AxisChunks>;
using Blocks = std::vector<std::int64_t>;

Chunks normal(const ChunkSpec& spec, const Shape& shape, const Chunks* previous = nullptr) {
  return normalize_chunks("chunks", spec, shape, DType::float64, previous);
}

TEST(NormalizeChunks, CutsEveryAxisIntoBlocksOfOneExtent) {
  EXPECT_EQ(normal(AxisChunks(std::int64_t{4}), {10, 3}), (Chunks{{4, 4, 2}, {3}}));
  EXPECT_EQ(normal(List{std::int64_t{4}, WholeAxis{}}, {10, 3}), (Chunks{{4, 4, 2}, {3}}));
  EXPECT_EQ(normal(List{std::int64_t{3}, std::int64_t{2}}, {5}), (Chunks{{3, 2}}));
  EXPECT_EQ(normal(AxisChunks(std::int64_t{4}), {0}), (Chunks{{0}}));
}

TEST(NormalizeChunks, ChoosesAutomaticBlocksAsDaskDoes) {
  EXPECT_EQ(normal(AxisChunks(AutoAxis{}), {10000, 10000}), (Chunks{{4096, 4096, 1808}, {4096, 4096, 1808}}));
  EXPECT_EQ(normal(List{WholeAxis{}, parse_axis_chunks("1MB")}, {1000, 1000}),
            (Chunks{{1000}, {125, 125, 125, 125, 125, 125, 125, 125}}));
  const Chunks before = {Blocks(10, 100), Blocks(100, 1000)};
  const Chunks after = normal(std::map<int, AxisChunks>{{0, WholeAxis{}}, {1, AutoAxis{}}}, {1000, 100000}, &before);
  EXPECT_EQ(after[1][0], 16000);
}

TEST(NormalizeChunks, NamesWhatDoesNotFit) {
  EXPECT_EQ(error_text([] { normal(List{Blocks{40, 50}}, {100}); }),
            "chunks: chunks along axis 0 sum to 90, but the array has 100 elements");
  EXPECT_THAT(error_text([] { normal(AxisChunks(std::int64_t{0}), {100}); }),
              HasSubstr("the chunk extent along axis 0 is 0"));
  EXPECT_THAT(error_text([] { normal(List{Blocks{105, -5}}, {100}); }), HasSubstr("(105, -5)"));
  EXPECT_THAT(error_text([] { normal(List{std::int64_t{1}, std::int64_t{1}, std::int64_t{1}}, {4, 4}); }),
              HasSubstr("chunks are given for 3 axes, but the array has 2 (shape (4, 4))"));
}

}  // namespace
}  // namespace plait
