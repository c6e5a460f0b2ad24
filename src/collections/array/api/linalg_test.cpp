#include "plait/array/linalg.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collections/array/factorize.h"
#include "collections/start.h"
#include "plait/array.h"
#include "plait/random.h"

namespace plait {
namespace {

using ::testing::HasSubstr;

Array matrix(std::string_view text, std::int64_t rows, std::int64_t columns) {
  start();
  return from_array(array(text), chunks({rows, columns}));
}

void expect_close(const Array& found, std::string_view expected) {
  EXPECT_TRUE(allclose(found, array(expected)).compute().item<bool>()) << found.compute();
}

TEST(Qr, ReflectsTheColumns) {
  const linalg::Qr found = linalg::qr(matrix("[[3.0, 1.0], [4.0, 2.0]]", 1, 2));
  expect_close(matmul(found.q, found.r), "[[3.0, 1.0], [4.0, 2.0]]");
  expect_close(absolute(found.r), "[[5.0, 2.2], [0.0, 0.4]]");
}

TEST(Qr, OfAWideMatrixHasARowOfRForEveryRow) {
  const linalg::Qr found = linalg::qr(matrix("[[1.0, 2.0, 3.0], [4.0, 5.0, 7.0]]", 2, 1));
  EXPECT_EQ(found.q.shape(), (Shape{2, 2}));
  expect_close(matmul(found.q, found.r), "[[1.0, 2.0, 3.0], [4.0, 5.0, 7.0]]");
}

TEST(Svd, OrdersItsValues) {
  const linalg::Svd found = linalg::svd(matrix("[[0.0, 2.0], [5.0, 0.0], [0.0, 0.0]]", 1, 2));
  expect_close(found.s, "[5.0, 2.0]");
  expect_close(matmul(found.u * found.s, found.v), "[[0.0, 2.0], [5.0, 0.0], [0.0, 0.0]]");
}

TEST(SvdCompressed, FindsTheLargest) {
  start();
  random::Generator numbers(1);
  const linalg::Svd found = linalg::svd_compressed(ones({30, 20}, chunks(7)), 1, numbers);
  EXPECT_EQ(found.u.shape(), (Shape{30, 1}));
  EXPECT_NEAR(found.s.compute().at<double>({0}), 24.494897, 1e-6);
}

TEST(Lu, ChoosesTheLargestPivotOfAllBlocks) {
  const linalg::Lu found = linalg::lu(matrix("[[1.0, 2.0], [4.0, 2.0]]", 1, 1));
  expect_close(found.p, "[[0.0, 1.0], [1.0, 0.0]]");
  expect_close(found.l, "[[1.0, 0.0], [0.25, 1.0]]");
  expect_close(found.u, "[[4.0, 2.0], [0.0, 1.5]]");
}

TEST(Cholesky, ReadsTheLowerTriangle) {
  const Array a = matrix("[[4.0, 9.0], [2.0, 5.0]]", 1, 1);
  expect_close(linalg::cholesky(a, true), "[[2.0, 0.0], [1.0, 2.0]]");
  expect_close(linalg::cholesky(a), "[[2.0, 1.0], [0.0, 2.0]]");
}

TEST(Solve, TakesVectorsAndMatrices) {
  const Array a = matrix("[[2.0, 1.0], [1.0, 3.0]]", 1, 1);
  expect_close(linalg::solve(a, from_array(array("[3.0, 5.0]"))), "[0.8, 1.4]");
  expect_close(linalg::solve(a, from_array(array("[[3.0], [5.0]]")), true), "[[0.8], [1.4]]");
  expect_close(matmul(linalg::inv(a), a), "[[1.0, 0.0], [0.0, 1.0]]");
  expect_close(linalg::solve_triangular(a, from_array(array("[5.0, 3.0]"))), "[2.0, 1.0]");
}

TEST(LeastSquares, TellWhatIsLeft) {
  const auto found = linalg::lstsq(matrix("[[1.0], [1.0], [1.0]]", 2, 1), from_array(array("[1.0, 2.0, 6.0]")));
  expect_close(found.x, "[3.0]");
  expect_close(found.residuals, "[14.0]");
  EXPECT_EQ(found.rank.compute().item<std::int64_t>(), 1);
}

TEST(Svd, OfAsManyRowsAsAMaskLeaves) {
  const Array a = matrix("[[3.0, 0.0], [9.0, 9.0], [0.0, 4.0]]", 1, 2);
  const Array chosen = a.get({a.get({all, 0}) < 9, all});
  expect_close(linalg::svd(chosen).s, "[4.0, 3.0]");
  expect_close(linalg::svd(chosen.transpose()).s, "[4.0, 3.0]");
  expect_close(linalg::lstsq(chosen, chosen.get({all, 1})).x, "[0.0, 1.0]");
  expect_close(cov(chosen.transpose()), "[[4.5, -6.0], [-6.0, 8.0]]");
}

TEST(Norm, OfVectorsAndMatrices) {
  const Array a = matrix("[[3.0, 0.0], [4.0, 0.0]]", 1, 1);
  expect_close(linalg::norm(a), "5.0");
  expect_close(linalg::norm(a, 1.0, 0), "[7.0, 0.0]");
  expect_close(linalg::norm(a, "nuc", {0, 1}, true), "[[5.0]]");
}

TEST(Linalg, NamesWhatDoesNotFit) {
  try {
    linalg::cholesky(matrix("[[1.0, 2.0]]", 1, 1));
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("cholesky: the matrix has shape (1, 2), expected a square one"));
  }
}

}  // namespace
}  // namespace plait
