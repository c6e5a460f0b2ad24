#include <gmock/gmock.h>

#include <sstream>

#include "plait/array.h"
#include "plait/random.h"

namespace {

using plait::all;
using plait::chunks;
using plait::slice;
using testing::HasSubstr;

std::string text(const plait::NdArray& array) { return to_string(array); }
std::string literal(std::string_view of) { return to_string(plait::array(of)); }

TEST(Array, ComputesTheFirstExample) {
  const auto x = plait::random::default_rng(1).random({20, 20}, chunks({10, 10}));
  const auto y = (x + x.transpose()).mean(0);
  std::ostringstream shown;
  shown << y;
  EXPECT_EQ(shown.str(), "plait.array<mean, shape=(20,), dtype=float64, chunksize=(10,)>");
  const auto [mean, values] = plait::compute(y, x);
  double sum = 0;
  for (std::int64_t i = 0; i < 20; ++i) sum += values.at<double>({i, 3}) + values.at<double>({3, i});
  EXPECT_NEAR(mean.at<double>({3}), sum / 20, 1e-12);
}

TEST(Array, TakesNumbersAndMemoryAsOperands) {
  const auto x = plait::arange(4, chunks(2));
  EXPECT_EQ(text((2 * x + 1).compute()), literal("[1, 3, 5, 7]"));
  EXPECT_EQ(text((x - plait::array("[1, 1, 1, 1]")).compute()), literal("[-1, 0, 1, 2]"));
  EXPECT_EQ((x.astype(plait::DType::float32) * 1.5).dtype(), plait::DType::float32);
  EXPECT_EQ(text(where(x > 1, x, -x).compute()), literal("[0, -1, 2, 3]"));
  EXPECT_EQ(text(plait::maximum(x, 2).compute()), literal("[2, 2, 2, 3]"));
}

TEST(Array, IsIndexedWithSlicesAndPositions) {
  const auto x = plait::arange(12, chunks(5)).reshape({3, 4});
  EXPECT_EQ(text(x[{slice(0, 2), all}].compute()), literal("[[0, 1, 2, 3], [4, 5, 6, 7]]"));
  EXPECT_EQ(text(x[{-1, slice({}, {}, -2)}].compute()), literal("[11, 9]"));
  EXPECT_EQ(text(x[{plait::ellipsis, std::vector<std::int64_t>{2, 0}}].compute()),
            literal("[[2, 0], [6, 4], [10, 8]]"));
  EXPECT_EQ(text(x[x > 8].compute()), literal("[9, 10, 11]"));
}

TEST(Array, GivesTheDifferencesOfNeighbours) {
  const auto x = plait::from_array(plait::array("[[1, 2, 4], [7, 0, -3]]"), chunks(2));
  EXPECT_EQ(text(ediff1d(x).compute()), literal("[1, 2, 3, -7, -3]"));
  EXPECT_EQ(ediff1d(plait::ones({1})).shape(), plait::Shape{0});
}

TEST(Array, NamesTheLineThatMadeAFailingOperation) {
  try {
    plait::ones({3}) + plait::ones({4});
    FAIL() << "shapes that do not broadcast were accepted";
  } catch (const plait::Error& error) {
    EXPECT_EQ(error.kind(), plait::ErrorKind::value);
    EXPECT_THAT(error.what(), HasSubstr("(3,) and (4,)"));
  }
}

TEST(Array, RechunksWithEveryFormOfChunks) {
  const auto x = plait::zeros({6, 4}, chunks({3, 2}));
  using Chunks = std::vector<std::vector<std::int64_t>>;
  EXPECT_EQ(x.rechunk(chunks(-1)).chunks(), (Chunks{{6}, {4}}));
  EXPECT_EQ(x.rechunk(chunks({{1, 5}, {4}})).chunks(), (Chunks{{1, 5}, {4}}));
  EXPECT_EQ(x.rechunk(plait::chunks_by_axis({{0, 2}})).chunks(), (Chunks{{2, 2, 2}, {2, 2}}));
  EXPECT_EQ(x.rechunk(chunks("auto")).chunks(), (Chunks{{6}, {4}}));
}

TEST(Random, TheModulesFunctionsFollowItsSeed) {
  plait::random::seed(3);
  const auto a = plait::random::random({5}, chunks(2)).compute();
  plait::random::seed(3);
  EXPECT_EQ(text(a), text(plait::random::random({5}, chunks(2)).compute()));
}

}  // namespace
