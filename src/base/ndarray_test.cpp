#include "plait/ndarray.h"

#include <gmock/gmock.h>

#include <functional>

#include "base/half.h"

namespace plait {
namespace {

using testing::HasSubstr;

std::string message_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(NdArray, ReadsLiteralsInBrackets) {
  const NdArray a = array("[[1, 2, 3], [4, 5, 6]]");
  EXPECT_EQ(a.dtype(), DType::int64);
  EXPECT_EQ(a.shape(), (Shape{2, 3}));
  EXPECT_EQ(a.at<std::int64_t>({1, 0}), 4);
  EXPECT_EQ(array("[0.5, 1]").dtype(), DType::float64);
  EXPECT_EQ(array("7").ndim(), 0);
  EXPECT_THAT(message_of([] { array("[[1], [2, 3]]"); }), HasSubstr("lists of different lengths"));
  EXPECT_THAT(message_of([] { array("[1, 2"); }), HasSubstr("no number"));
}

TEST(NdArray, ViewsShareMemory) {
  const NdArray a = array("[[1, 2, 3], [4, 5, 6]]");
  const NdArray t = a.transposed();
  EXPECT_EQ(t.shape(), (Shape{3, 2}));
  EXPECT_EQ(t.at<std::int64_t>({2, 1}), 6);
  EXPECT_EQ(t.bytes(), a.bytes());
  const NdArray reversed = a.sliced(1, 2, 3, -1);
  EXPECT_EQ(to_string(reversed.copy()), "[[3 2 1]\n [6 5 4]]");
}

TEST(NdArray, ReshapesViewsByCopyingThem) {
  const NdArray t = array("[[1, 2, 3], [4, 5, 6]]").transposed();
  EXPECT_EQ(to_string(t.reshaped({6})), "[1 4 2 5 3 6]");
  EXPECT_THAT(message_of([&] { t.reshaped({4}); }), HasSubstr("shape (3, 2) into shape (4,)"));
}

TEST(NdArray, BroadcastsWithoutCopying) {
  const NdArray row = array("[[1, 2]]").broadcast_to({3, 2});
  EXPECT_EQ(row.strides()[0], 0);
  EXPECT_EQ(to_string(row), "[[1 2]\n [1 2]\n [1 2]]");
  EXPECT_THAT(message_of([&] { row.broadcast_to({4, 2}); }), HasSubstr("(3, 2) to shape (4, 2)"));
}

TEST(NdArray, AssignsThroughStrides) {
  NdArray to = NdArray::zeros(DType::int64, {3, 2});
  to.transposed().assign(array("[[1, 2, 3], [4, 5, 6]]"));
  EXPECT_EQ(to_string(to), "[[1 4]\n [2 5]\n [3 6]]");
}

TEST(NdArray, ConvertsBetweenDTypes) {
  EXPECT_EQ(to_string(array("[0, 1, 2]").astype(DType::bool_)), "[False  True  True]");
  EXPECT_EQ(to_string(array("[1.9, -1.9]").astype(DType::int32)), "[ 1 -1]");
  EXPECT_EQ(to_string(array("[1.5, 2.5]").astype(DType::float16).astype(DType::float64)), "[1.5 2.5]");
  EXPECT_EQ(to_string(array("[1, 2]").astype(DType::complex128)), "[1.+0.j 2.+0.j]");
}

TEST(NdArray, ChecksTypesAndBounds) {
  const NdArray a = array("[1, 2]");
  EXPECT_THAT(message_of([&] { a.at<double>({0}); }), HasSubstr("holds int64, it was read as float64"));
  EXPECT_THAT(message_of([&] { a.at<std::int64_t>({2}); }),
              HasSubstr("index 2 is out of range for axis 0 of length 2"));
  EXPECT_THAT(message_of([] { NdArray::from<int>({3}, {1, 2}); }), HasSubstr("2 values do not fill shape (3,)"));
}

TEST(NdArray, PrintsLongArraysShortened) {
  std::vector<std::int64_t> values(2000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::int64_t>(i);
  const NdArray a = NdArray::from<std::int64_t>({2000}, std::span<const std::int64_t>(values));
  EXPECT_EQ(to_string(a), "[   0    1    2 ... 1997 1998 1999]");
}

TEST(NdArray, EmptyArraysHaveNoElements) {
  const NdArray a = NdArray::zeros(DType::float32, {0, 3});
  EXPECT_EQ(a.size(), 0);
  EXPECT_TRUE(a.is_contiguous());
  EXPECT_EQ(a.copy().shape(), (Shape{0, 3}));
}

}  // namespace
}  // namespace plait
