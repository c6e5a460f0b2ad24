#include <gmock/gmock.h>

#include <limits>
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

TEST(Array, IsIndexedWithArraysThatAreNotComputedYet) {
  const auto x = plait::arange(12, chunks(5)).reshape({3, 4});
  const auto rows = plait::from_array(plait::array("[2, -3]"), chunks(1));
  EXPECT_EQ(text(x[{rows}].compute()), literal("[[8, 9, 10, 11], [0, 1, 2, 3]]"));
  EXPECT_EQ(text(x[{slice(1, {}), rows}].compute()), literal("[[6, 5], [10, 9]]"));
  EXPECT_EQ(text(x[{all, x.sum(0) > 15}].compute()), literal("[[2, 3], [6, 7], [10, 11]]"));
  EXPECT_EQ(text(x[{std::vector<bool>{false, true, false}, 0}].compute()), literal("[4]"));
}

TEST(Array, TakesSingleElements) {
  const auto x = plait::arange(12, chunks(5)).reshape({3, 4});
  EXPECT_EQ(text(vindex(x, {{0, plait::array("[0, -1]")}, {1, plait::array("[[3], [0]]")}}).compute()),
            literal("[[3, 11], [0, 8]]"));
  EXPECT_EQ(text(vindex(x, {{1, plait::array("[2, 0]")}}).compute()), literal("[[2, 6, 10], [0, 4, 8]]"));
  EXPECT_THROW(vindex(x, {{0, plait::array("[3]")}}), plait::Error);
}

TEST(Array, ReducesWithAndWithoutNaN) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto x = plait::from_array(plait::NdArray::from<double>({2, 3}, {1, nan, 3, 4, 5, 6}), chunks({1, 2}));
  EXPECT_EQ(text(nansum(x, 0).compute()), literal("[5.0, 5.0, 9.0]"));
  EXPECT_EQ(text(nanmax(x, 1, {.keepdims = true}).compute()), literal("[[3.0], [6.0]]"));
  EXPECT_EQ(text(nanargmin(x, 1).compute()), literal("[0, 0]"));
  EXPECT_EQ(text(x.sum(1, {.split_every_axis = {{-1, 2}}}).compute()), "[nan 15.]");
  EXPECT_EQ(text(count_nonzero(plait::arange(4)).compute()), literal("3"));
  EXPECT_EQ(text(ptp(plait::arange(4)).compute()), literal("3"));
  const auto weights = plait::from_array(plait::array("[1, 0, 1]"));
  EXPECT_EQ(text(average(plait::arange(6).reshape({2, 3}), weights, 1).compute()), literal("[1.0, 4.0]"));
  EXPECT_THROW(plait::reduce("nanum", x), plait::Error);
}

TEST(Array, ClipsWithOneBoundOrTwo) {
  const auto x = plait::arange(5, chunks(2));
  EXPECT_EQ(text(x.clip(1, 3).compute()), literal("[1, 1, 2, 3, 3]"));
  EXPECT_EQ(text(clip(x, std::nullopt, 3).compute()), literal("[0, 1, 2, 3, 3]"));
  EXPECT_EQ(text(clip(x, 2, std::nullopt).compute()), literal("[2, 2, 2, 3, 4]"));
  EXPECT_THROW(clip(x, std::nullopt, std::nullopt), plait::Error);
}

TEST(Array, MovesElements) {
  const auto x = plait::arange(6, chunks(4)).reshape({2, 3});
  EXPECT_EQ(text(flip(x, 1).compute()), literal("[[2, 1, 0], [5, 4, 3]]"));
  EXPECT_EQ(text(rot90(x).compute()), literal("[[2, 5], [1, 4], [0, 3]]"));
  EXPECT_EQ(text(roll(x, {1}, 1).compute()), literal("[[2, 0, 1], [5, 3, 4]]"));
  EXPECT_EQ(text(roll(x, {-1}).compute()), literal("[[1, 2, 3], [4, 5, 0]]"));
  EXPECT_EQ(text(repeat(x, 2, 0).compute()), literal("[[0, 1, 2], [0, 1, 2], [3, 4, 5], [3, 4, 5]]"));
  EXPECT_EQ(text(tile(plait::arange(2), {2, 2}).compute()), literal("[[0, 1, 0, 1], [0, 1, 0, 1]]"));
  EXPECT_EQ(text(diff(x, {.axis = 0}).compute()), literal("[[3, 3, 3]]"));
  EXPECT_EQ(text(tril(x).compute()), literal("[[0, 0, 0], [3, 4, 0]]"));
  EXPECT_EQ(text(triu(x, 1).compute()), literal("[[0, 1, 2], [0, 0, 5]]"));
  EXPECT_EQ(moveaxis(plait::zeros({2, 3, 4}), {0}, {-1}).shape(), (plait::Shape{3, 4, 2}));
  EXPECT_EQ(atleast_3d(plait::zeros({2, 3})).shape(), (plait::Shape{2, 3, 1}));
  EXPECT_EQ(text(plait::hstack({x, x}).compute()), literal("[[0, 1, 2, 0, 1, 2], [3, 4, 5, 3, 4, 5]]"));
  EXPECT_THROW(flip(x, 2), plait::Error);
}

TEST(Array, MakesNewArrays) {
  EXPECT_EQ(text(plait::arange(1, 2, 0.25).compute()), literal("[1.0, 1.25, 1.5, 1.75]"));
  EXPECT_EQ(plait::arange(0, 2.5).dtype(), plait::DType::float64);
  EXPECT_EQ(text(plait::linspace(0, 1, 2, {}, {.endpoint = false}).compute()), literal("[0.0, 0.5]"));
  EXPECT_EQ(text(plait::eye(2, chunks(1), {.columns = 3, .k = 1, .dtype = plait::DType::int64}).compute()),
            literal("[[0, 1, 0], [0, 0, 1]]"));
  EXPECT_EQ(text(ones_like(plait::arange(3), {.shape = plait::Shape{2}}).compute()), literal("[1, 1]"));
  EXPECT_EQ(text(plait::indices({2, 2}, chunks(1)).compute()), literal("[[[0, 0], [1, 1]], [[0, 1], [0, 1]]]"));
  EXPECT_EQ(plait::meshgrid({plait::arange(2), plait::arange(3)})[0].shape(), (plait::Shape{3, 2}));
  EXPECT_THROW(plait::zeros({-1}), plait::Error);
}

TEST(Array, MultipliesTensors) {
  const auto x = plait::arange(6, chunks(2)).reshape({2, 3});
  EXPECT_EQ(text(tensordot(x, x, {1}, {1}).compute()), literal("[[5, 14], [14, 50]]"));
  EXPECT_EQ(text(dot(x, 2).compute()), literal("[[0, 2, 4], [6, 8, 10]]"));
  EXPECT_EQ(text(cov(x).compute()), literal("[[1.0, 1.0], [1.0, 1.0]]"));
}

TEST(Array, RoundsAndCompares) {
  const auto x = plait::from_array(plait::array("[1.25, -2.5]"));
  EXPECT_EQ(text(x.round(1).compute()), literal("[1.2, -2.5]"));
  EXPECT_EQ(text(plait::fix(x).compute()), literal("[1.0, -2.0]"));
  EXPECT_EQ(text(isclose(x, x + 1e-9).compute()), text((x == x).compute()));
  EXPECT_EQ(text(plait::sqrt(4.0).compute()), literal("2.0"));
}

TEST(Array, FindsExtentsThatOnlyComputingTells) {
  const auto x = plait::arange(6, chunks(3));
  const auto some = x[x > 1];
  EXPECT_EQ(some.shape(), plait::Shape{-1});
  EXPECT_EQ(some.with_known_chunks().chunks(), (std::vector<std::vector<std::int64_t>>{{1, 3}}));
}

TEST(Array, BalancesBlocks) {
  const auto x = plait::zeros({10}, chunks(10)).rechunk(chunks(4), true);
  EXPECT_EQ(x.chunks(), (std::vector<std::vector<std::int64_t>>{{5, 5}}));
  EXPECT_EQ(x.rechunk(chunks(9), true).chunks(), (std::vector<std::vector<std::int64_t>>{{9, 1}}));
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

plait::NdArray doubled(const plait::NdArray& block) {
  plait::NdArray out = block.copy();
  for (std::int64_t i = 0; i < out.size(); ++i) out.mutable_data<std::int64_t>()[i] *= 2;
  return out;
}

TEST(MapBlocks, CallsACppFunctionOnEveryBlock) {
  const auto x = plait::arange(5, chunks(2));
  EXPECT_EQ(text(plait::map_blocks(doubled, {x}).compute()), literal("[0, 2, 4, 6, 8]"));
  const auto first = [](const plait::BlockPlace& place, const plait::NdArray&) {
    return plait::NdArray::from<std::int64_t>({1}, {10 * place.index[0] + place.start[0]});
  };
  const auto numbers = plait::map_blocks(first, {x}, {.chunks = std::vector<plait::AxisExtents>{1}, .name = "number"});
  EXPECT_EQ(text(numbers.compute()), literal("[0, 11, 22]"));
  const auto dot = [](const plait::NdArray& a, const plait::NdArray& b) {
    std::int64_t sum = 0;
    for (std::int64_t i = 0; i < a.size(); ++i) sum += a.at<std::int64_t>({i}) * b.at<std::int64_t>({i});
    return plait::NdArray::scalar(sum);
  };
  EXPECT_EQ(text(plait::map_blocks(dot, {x, x}, {.drop_axis = {0}}).compute()), literal("30"));
}

TEST(MapBlocks, JoinsTheBlocksOfAnAxisThatGoesAlsoWhereOnlyTheyKnowTheirExtents) {
  const auto x = plait::arange(12, chunks(12)).reshape({4, 3}).rechunk(chunks({3, 2}));
  const auto last = [](const plait::NdArray& block) { return block.sliced(0, block.shape()[0] - 1, 1).reshaped({3}); };
  const plait::BlockMapping how{.chunks = std::vector<plait::AxisExtents>{3}, .drop_axis = {0}};
  EXPECT_EQ(text(plait::map_blocks(last, {x.rechunk(chunks({1, 3}))}, how).compute()), literal("[9, 10, 11]"));
  const auto some = x.rechunk(chunks({1, 3}))[{plait::AxisIndex(plait::arange(4, chunks(1)) < 3), plait::all}];
  EXPECT_EQ(text(plait::map_blocks(last, {some}, how).compute()), literal("[6, 7, 8]"));
  const auto flat = [](const plait::NdArray& block) { return plait::NdArray::scalar(block.at<std::int64_t>({2, 1})); };
  EXPECT_EQ(text(plait::map_blocks(flat, {x}, {.drop_axis = {0, 1}}).compute()), literal("7"));
}

TEST(Blocks, AreChosenAsElementsAre) {
  const auto x = plait::arange(15, chunks(15)).reshape({3, 5}).rechunk(chunks({2, 2}));
  EXPECT_EQ(text(plait::take_blocks(x, {-1, 0}).compute()), literal("[[10, 11]]"));
  EXPECT_EQ(text(plait::take_blocks(x, {plait::ellipsis, plait::slice({}, {}, -2)})[{0}].compute()),
            literal("[4, 0, 1]"));
  EXPECT_EQ(text(plait::take_blocks(x, {1, std::vector<std::int64_t>{2, 2}}).compute()), literal("[[14, 14]]"));
  EXPECT_EQ(plait::take_blocks(x, {plait::slice(1, 1)}).shape(), (plait::Shape{0, 5}));
  EXPECT_EQ(plait::take_blocks(x, {plait::all}).name(), x.name());
  const auto error_of = [&](const plait::Array& array, const std::vector<plait::AxisIndex>& index) -> std::string {
    try {
      plait::take_blocks(array, index);
    } catch (const plait::Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(error_of(x, {plait::ellipsis, 3}), HasSubstr("block 3 is out of range: axis 1 has 3 blocks"));
  EXPECT_THAT(error_of(x, {plait::new_axis}), HasSubstr("no index of blocks"));
  const std::vector<std::int64_t> list = {0};
  EXPECT_THAT(error_of(x, {list, list}), HasSubstr("only be indexed by one list"));
  EXPECT_THAT(error_of(x[{x[{plait::all, 0}] > 2}], {0}), HasSubstr("blocks of unknown extent"));
}

TEST(MapBlocks, NamesABlockThatDoesNotFit) {
  const auto x = plait::arange(4, chunks(2));
  const auto wrong = [](const plait::NdArray&) { return plait::NdArray::from<std::int64_t>({1}, {0}); };
  try {
    plait::map_blocks(wrong, {x}, {.name = "wrong"}).compute();
    FAIL() << "a block of another shape was accepted";
  } catch (const plait::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("wrong: the function gave a block of shape (1,)"));
  }
}

TEST(MapBlocks, IsTheSameWorkWhereTheFunctionHasAName) {
  const auto named = plait::BlockFunction::registered("doubled", plait::BlockFunction::of<1>(doubled));
  const auto x = plait::arange(4);
  EXPECT_EQ(plait::map_blocks(named, {x}).name(), plait::map_blocks(named, {x}).name());
  EXPECT_NE(plait::map_blocks(doubled, {x}).name(), plait::map_blocks(doubled, {x}).name());
}

TEST(MapBlocks, MatchesBlocksByTheirNumbersWhereExtentsDoNotGoTogether) {
  const auto x = plait::arange(6, chunks(3));
  const auto few = plait::arange(4, chunks(2));
  const auto sum = [](const plait::NdArray& a, const plait::NdArray& b) {
    return plait::NdArray::from<std::int64_t>({1}, {a.at<std::int64_t>({0}) + b.at<std::int64_t>({1})});
  };
  const auto made = plait::map_blocks(sum, {x, few}, {.chunks = std::vector<plait::AxisExtents>{1}});
  EXPECT_EQ(text(made.compute()), literal("[1, 6]"));
}

TEST(Blockwise, BringsBlocksTogetherByTheNamesOfTheirAxes) {
  const auto x = plait::arange(5, chunks(2)), y = plait::arange(3, chunks(2)) + 1;
  const auto outer = [](const plait::NdArray& a, const plait::NdArray& b) {
    plait::NdArray out = plait::NdArray::empty(plait::DType::int64, {a.size(), b.size()});
    auto* to = out.mutable_data<std::int64_t>();
    for (std::int64_t i = 0; i < a.size(); ++i)
      for (std::int64_t j = 0; j < b.size(); ++j) *to++ = a.at<std::int64_t>({i}) * b.at<std::int64_t>({j});
    return out;
  };
  const auto products = plait::blockwise(outer, "ij", {{x, "i"}, {y, "j"}});
  EXPECT_EQ(products.chunks(), (std::vector<std::vector<std::int64_t>>{{2, 2, 1}, {2, 1}}));
  EXPECT_EQ(text(products[{4}].compute()), literal("[4, 8, 12]"));
  const auto count = [](const plait::NdArray& block) {
    return plait::NdArray::from<std::int64_t>({1}, {block.size()});
  };
  EXPECT_EQ(text(plait::blockwise(count, "i", {{products, "ij"}}, {.adjust_chunks = {{"i", 1}}}).compute()),
            literal("[6, 6, 3]"));
}

TEST(Blockwise, ChangesExtentsAndAddsAxes) {
  const auto x = plait::arange(3, chunks(2));
  const auto twice = [](const plait::NdArray& a) {
    plait::NdArray out = plait::NdArray::empty(plait::DType::int64, {a.size(), 2});
    auto* to = out.mutable_data<std::int64_t>();
    for (std::int64_t i = 0; i < 2 * a.size(); ++i) to[i] = a.at<std::int64_t>({i / 2});
    return out;
  };
  EXPECT_EQ(text(plait::blockwise(twice, "iz", {{x, "i"}}, {.new_axes = {{"z", 2}}}).compute()),
            literal("[[0, 0], [1, 1], [2, 2]]"));
  const auto flat = [&](const plait::NdArray& a) { return twice(a).reshaped({2 * a.size()}); };
  const plait::ExtentChange doubled = [](std::int64_t extent) { return 2 * extent; };
  EXPECT_EQ(text(plait::blockwise(flat, "i", {{x, "i"}}, {.adjust_chunks = {{"i", doubled}}}).compute()),
            literal("[0, 0, 1, 1, 2, 2]"));
}

TEST(Blockwise, NamesTheAxisThatDoesNotFit) {
  const auto x = plait::arange(4, chunks(2));
  const auto error_of = [&](const plait::AxisNames& result, const std::vector<plait::NamedArray>& arrays,
                            const plait::BlockwiseOptions& how = {}) -> std::string {
    try {
      plait::line_up_blockwise(result, arrays, how);
    } catch (const plait::Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(error_of("ij", {{x, "i"}}),
              HasSubstr("axis 'j' of the result is in no array; give its extent in new_axes"));
  EXPECT_THAT(error_of("i", {{x, "ij"}}), HasSubstr("2 names are given for the axes of an array with 1"));
  EXPECT_THAT(error_of("i", {{x, "i"}, {plait::arange(5), "i"}}), HasSubstr("axis 'i': operands"));
  EXPECT_THAT(error_of("i", {{x, "i"}}, {.adjust_chunks = {{"i", plait::AxisExtents{1, 2, 3}}}}),
              HasSubstr("adjust_chunks gives 3 extents along an axis with 2 blocks"));
}

TEST(Random, TheModulesFunctionsFollowItsSeed) {
  plait::random::seed(3);
  const auto a = plait::random::random({5}, chunks(2)).compute();
  plait::random::seed(3);
  EXPECT_EQ(text(a), text(plait::random::random({5}, chunks(2)).compute()));
}

TEST(Random, DrawsEveryDistributionByName) {
  auto rng = plait::random::default_rng(1);
  for (const auto& [name, parameters] : plait::random::distributions()) {
    if (name == "tomaxint") continue;  // RandomState's
    std::vector<plait::Operand> values;
    for (const auto& [parameter, usual] : parameters) values.emplace_back(usual.value_or(values.empty() ? 0.5 : 0.75));
    if (name == "hypergeometric") values = {3, 3, 2};
    if (name == "triangular") values = {0, 1, 2};
    if (name == "zipf") values = {2};
    EXPECT_EQ(rng.draw(name, values, plait::Shape{4}, chunks(2)).compute().size(), 4) << name;
  }
}

TEST(Random, TakesArraysAsParameters) {
  auto rng = plait::random::default_rng(1);
  const auto x = rng.normal(plait::arange(3, chunks(1)) * 100.0, 0.0, plait::Shape{2, 3}, chunks(2));
  EXPECT_EQ(text(x.compute()), literal("[[0.0, 100.0, 200.0], [0.0, 100.0, 200.0]]"));
  const auto n = rng.integers(plait::arange(3), plait::arange(3) + 1);
  EXPECT_EQ(text(n.compute()), literal("[0, 1, 2]"));
}

TEST(Random, GoesOnWhereItWasSaved) {
  plait::random::Generator rng(7);
  rng.random({3});
  auto again = plait::random::Generator::restored(rng.save());
  EXPECT_EQ(text(rng.random({3}).compute()), text(again.random({3}).compute()));
}

}  // namespace
