#include "plait/array/order.h"

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
using testing::HasSubstr;

std::string text(const Array& of) { return to_string(of.compute()); }
std::string literal(std::string_view of) { return to_string(array(of)); }
Array cut(std::string_view of, std::int64_t extent) { return from_array(array(of), chunks(extent)); }

TEST(Cumsum, GoesOnFromBlockToBlock) {
  const Array x = cut("[1, 2, 3, 4, 5, 6, 7]", 2);
  EXPECT_EQ(text(cumsum(x, 0)), literal("[1, 3, 6, 10, 15, 21, 28]"));
  EXPECT_EQ(text(cumprod(x, 0)), literal("[1, 2, 6, 24, 120, 720, 5040]"));
  EXPECT_EQ(text(cumsum(x, 0, {.method = "blelloch"})), literal("[1, 3, 6, 10, 15, 21, 28]"));
  EXPECT_EQ(cumsum(x, 0).chunks(), x.chunks());
}

TEST(Cumsum, AddsTotalsOfManyBlocksByATree) {
  const Array x = plait::ones({5000}, chunks(1), DType::int64);
  EXPECT_EQ(text(cumsum(x, 0).get({-1})), literal("5000"));
  EXPECT_EQ(text(cumsum(x, 0).get({2048})), literal("2049"));
}

TEST(Cumsum, WorksAlongEachAxisAndOverAllElements) {
  const Array x = cut("[[1, 2, 3], [4, 5, 6]]", 2);
  EXPECT_EQ(text(cumsum(x, 0)), literal("[[1, 2, 3], [5, 7, 9]]"));
  EXPECT_EQ(text(cumsum(x, -1)), literal("[[1, 3, 6], [4, 9, 15]]"));
  EXPECT_EQ(text(cumsum(x)), literal("[1, 3, 6, 10, 15, 21]"));
  EXPECT_THAT(error_text([&] { cumsum(x, 2); }), HasSubstr("cumsum: axis 2 is out of range"));
  EXPECT_THAT(error_text([&] { cumsum(x, 0, {.method = "quick"}); }), HasSubstr("method is 'quick', expected"));
}

TEST(Cumsum, TakesNumpysTypesAndCountsNaNAsNothingWhereAsked) {
  const Array bytes = from_array(array("[100, 100, 100]").astype(DType::int8), chunks(1));
  EXPECT_EQ(text(cumsum(bytes, 0)), literal("[100, 200, 300]"));
  EXPECT_EQ(text(cumsum(bytes, 0, {.dtype = DType::int8})), to_string(array("[100, -56, 44]").astype(DType::int8)));
  EXPECT_EQ(cumsum(bytes.astype(DType::uint8), 0).dtype(), DType::uint64);
  const Array x = cut("[1.0, 0.0, 2.0]", 1);
  EXPECT_EQ(text(nancumsum(x / x, 0)), literal("[1.0, 1.0, 2.0]"));
  EXPECT_EQ(text(nancumprod(x / x * 3.0, 0)), literal("[3.0, 3.0, 9.0]"));
}

TEST(Topk, FindsTheLargestAndTheSmallestInOrder) {
  const Array x = cut("[[5, 1, 4, 9, 2], [3, 3, 8, 0, 7]]", 2);
  EXPECT_EQ(text(topk(x, 2)), literal("[[9, 5], [8, 7]]"));
  EXPECT_EQ(text(topk(x, -2)), literal("[[1, 2], [0, 3]]"));
  EXPECT_EQ(text(topk(x, 1, 0)), literal("[[5, 3, 8, 9, 7]]"));
  EXPECT_EQ(text(argtopk(x, 2)), literal("[[3, 0], [2, 4]]"));
  EXPECT_EQ(text(argtopk(x, -3)), literal("[[1, 4, 2], [3, 0, 1]]"));
  EXPECT_EQ(topk(x, 9).shape(), (plait::Shape{2, 5}));
  EXPECT_THAT(error_text([&] { topk(x, 1, 2); }), HasSubstr("topk: axis 2 is out of range"));
}

TEST(Topk, CombinesMoreBlocksThanOneTaskTakes) {
  const Array x = plait::arange(1000, chunks(3));
  EXPECT_EQ(text(topk(x, 3)), literal("[999, 998, 997]"));
  EXPECT_EQ(text(argtopk(-x, 3, 0, 2)), literal("[0, 1, 2]"));
}

TEST(Median, IsTheMeanOfTheMiddle) {
  const Array x = cut("[[5, 1, 4], [3, 2, 8]]", 2);
  EXPECT_EQ(text(median(x, 1)), literal("[4.0, 3.0]"));
  EXPECT_EQ(text(median(x, 0)), literal("[4.0, 1.5, 6.0]"));
  EXPECT_EQ(text(median(x, {0, 1}, true)), literal("[[3.5]]"));
  EXPECT_EQ(text(median(x)), "3.5");
}

TEST(Median, OfALineWithNaNIsNaNUnlessItIsSkipped) {
  const Array x = cut("[0.0, 5.0, 7.0]", 2);
  EXPECT_EQ(text(median(x / x, 0)), "nan");
  EXPECT_EQ(text(nanmedian(x / x * x, 0)), literal("6.0"));
}

TEST(Quantile, InterpolatesAsNumpyDoes) {
  const Array x = cut("[1, 2, 4, 8, 16]", 2);
  EXPECT_EQ(text(quantile(x, 0.375, 0)), literal("3.0"));
  EXPECT_EQ(text(quantile(x, 0.375, 0, {.method = "lower"})), literal("2"));
  EXPECT_EQ(text(quantile(x, 0.375, 0, {.method = "higher"})), literal("4"));
  EXPECT_EQ(text(quantile(x, 0.375, 0, {.method = "midpoint"})), literal("3.0"));
  EXPECT_EQ(text(quantile(x, std::vector{0.0, 0.5, 1.0}, 0)), literal("[1.0, 4.0, 16.0]"));
  EXPECT_EQ(text(percentile(x, std::vector{25.0, 50.0})), literal("[2.0, 4.0]"));
  EXPECT_EQ(quantile(x.astype(DType::float32), 0.5, 0).dtype(), DType::float32);
  EXPECT_EQ(quantile(x.astype(DType::float32), std::vector{0.5}, 0).dtype(), DType::float64);
}

TEST(Quantile, RefusesWhatHasNoQuantile) {
  const Array x = plait::arange(4);
  EXPECT_THAT(error_text([&] { quantile(x, 1.5, 0); }), HasSubstr("q is 1.5, expected a number between 0 and 1"));
  EXPECT_THAT(error_text([&] { quantile(x, 0.5, 0, {.method = "best"}); }), HasSubstr("'best' is not a valid method"));
  EXPECT_THAT(error_text([&] { quantile(plait::arange(0), 0.5, 0); }), HasSubstr("no elements"));
  EXPECT_THAT(error_text([&] { quantile(x.astype(DType::complex64), 0.5, 0); }), HasSubstr("expected real numbers"));
}

}  // namespace
