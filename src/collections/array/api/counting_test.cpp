#include "plait/array/counting.h"

#include <gmock/gmock.h>

#include "collections/array/array_testing.h"
#include "plait/array.h"

namespace {

using plait::array;
using plait::Array;
using plait::chunks;
using plait::DType;
using plait::error_text;
using plait::from_array;
using plait::HistogramBins;
using testing::HasSubstr;

std::string text(const Array& of) { return to_string(of.compute()); }
std::string literal(std::string_view of) { return to_string(array(of)); }
Array cut(std::string_view of, std::int64_t extent) { return from_array(array(of), chunks(extent)); }

TEST(Bincount, CountsOrAddsUpWeights) {
  const Array x = cut("[1, 3, 1, 0, 3, 3]", 2);
  EXPECT_EQ(text(bincount(x)), literal("[1, 2, 0, 3]"));
  EXPECT_EQ(text(bincount(x, {}, 6)), literal("[1, 2, 0, 3, 0, 0]"));
  EXPECT_EQ(text(bincount(x, cut("[1.0, 2.0, 4.0, 8.0, 16.0, 32.0]", 3))), literal("[8.0, 5.0, 0.0, 50.0]"));
  EXPECT_EQ(bincount(x, {}, 6).shape(), (plait::Shape{6}));
}

TEST(Bincount, SaysWhatItCannotCount) {
  const Array x = cut("[1, 3]", 1);
  EXPECT_THAT(error_text([&] { bincount(x, {}, 3).compute(); }), HasSubstr("the array holds 3, but minlength=3"));
  EXPECT_THAT(error_text([&] { bincount(cut("[2, -1]", 1)).compute(); }), HasSubstr("the array holds -1"));
  EXPECT_THAT(error_text([&] { bincount(x, {}, -1); }), HasSubstr("minlength is -1, expected 0 or more"));
  EXPECT_THAT(error_text([&] { bincount(x, plait::ones({3})); }), HasSubstr("weights have shape (3,)"));
  EXPECT_THAT(error_text([&] { bincount(x.astype(DType::float64)); }), HasSubstr("float64, expected integers"));
}

TEST(Histogram, CountsBetweenEvenAndUnevenEdges) {
  const Array x = cut("[[0.0, 0.5, 1.0], [1.5, 2.0, 9.0]]", 2);
  const auto even = histogram(x, {2, 0.0, 2.0});
  EXPECT_EQ(text(even.counts), literal("[2, 3]"));
  EXPECT_EQ(to_string(even.edges[0]), literal("[0.0, 1.0, 2.0]"));
  EXPECT_EQ(text(histogram(x, array("[0.0, 1.5, 9.0]")).counts), literal("[3, 3]"));
  EXPECT_EQ(text(histogram(x, {2, 0.0, 2.0}, {.density = true}).counts), literal("[0.4, 0.6]"));
}

TEST(Histogram, KeepsANaNWeightInItsBin) {
  const Array x = cut("[0.5, 1.5, 2.5, 1.5]", 2);
  const Array w = cut("[0.0, 1.0, 2.0, 3.0]", 2);
  EXPECT_EQ(text(histogram(x, array("[0, 1, 2, 3]"), {.weights = w / w * w}).counts), "[nan  4.  2.]");
}

TEST(Histogram, OfPointsCountsThemInAllAxes) {
  const Array x = cut("[0.5, 0.5, 1.5]", 2);
  const Array y = cut("[0.5, 1.5, 1.5]", 1);
  const auto found = plait::histogramdd({x, y}, {HistogramBins(2, 0.0, 2.0), array("[0.0, 1.0, 2.0]")});
  EXPECT_EQ(text(found.counts), literal("[[1., 1.], [0., 1.]]"));
  EXPECT_THAT(error_text([&] { histogram(x, {0, 0.0, 1.0}); }), HasSubstr("bins is 0, expected 1 or more"));
  EXPECT_THAT(error_text([&] { histogram(x, array("[2, 1]")); }), HasSubstr("must increase monotonically"));
}

TEST(Unique, GivesElementsInOrderAndWhereAndHowOftenTheyStand) {
  const auto found = unique(cut("[3, 1, 3, 2, 1, 3]", 2), {.index = true, .inverse = true, .counts = true});
  EXPECT_EQ(text(found.values), literal("[1, 2, 3]"));
  EXPECT_EQ(text(*found.index), literal("[1, 3, 0]"));
  EXPECT_EQ(text(*found.inverse), literal("[2, 0, 2, 1, 0, 2]"));
  EXPECT_EQ(text(*found.counts), literal("[2, 1, 3]"));
}

TEST(Unique, FindsManyDistinctElements) {
  const Array x = plait::arange(30000, chunks(7000)) / 2.0;
  EXPECT_EQ(text(unique(x).values.sum()), text(x.sum()));
  const auto found = unique(-x, {.index = true});
  EXPECT_EQ(to_string(found.index->compute().sliced(0, 0, 2)), literal("[29999, 29998]"));
}

TEST(Unique, TakesNaNAsOneElement) {
  const Array zero = cut("[0.0, 1.0, 0.0]", 1);
  EXPECT_EQ(text(unique(zero / zero).values), "[ 1. nan]");
  EXPECT_EQ(text(union1d(cut("[3, 1]", 1), cut("[2, 3]", 1))), literal("[1, 2, 3]"));
}

TEST(Searchsorted, FindsPlacesAmongBlocks) {
  const Array sorted = cut("[1, 2, 2, 3]", 2);
  const Array values = cut("[[0, 2], [3, 4]]", 1);
  EXPECT_EQ(text(searchsorted(sorted, values)), literal("[[0, 1], [3, 4]]"));
  EXPECT_EQ(text(searchsorted(sorted, values, plait::Side::right)), literal("[[0, 3], [4, 4]]"));
  EXPECT_EQ(text(digitize(values, array("[1, 3]"))), literal("[[0, 1], [2, 2]]"));
  EXPECT_EQ(text(digitize(values, array("[3, 1]"), true)), literal("[[2, 1], [1, 0]]"));
  EXPECT_THAT(error_text([&] { digitize(values, array("[1, 3, 2]")); }), HasSubstr("monotonically"));
  EXPECT_THAT(error_text([&] { searchsorted(values, values); }), HasSubstr("axes of the array is 2, expected one"));
}

TEST(Isin, LooksIntoEveryBlock) {
  const Array x = cut("[[0, 2], [3, 4]]", 1);
  EXPECT_EQ(text(isin(x, cut("[4, 0, 9, 4]", 1)).astype(DType::int64)), literal("[[1, 0], [0, 1]]"));
  EXPECT_EQ(text(isin(x, cut("[4.5, 2.0]", 1), true).astype(DType::int64)), literal("[[1, 0], [1, 1]]"));
}

}  // namespace
