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

TEST(Diagonal, RunsThroughTheBlocksThatItCrosses) {
  const Array x = from_array(array("[[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]"), chunks({2, 3}));
  EXPECT_EQ(text(diagonal(x)), literal("[0, 5, 10]"));
  EXPECT_EQ(diagonal(x).chunks(), (std::vector<std::vector<std::int64_t>>{{2, 1}}));
  EXPECT_EQ(text(diagonal(x, 1)), literal("[1, 6, 11]"));
  EXPECT_EQ(text(diagonal(x, -1)), literal("[4, 9]"));
  EXPECT_EQ(diagonal(x, 9).shape(), (plait::Shape{0}));
  EXPECT_EQ(text(trace(x, 1)), literal("18"));
  EXPECT_THAT(error_text([&] { diagonal(x, 0, 1, -1); }), HasSubstr("both axis 1"));
}

TEST(Diagonal, BecomesAMatrix) {
  const Array x = cut("[1, 2, 3]", 2);
  EXPECT_EQ(text(diag(x)), literal("[[1, 0, 0], [0, 2, 0], [0, 0, 3]]"));
  EXPECT_EQ(text(diag(x.get({plait::slice(0, 2)}), 1)), literal("[[0, 1, 0], [0, 0, 2], [0, 0, 0]]"));
  EXPECT_EQ(text(diag(diag(x, -2), -2)), literal("[1, 2, 3]"));
  EXPECT_THAT(error_text([&] { diag(x.reshape({1, 1, 3})); }), HasSubstr("is 3, expected one or two"));
}

TEST(Pad, PutsNumbersAround) {
  const Array x = cut("[[1, 2], [3, 4]]", 1);
  EXPECT_EQ(text(pad(x, {{1, 0}, {0, 1}})), literal("[[0, 0, 0], [1, 2, 0], [3, 4, 0]]"));
  EXPECT_EQ(text(pad(cut("[1, 2]", 1), {{1, 2}}, "constant", {.values = {{8, 9}}})), literal("[8, 1, 2, 9, 9]"));
  EXPECT_EQ(text(pad(cut("[1, 5]", 1), {{2, 2}}, "linear_ramp", {.values = {{-3, 9}}})),
            literal("[-3, -1, 1, 5, 7, 9]"));
  EXPECT_EQ(text(pad(cut("[1, 2, 6]", 2), {{1, 1}}, "mean", {.stat_length = {{2, 3}}})), literal("[2, 1, 2, 6, 3]"));
  EXPECT_EQ(text(pad(x, {{1, 0}}, "maximum")), literal("[[4, 3, 4], [2, 1, 2], [4, 3, 4]]"));
}

TEST(Pad, RepeatsAndMirrorsTheArray) {
  const Array x = cut("[1, 2, 3]", 2);
  EXPECT_EQ(text(pad(x, {{2, 1}}, "edge")), literal("[1, 1, 1, 2, 3, 3]"));
  EXPECT_EQ(text(pad(x, {{4, 4}}, "wrap")), literal("[3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1]"));
  EXPECT_EQ(text(pad(x, {{3, 1}}, "reflect")), literal("[2, 3, 2, 1, 2, 3, 2]"));
  EXPECT_EQ(text(pad(x, {{4, 1}}, "symmetric")), literal("[3, 3, 2, 1, 1, 2, 3, 3]"));
  EXPECT_EQ(text(pad(x, {{3, 2}}, "reflect", {.is_odd = true})), literal("[-2, -1, 0, 1, 2, 3, 4, 5]"));
}

TEST(Pad, SaysWhatItCannotDo) {
  const Array x = cut("[1, 2, 3]", 2);
  EXPECT_THAT(error_text([&] { pad(x, {{-1, 0}}); }),
              HasSubstr("pad_width along axis 0 is (-1, 0), expected 0 or more"));
  EXPECT_THAT(error_text([&] { pad(x, {{1, 0}}, "mirror"); }), HasSubstr("mode 'mirror' is not supported"));
  EXPECT_THAT(error_text([&] { pad(plait::arange(0), {{1, 0}}, "edge"); }), HasSubstr("axis 0 has no elements"));
  EXPECT_THAT(error_text([&] { pad(x, {{1, 0}, {1, 0}}); }), HasSubstr("pad_width has 2 entries, expected one"));
}

TEST(Einsum, MultipliesAndAddsUpOverNamedAxes) {
  const Array a = cut("[[1, 2, 3], [4, 5, 6]]", 2);
  const Array b = cut("[[1, 0], [0, 1], [1, 1]]", 2);
  EXPECT_EQ(text(plait::einsum("ij,jk->ik", {a, b})), literal("[[4, 5], [10, 11]]"));
  EXPECT_EQ(text(plait::einsum("ij,jk", {a, b})), literal("[[4, 5], [10, 11]]"));
  EXPECT_EQ(text(plait::einsum("ij->ji", {a})), literal("[[1, 4], [2, 5], [3, 6]]"));
  EXPECT_EQ(text(plait::einsum("ij->j", {a})), literal("[5, 7, 9]"));
  EXPECT_EQ(text(plait::einsum("ij,ij->", {a, a})), literal("91"));
  EXPECT_EQ(text(plait::einsum("...j,...j->...", {a, a})), literal("[14, 77]"));
  EXPECT_EQ(text(plait::einsum("ii->i", {plait::einsum("ij,jk->ik", {a, b})})), literal("[4, 11]"));
  EXPECT_EQ(text(plait::einsum("ij,jk,kl->il", {a, b, a}, {.optimize = true})), text(matmul(matmul(a, b), a)));
}

TEST(Einsum, SumsOverSeveralAxesOfManyBlocks) {
  const Array x = plait::arange(24, chunks(24)).reshape({2, 3, 4}).rechunk(chunks(2));
  const Array y = x.transpose({2, 1, 0}).rechunk(chunks(1));
  EXPECT_EQ(text(plait::einsum("ijk,kjl->il", {x, y})),
            text(matmul(x.reshape({2, 12}), y.transpose({1, 0, 2}).reshape({12, 2}))));
  EXPECT_EQ(text(tensordot(x, y, {1, 2}, {1, 0})), text(plait::einsum("ijk,kjl->il", {x, y})));
}

TEST(Einsum, SaysWhatDoesNotFit) {
  const Array a = plait::ones({2, 3});
  EXPECT_THAT(error_text([&] { plait::einsum("ij,jk", {a}); }), HasSubstr("names 2 operands, but 1 are given"));
  EXPECT_THAT(error_text([&] { plait::einsum("ijk", {a}); }),
              HasSubstr("names 3 axes, but operand 0 has shape (2, 3)"));
  EXPECT_THAT(error_text([&] { plait::einsum("ij,ij", {a, a.transpose()}); }), HasSubstr("has extents"));
  EXPECT_THAT(error_text([&] { plait::einsum("ij->ik", {a}); }), HasSubstr("axis 'k' of the result is in no operand"));
  EXPECT_THAT(error_text([&] { tensordot(a, a, {0}, {1}); }), HasSubstr("differ in extent"));
}

}  // namespace
