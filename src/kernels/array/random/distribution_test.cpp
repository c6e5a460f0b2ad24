// Every distribution of both generators against NumPy's own draws.
#include "kernels/array/random/distribution.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "base/kernel.h"
#include "kernels/array/random/checksum_testing.h"
#include "kernels/array/random/draw_stream.h"
#include "kernels/array/random/random_kernels.h"

namespace plait {
namespace {

struct ExpectedDraws {
  const char* name;
  std::vector<double> parameters;
  std::uint64_t generator;
  std::uint64_t random_state;
};
struct ExpectedIntegers {
  const char* dtype;
  int128 low;
  int128 high;
  std::uint64_t generator;
  std::uint64_t random_state;
};
#include "kernels/array/random/expected_draws.h"

constexpr std::int64_t kNumDraws = 10007;
constexpr std::uint32_t kSeed = 7;

StreamSeed generator_seed() { return GeneratorStreams(kSeed).spawn(3)[2]; }
StreamSeed random_state_seed() { return RandomStateStreams(kSeed).spawn(3)[2]; }

NdArray drawn(const StreamSeed& seed, const Distribution& of) {
  Shape shape{kNumDraws};
  if (values_per_draw(of) != 1) shape.push_back(values_per_draw(of));
  NdArray out = NdArray::empty(of.dtype, shape);
  fill_random({.seed = seed, .distribution = of, .shape = {kNumDraws}}, {}, out, TaskContext());
  return out;
}

std::string title(const ExpectedDraws& expected) {
  std::string text = expected.name;
  for (const double p : expected.parameters) text += " " + std::to_string(p);
  return text;
}

TEST(Distribution, EveryOneOfGeneratorHasNumPysNumbers) {
  for (const ExpectedDraws& expected : kExpectedDraws) {
    if (expected.generator == 0) continue;
    const DistributionKind kind = find_distribution(expected.name).kind;
    const Distribution of = make_distribution(StreamKind::pcg64, kind, expected.parameters);
    EXPECT_EQ(checksum(drawn(generator_seed(), of)), expected.generator) << title(expected);
  }
}

TEST(Distribution, EveryOneOfRandomStateHasNumPysNumbers) {
  for (const ExpectedDraws& expected : kExpectedDraws) {
    if (expected.random_state == 0) continue;
    const DistributionKind kind = find_distribution(expected.name).kind;
    const Distribution of = make_distribution(StreamKind::mt19937, kind, expected.parameters);
    EXPECT_EQ(checksum(drawn(random_state_seed(), of)), expected.random_state) << title(expected);
  }
}

TEST(Distribution, SinglePrecisionHasNumPysNumbers) {
  for (const ExpectedDraws& expected : kExpectedSingles) {
    const DistributionKind kind = find_distribution(expected.name).kind;
    const Distribution of = make_distribution(StreamKind::pcg64, kind, expected.parameters, DType::float32);
    EXPECT_EQ(checksum(drawn(generator_seed(), of)), expected.generator) << title(expected);
  }
}

TEST(Distribution, IntegersOfEveryWidthHaveNumPysNumbers) {
  for (const ExpectedIntegers& expected : kExpectedIntegers) {
    const Distribution of = make_integers(expected.low, expected.high, parse_dtype(expected.dtype));
    EXPECT_EQ(checksum(drawn(generator_seed(), of)), expected.generator) << expected.dtype << " Generator";
    EXPECT_EQ(checksum(drawn(random_state_seed(), of)), expected.random_state) << expected.dtype << " RandomState";
  }
}

TEST(Distribution, PartsOfAStreamGiveTheSameNumbersAsTheWhole) {
  const Distribution cases[] = {
      make_distribution(StreamKind::pcg64, DistributionKind::normal, {0, 1}),
      make_distribution(StreamKind::pcg64, DistributionKind::standard_normal, {}, DType::float32),
      make_integers(0, 100, DType::int8),
      make_integers(0, 1000, DType::uint16),
      make_integers(0, 2, DType::bool_),
      make_integers(0, 1000, DType::int32),
  };
  for (const Distribution& of : cases) {
    for (const StreamSeed& seed : {generator_seed(), random_state_seed()}) {
      if (seed.kind == StreamKind::mt19937 && of.dtype == DType::float32) continue;
      NdArray parts = NdArray::empty(of.dtype, {kNumDraws});
      DrawStream stream(seed, of);
      std::int64_t at = 0;
      for (const std::int64_t part : {1, 0, 7, 611, 13, 4096, 1}) {
        stream.fill(parts.mutable_bytes() + at * static_cast<std::int64_t>(item_size(of.dtype)), part);
        at += part;
      }
      stream.fill(parts.mutable_bytes() + at * static_cast<std::int64_t>(item_size(of.dtype)), kNumDraws - at);
      EXPECT_EQ(checksum(parts), checksum(drawn(seed, of))) << info(of.kind).name << " " << name(of.dtype);
    }
  }
}

std::string error_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Distribution, NamesAParameterThatIsNotAllowed) {
  const auto made = [](DistributionKind kind, std::vector<double> parameters) {
    return error_of([&] { make_distribution(StreamKind::pcg64, kind, parameters); });
  };
  EXPECT_EQ(made(DistributionKind::normal, {0, -1}), "normal: scale is -1, expected 0 or more");
  EXPECT_EQ(made(DistributionKind::binomial, {3, 1.5}), "binomial: p is 1.5, expected a probability between 0 and 1");
  EXPECT_EQ(made(DistributionKind::uniform, {1, 0}), "uniform: low = 1 and high = 0, expected low <= high");
  EXPECT_EQ(made(DistributionKind::beta, {1}), "beta: got 1 parameters, expected 2");
  EXPECT_EQ(error_of([] { make_integers(5, 5); }), "integers: low is 5 and high is 5, expected low < high");
  EXPECT_EQ(error_of([] { make_integers(0, 300, DType::int8); }),
            "integers: high = 300 is out of bounds for int8, which holds -128 to 127");
  EXPECT_EQ(error_of([] { make_choice(3, {0.5, 0.5, 0.5}); }),
            "choice: the probabilities sum to 1.5, expected 1; divide them by their sum");
  EXPECT_THAT(error_of([] { find_distribution("nomal"); }), testing::HasSubstr("did you mean 'normal'"));
}

}  // namespace
}  // namespace plait
