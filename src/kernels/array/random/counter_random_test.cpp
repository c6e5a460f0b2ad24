#include "kernels/array/random/counter_random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "base/kernel.h"
#include "kernels/array/random/counter_lanes.h"
#include "kernels/array/random/processor_testing.h"
#include "kernels/array/random/random_kernels.h"

namespace plait {
namespace {

using testing::ElementsAre;

// The known answers that the authors of Philox publish.
TEST(Philox, GivesItsKnownAnswers) {
  EXPECT_THAT(philox({0, 0, 0, 0}, {0, 0}), ElementsAre(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8));
  EXPECT_THAT(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
              ElementsAre(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd));
}

void expect_words_of_positions(std::uint64_t first, std::int64_t n) {
  const CounterKey key{12, 34};
  std::vector<std::uint64_t> words(n);
  std::vector<double> uniforms(n);
  fill_counter_words(key, first, words.data(), n);
  fill_counter_uniform(key, first, uniforms.data(), n);
  for (std::int64_t i = 0; i < n; ++i) {
    ASSERT_EQ(words[i], counter_word(key, first + i, 0));
    ASSERT_EQ(uniforms[i], static_cast<double>(words[i] >> 11) * 0x1p-53);
  }
}

TEST(CounterRandom, AnyPartOfARowHasTheNumbersOfItsPositions) {
  const std::uint64_t start = (std::uint64_t{1} << 33) - 7;  // across a carry of the counter's low word
  on_every_processor([&] {
    for (const std::uint64_t first : {start, start + 1}) {
      for (const std::int64_t n : {0, 1, 2, 15, 16, 33}) expect_words_of_positions(first, n);
    }
  });
}

NdArray chunked(const StreamSeed& seed, const Distribution& of, const Shape& shape, const Shape& chunk) {
  NdArray whole = NdArray::zeros(of.dtype, shape);
  for (std::int64_t row = 0; row < shape[0]; row += chunk[0]) {
    for (std::int64_t column = 0; column < shape[1]; column += chunk[1]) {
      const Shape block{std::min(chunk[0], shape[0] - row), std::min(chunk[1], shape[1] - column)};
      const NdArray part = whole.sliced(0, row, block[0]).sliced(1, column, block[1]);
      const BlockPlacement placement{.array_shape = shape, .origin = {row, column}, .shape = block};
      fill_random({.seed = seed, .distribution = of, .shape = block, .placement = placement}, {}, part, TaskContext());
    }
  }
  return whole;
}

TEST(CounterRandom, ChunksDoNotChangeTheNumbers) {
  GeneratorStreams generator(SeedSequence(seed_words(3)), true);
  const StreamSeeds seeds = generator.spawn(6);
  const Distribution cases[] = {
      make_distribution(StreamKind::counter, DistributionKind::random),
      make_distribution(StreamKind::counter, DistributionKind::random, {}, DType::float32),
      make_distribution(StreamKind::counter, DistributionKind::uniform, {-1, 5}),
      make_distribution(StreamKind::counter, DistributionKind::normal, {1, 2}),
      make_distribution(StreamKind::counter, DistributionKind::gamma, {0.4, 2}),
      make_distribution(StreamKind::counter, DistributionKind::binomial, {100, 0.4}),
      make_integers(0, 100, DType::int8),
  };
  for (const Distribution& of : cases) {
    const std::string whole = to_string(chunked(seeds[0], of, {21, 34}, {21, 34}));
    for (const Shape& chunk : {Shape{5, 34}, Shape{21, 3}, Shape{4, 7}, Shape{1, 1}}) {
      EXPECT_EQ(to_string(chunked(seeds[5], of, {21, 34}, chunk)), whole) << info(of.kind).name << to_string(chunk);
    }
  }
}

TEST(CounterRandom, CallsGiveDifferentNumbers) {
  GeneratorStreams generator(SeedSequence(seed_words(3)), true);
  const CounterKey first = counter_key(generator.spawn(6)[0]);
  const CounterKey second = counter_key(generator.spawn(6)[0]);
  EXPECT_NE(counter_word(first, 0, 0), counter_word(second, 0, 0));
}

TEST(CounterRandom, LooksUniformAndNormal) {
  GeneratorStreams generator(SeedSequence(seed_words(3)), true);
  const StreamSeed seed = generator.spawn(1)[0];
  const Shape shape{200, 1000};
  const auto moments = [&](DistributionKind kind) {
    const NdArray drawn = chunked(seed, make_distribution(StreamKind::counter, kind), shape, shape);
    double sum = 0;
    double squares = 0;
    for (std::int64_t i = 0; i < drawn.size(); ++i) {
      sum += drawn.data<double>()[i];
      squares += drawn.data<double>()[i] * drawn.data<double>()[i];
    }
    return std::pair{sum / drawn.size(), squares / drawn.size()};
  };
  EXPECT_NEAR(moments(DistributionKind::random).first, 0.5, 0.003);
  EXPECT_NEAR(moments(DistributionKind::random).second, 1.0 / 3, 0.003);
  EXPECT_NEAR(moments(DistributionKind::standard_normal).first, 0, 0.01);
  EXPECT_NEAR(moments(DistributionKind::standard_normal).second, 1, 0.015);
}

}  // namespace
}  // namespace plait
