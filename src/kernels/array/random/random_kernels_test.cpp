// Whole arrays of random numbers, block by block, against what Dask 2026.8 computes for the same seed and chunks.
#include "kernels/array/random/random_kernels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/kernel.h"
#include "base/token.h"
#include "kernels/array/random/checksum_testing.h"
#include "kernels/array/random/uniform_stream.h"

namespace plait {
namespace {

// The blocks of a 2-d array in C order, drawn into views of the whole.
NdArray computed(const StreamSeeds& seeds, const Distribution& of, const Shape& shape, const Shape& chunk) {
  NdArray whole = NdArray::zeros(of.dtype, shape);
  std::uint64_t block = 0;
  for (std::int64_t row = 0; row < shape[0]; row += chunk[0]) {
    for (std::int64_t column = 0; column < shape[1]; column += chunk[1]) {
      const Shape part{std::min(chunk[0], shape[0] - row), std::min(chunk[1], shape[1] - column)};
      fill_random({.seed = seeds[block++], .distribution = of, .shape = part}, {},
                  whole.sliced(0, row, part[0]).sliced(1, column, part[1]), TaskContext());
    }
  }
  EXPECT_EQ(block, seeds.size());
  return whole;
}

Distribution generator_distribution(DistributionKind kind, std::vector<double> parameters = {}) {
  return make_distribution(StreamKind::pcg64, kind, std::move(parameters));
}
Distribution legacy_distribution(DistributionKind kind, std::vector<double> parameters = {}) {
  return make_distribution(StreamKind::mt19937, kind, std::move(parameters));
}

// rng = default_rng(42); rng.random((100, 100), chunks=(30, 40)); rng.normal(1, 2, size=50, chunks=20)
TEST(RandomKernel, DefaultRngHasDasksNumbersCallAfterCall) {
  GeneratorStreams rng(42);
  const NdArray uniform =
      computed(rng.spawn(12), generator_distribution(DistributionKind::random), {100, 100}, {30, 40});
  EXPECT_EQ(uniform.at<double>({0, 0}), 0.9167441575549085);
  EXPECT_EQ(uniform.at<double>({99, 99}), 0.6053962319530172);
  EXPECT_EQ(checksum(uniform), 7105756696020603978u);
  const NdArray normal =
      computed(rng.spawn(3), generator_distribution(DistributionKind::normal, {1, 2}), {1, 50}, {1, 20});
  EXPECT_EQ(checksum(normal), 7968032654049515322u);
}

// state = RandomState(42); state.normal(0.5, 2, size=(100, 100), chunks=(30, 40)); state.random_sample(77, chunks=10)
TEST(RandomKernel, RandomStateHasDasksNumbersCallAfterCall) {
  RandomStateStreams state(42u);
  const NdArray normal =
      computed(state.spawn(12), legacy_distribution(DistributionKind::normal, {0.5, 2}), {100, 100}, {30, 40});
  EXPECT_EQ(checksum(normal), 3995449391674630600u);
  const NdArray uniform = computed(state.spawn(8), legacy_distribution(DistributionKind::random), {1, 77}, {1, 10});
  EXPECT_EQ(checksum(uniform), 7565654370437658251u);
}

// da.random.seed(5); da.random.random((100, 100), chunks=(30, 40))
TEST(RandomKernel, TheModulesFunctionsDrawFromARandomState) {
  RandomStateStreams hidden(5u);
  const NdArray uniform =
      computed(hidden.spawn(12), legacy_distribution(DistributionKind::random), {100, 100}, {30, 40});
  EXPECT_EQ(uniform.at<double>({0, 0}), 0.6024930871217138);
  EXPECT_EQ(checksum(uniform), 16683942994413869622u);
}

// RandomState(9).random_sample(2000, chunks=10): more blocks than states are kept.
TEST(RandomKernel, ManyBlocksOfARandomStateHaveDasksNumbers) {
  RandomStateStreams state(9u);
  const NdArray uniform = computed(state.spawn(200), legacy_distribution(DistributionKind::random), {1, 2000}, {1, 10});
  EXPECT_EQ(checksum(uniform), 10664479453376992255u);
}

NdArray range(double first, double last, Shape shape) {
  NdArray numbers = NdArray::empty(DType::float64, shape);
  const std::int64_t n = numbers.size();
  const double step = (last - first) / static_cast<double>(n - 1);
  for (std::int64_t i = 0; i < n; ++i) numbers.mutable_data<double>()[i] = static_cast<double>(i) * step + first;
  numbers.mutable_data<double>()[n - 1] = last;
  return numbers;
}

// lam = linspace(0.5, 80, 100).reshape(10, 10); poisson(lam, chunks=(5, 5))
TEST(RandomKernel, AParameterMayBeAnArray) {
  const NdArray lam = range(0.5, 80, {10, 10});
  const auto poisson = [&](const StreamSeeds& seeds) {
    NdArray whole = NdArray::zeros(DType::int64, {10, 10});
    for (int block = 0; block < 4; ++block) {
      const auto part = [&](const NdArray& of) { return of.sliced(0, block / 2 * 5, 5).sliced(1, block % 2 * 5, 5); };
      const NdArray inputs[] = {part(lam)};
      const Distribution of{.kind = DistributionKind::poisson, .dtype = DType::int64};
      fill_random({.seed = seeds[block], .distribution = of, .shape = {5, 5}, .array_parameters = {0}}, inputs,
                  part(whole), TaskContext());
    }
    return checksum(whole);
  };
  EXPECT_EQ(poisson(GeneratorStreams(11).spawn(4)), 532183u);
  EXPECT_EQ(poisson(RandomStateStreams(11u).spawn(4)), 539758u);
}

// default_rng(11).normal(arange(10.), 2.0, size=(10, 10), chunks=(5, 10))
TEST(RandomKernel, AnArrayParameterIsBroadcast) {
  const StreamSeeds seeds = GeneratorStreams(11).spawn(2);
  NdArray whole = NdArray::zeros(DType::float64, {10, 10});
  const NdArray inputs[] = {range(0, 9, {10})};
  for (int block = 0; block < 2; ++block) {
    const Distribution of{.kind = DistributionKind::normal, .parameters = {0, 2}};
    fill_random({.seed = seeds[block], .distribution = of, .shape = {5, 10}, .array_parameters = {0}}, inputs,
                whole.sliced(0, block * 5, 5), TaskContext());
  }
  EXPECT_EQ(checksum(whole), 3469917139850017678u);
}

// lo = arange(100).reshape(10, 10); integers(-lo, lo + 3), with the streams of block 2 of 3 for seed 7
TEST(RandomKernel, BoundsOfIntegersMayBeArrays) {
  NdArray low = NdArray::empty(DType::int64, {10, 10});
  NdArray high = NdArray::empty(DType::int64, {10, 10});
  for (std::int64_t i = 0; i < 100; ++i) {
    low.mutable_data<std::int64_t>()[i] = -i;
    high.mutable_data<std::int64_t>()[i] = i + 3;
  }
  const auto integers = [&](const StreamSeed& seed, DType dtype, bool endpoint) {
    const NdArray inputs[] = {low, high};
    NdArray out = NdArray::empty(dtype, {10, 10});
    const Distribution of{.kind = DistributionKind::integers, .dtype = dtype};
    fill_random({.seed = seed, .distribution = of, .shape = {10, 10}, .endpoint = endpoint}, inputs, out,
                TaskContext());
    return checksum(out);
  };
  EXPECT_EQ(integers(GeneratorStreams(7).spawn(3)[2], DType::int64, false), 1955u);
  EXPECT_EQ(integers(RandomStateStreams(7u).spawn(3)[2], DType::int64, false), 18446744073709497010u);
  EXPECT_EQ(integers(GeneratorStreams(7).spawn(3)[2], DType::int8, true), 1251445u);

  // integers(arange(100, dtype="u8").reshape(10, 10), 2**64 - 1, dtype="u8")
  NdArray last = NdArray::empty(DType::uint64, {});
  *last.mutable_data<std::uint64_t>() = ~std::uint64_t{0};
  NdArray first = NdArray::empty(DType::uint64, {10, 10});
  for (std::int64_t i = 0; i < 100; ++i) first.mutable_data<std::uint64_t>()[i] = i;
  low = first;
  high = last;
  EXPECT_EQ(integers(GeneratorStreams(7).spawn(3)[2], DType::uint64, false), 9787539502498393315u);
}

TEST(RandomKernel, AnArrayParameterThatIsNotAllowedIsNamed) {
  const NdArray inputs[] = {array("[1.0, -2.0]")};
  const Distribution of{.kind = DistributionKind::exponential};
  try {
    fill_random({.seed = GeneratorStreams(1).spawn(1)[0], .distribution = of, .shape = {2}, .array_parameters = {0}},
                inputs, NdArray::empty(DType::float64, {2}), TaskContext());
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "exponential: scale is -2, expected 0 or more");
  }
}

TEST(RandomKernel, ChoosesAsNumPyDoes) {
  const auto chosen = [](const StreamSeed& seed, std::int64_t n, const Distribution& of) {
    NdArray out = NdArray::empty(DType::int64, {n});
    fill_random({.seed = seed, .distribution = of, .shape = {n}}, {}, out, TaskContext());
    return checksum(out);
  };
  const std::vector<double> five{.1, .2, .3, .25, .15};
  const std::vector<double> ten{.05, .15, .1, .1, .1, .2, .05, .05, .1, .1};

  const StreamSeed generator = GeneratorStreams(7).spawn(3)[2];
  EXPECT_EQ(chosen(generator, 5000, make_choice(1000)), 12538524281u);
  EXPECT_EQ(chosen(generator, 5000, make_choice(5, five)), 54363567u);
  EXPECT_EQ(chosen(generator, 500, make_choice(1000, {}, false)), 128232955u);
  EXPECT_EQ(chosen(generator, 2000, make_choice(20000, {}, false)), 41015868150u);
  EXPECT_EQ(chosen(generator, 2000, make_choice(20000, {}, false, false)), 41015868150u);
  EXPECT_EQ(chosen(generator, 6, make_choice(10, ten, false)), 75u);

  const StreamSeed state = RandomStateStreams(7u).spawn(3)[2];
  EXPECT_EQ(chosen(state, 5000, make_choice(1000)), 12586199463u);
  EXPECT_EQ(chosen(state, 5000, make_choice(5, five)), 53627072u);
  EXPECT_EQ(chosen(state, 500, make_choice(1000, {}, false)), 133443542u);
  EXPECT_EQ(chosen(state, 2000, make_choice(20000, {}, false)), 40720709575u);
  EXPECT_EQ(chosen(state, 6, make_choice(10, ten, false)), 172u);
}

TEST(RandomKernel, ChoosingMoreThanThereAreIsNamed) {
  const auto error = [](const Distribution& of) {
    try {
      fill_random({.seed = GeneratorStreams(7).spawn(1)[0], .distribution = of, .shape = {4}}, {},
                  NdArray::empty(DType::int64, {4}), TaskContext());
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(error(make_choice(3, {}, false)), "choice: 4 elements without replacement from a population of 3");
  EXPECT_EQ(error(make_choice(5, {0.5, 0.5, 0, 0, 0}, false)),
            "choice: 4 elements without replacement, but only 2 have a probability above 0");
}

// Generator.multivariate_hypergeometric([10, 20, 30], 12, size=1000, method="count")
TEST(RandomKernel, MultivariateHypergeometricHasItsTwoMethods) {
  Distribution of =
      make_distribution(StreamKind::pcg64, DistributionKind::multivariate_hypergeometric, {12, 10, 20, 30});
  of.count_method = true;
  NdArray out = NdArray::empty(DType::int64, {1000, 3});
  fill_random({.seed = GeneratorStreams(7).spawn(3)[2], .distribution = of, .shape = {1000}}, {}, out, TaskContext());
  EXPECT_EQ(checksum(out), 36008024u);
}

TEST(RandomKernel, AUniformStreamInTilesHasTheNumbersOfTheWhole) {
  const StreamSeed seeds[] = {GeneratorStreams(7).spawn(3)[2], RandomStateStreams(7u).spawn(3)[2]};
  for (const StreamSeed& seed : seeds) {
    std::vector<double> whole(20000);
    std::vector<double> tiled(20000);
    UniformStream(seed).fill(whole.data(), 20000);
    UniformStream stream(seed);
    std::int64_t at = 0;
    for (const std::int64_t tile : {2048, 1, 4095, 0, 100, 2048, 11708}) {
      stream.fill(tiled.data() + at, tile);
      at += tile;
    }
    ASSERT_EQ(at, 20000);
    EXPECT_EQ(tiled, whole);
  }
}

TEST(StreamSeed, TravelsWithItsTask) {
  const StreamSeed seeds[] = {GeneratorStreams(7).spawn(3)[2], RandomStateStreams(7u).spawn(100)[99],
                              GeneratorStreams(SeedSequence(seed_words(7)), true).spawn(3)[1]};
  for (const StreamSeed& seed : seeds) {
    Encoder to;
    encode(to, RandomParams{.seed = seed, .distribution = make_integers(0, 10), .shape = {3}});
    const Record record = to.take();
    Decoder from(record);
    const auto arrived = decode<RandomParams>(from);
    std::vector<double> sent(9);
    std::vector<double> received(9);
    const BlockPlacement placement{.array_shape = {9}, .origin = {0}, .shape = {9}};
    UniformStream(seed, placement).fill(sent.data(), 9);
    UniformStream(arrived.seed, placement).fill(received.data(), 9);
    EXPECT_EQ(received, sent);
    EXPECT_EQ(arrived.distribution.range, 9u);
    EXPECT_EQ(arrived.shape, Shape{3});
  }
}

TEST(StreamSeeds, AreNamedByTheirContent) {
  const auto token = [](const StreamSeeds& seeds) { return tokenize("random", seeds); };
  RandomStateStreams state(1u);
  EXPECT_EQ(token(state.spawn(1000)), token(RandomStateStreams(1u).spawn(1000)));
  EXPECT_NE(token(state.spawn(1000)), token(RandomStateStreams(1u).spawn(1000)));
  GeneratorStreams generator(1);
  EXPECT_EQ(token(generator.spawn(5)), token(GeneratorStreams(1).spawn(5)));
  EXPECT_NE(token(generator.spawn(5)), token(GeneratorStreams(1).spawn(5)));
}

template <class Streams>
void expect_kept_place(const Streams& fresh) {
  Streams streams = fresh;
  streams.spawn(3);
  streams.permutation(4);
  Encoder to;
  encode(to, streams);
  const Record record = to.take();
  Decoder from(record);
  auto arrived = decode<Streams>(from);
  EXPECT_EQ(arrived.permutation(100), streams.permutation(100));
  EXPECT_EQ(tokenize("", arrived.spawn(2)), tokenize("", streams.spawn(2)));
}

TEST(StreamSeeds, TheirGeneratorsKeepTheirPlaceWhenTheyTravel) {
  expect_kept_place(GeneratorStreams(3));
  expect_kept_place(GeneratorStreams(SeedSequence({1, 2, 3, 4, 5}, {6}, 7), true));
  expect_kept_place(RandomStateStreams(3u));
}

// numpy.random.default_rng(3).shuffle(arange(n)), numpy.random.RandomState(3).shuffle(arange(n))
TEST(StreamSeeds, TheirGeneratorsShuffleAsNumPyDoes) {
  const auto checksum_of = [](const std::vector<std::int64_t>& numbers) {
    NdArray copy = NdArray::empty(DType::int64, {static_cast<std::int64_t>(numbers.size())});
    std::copy(numbers.begin(), numbers.end(), copy.mutable_data<std::int64_t>());
    return checksum(copy);
  };
  EXPECT_THAT(GeneratorStreams(3).permutation(12), testing::ElementsAre(11, 7, 2, 10, 0, 1, 4, 6, 9, 5, 3, 8));
  EXPECT_THAT(RandomStateStreams(3u).permutation(12), testing::ElementsAre(5, 4, 1, 2, 11, 6, 7, 0, 3, 9, 8, 10));
  EXPECT_EQ(checksum_of(GeneratorStreams(3).permutation(100000)), 498378855137186u);
  EXPECT_EQ(checksum_of(RandomStateStreams(3u).permutation(100000)), 499724223924586u);
}

TEST(RandomKernel, RunsByName) {
  register_random_kernels();
  const RandomParams params{.seed = GeneratorStreams(42).spawn(1)[0],
                            .distribution = generator_distribution(DistributionKind::multinomial, {20, 0.5, 0.5}),
                            .shape = {4}};
  const Value value = random_kernel(params).run({}, TaskContext());
  EXPECT_EQ(value.as<NdArray>().shape(), (Shape{4, 2}));
  EXPECT_EQ(value.as<NdArray>().at<std::int64_t>({3, 0}) + value.as<NdArray>().at<std::int64_t>({3, 1}), 20);
}

}  // namespace
}  // namespace plait
