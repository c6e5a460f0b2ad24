#include <gmock/gmock.h>

#include <cmath>

#include "plait/ml.h"
#include "plait/random.h"

namespace plait::ml {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

Array rows() { return from_array(array("[[-2.], [-1.], [0.], [1.], [2.], [3.]]"), chunks({4, 1})); }
Array classes() { return from_array(array("[0, 0, 1, 0, 1, 1]"), chunks({3})); }

double only(const NdArray& numbers) { return numbers.reshaped({1}).data<double>()[0]; }

TEST(FitGlm, FindsOneOptimumByEverySolver) {
  const GlmModel expected = fit_glm(rows(), classes(), {}, {.squared_penalty = 0.1, .tolerance = 1e-10});
  EXPECT_TRUE(expected.is_converged);
  for (const char* solver : {"newton", "lbfgs", "gradient_descent", "proximal_grad", "admm"}) {
    const GlmModel found = fit_glm(
        rows(), classes(), {}, {.squared_penalty = 0.1, .solver = solver, .tolerance = 1e-9, .max_iterations = 5000});
    EXPECT_NEAR(only(found.coefficients), only(expected.coefficients), 1e-6) << solver;
    EXPECT_NEAR(only(found.intercepts), only(expected.intercepts), 1e-6) << solver;
  }
}

TEST(FitGlm, LearnsFromMoreRowsThanTheBudgetHolds) {
  const Array many = random::default_rng(1).normal(0, 1, Shape{40'000, 4}, chunks({2'000, 4}));
  const Array above = (many.get({all, 0}) > 0.5).astype(DType::int64);
  const GlmOptions how{.squared_penalty = 0.1, .tolerance = 1e-9};
  const GlmModel expected = fit_glm(many, above, {}, how, {.scheduler = "sync"});
  const GlmModel found = fit_glm(many, above, {}, how, {.scheduler = "sync", .memory_budget_bytes = 400'000});
  EXPECT_EQ(to_string(found.coefficients), to_string(expected.coefficients));
}

// So many rows that solvers begin at the optimum of a sample.
Array many_rows(std::int64_t columns, std::int64_t rows_a_block) {
  return random::default_rng(1)
      .normal(0, 1, Shape{64'000, columns}, chunks({8'000, columns}))
      .rechunk(chunks({rows_a_block, columns}));
}

TEST(FitGlm, FindsTheOptimumOfAllRowsFromThatOfASample) {
  const Array many = many_rows(3, 8'000);
  const Array classes = (many.get({all, 0}) + many.get({all, 1}) * 0.5 > 0.3).astype(DType::int64);
  GlmOptions how{.squared_penalty = 0.1, .tolerance = 1e-10, .max_iterations = 200};
  how.solver = "gradient_descent";  // which does not look at a sample
  const GlmModel expected = fit_glm(many, classes, {}, how);
  for (const char* solver : {"newton", "lbfgs"}) {
    how.solver = solver;
    const GlmModel found = fit_glm(many, classes, {}, how);
    EXPECT_TRUE(found.is_converged) << solver;
    EXPECT_LE(found.iterations, 5) << solver;
    for (std::int64_t i = 0; i < 3; ++i)
      EXPECT_NEAR(found.coefficients.at<double>({0, i}), expected.coefficients.at<double>({0, i}), 1e-7) << solver;
    EXPECT_NEAR(only(found.intercepts), only(expected.intercepts), 1e-7) << solver;
  }
}

TEST(FitGlm, LooksAtTheSameSampleWhateverTheBlocks) {
  std::vector<double> found;
  for (const std::int64_t rows_a_block : {8'000, 3'001}) {
    const Array many = many_rows(3, rows_a_block);
    const Array classes = (many.get({all, 0}) > 0.3).astype(DType::int64);
    found.push_back(
        fit_glm(many, classes, {}, {.squared_penalty = 0.1, .tolerance = 1e-2}).coefficients.at<double>({0, 0}));
  }
  EXPECT_NEAR(found[0], found[1], 1e-12);
}

TEST(FitGlm, TakesManyColumnsOfEitherType) {
  const Array many = many_rows(40, 8'000);
  const Array classes = (many.get({all, 0}) > 0.3).astype(DType::int64);
  GlmOptions how{.squared_penalty = 0.1, .tolerance = 1e-9, .max_iterations = 200};
  const GlmModel by_hessian = fit_glm(many, classes, {}, how);
  how.solver = "gradient_descent";
  const GlmModel by_slope = fit_glm(many, classes, {}, how);
  const GlmModel of_floats = fit_glm(many.astype(DType::float32), classes, {}, how);
  for (std::int64_t i = 0; i < 40; ++i) {
    EXPECT_NEAR(by_hessian.coefficients.at<double>({0, i}), by_slope.coefficients.at<double>({0, i}), 1e-6);
    EXPECT_NEAR(of_floats.coefficients.at<double>({0, i}), by_slope.coefficients.at<double>({0, i}), 1e-5);
  }
}

TEST(FitGlm, PredictsWhatItHasLearnt) {
  const GlmModel model = fit_glm(rows(), classes(), {}, {.squared_penalty = 0.1});
  const Array labels = apply_linear(rows(), model.coefficients, model.intercepts, "labels", array("[10, 20]"));
  EXPECT_EQ(to_string(labels.compute()), "[10 10 10 20 20 20]");
  const NdArray likely = apply_linear(rows(), model.coefficients, model.intercepts, "probabilities").compute();
  EXPECT_NEAR(likely.at<double>({0, 0}) + likely.at<double>({0, 1}), 1.0, 1e-15);
}

TEST(FitGlm, RefusesWhatCannotBe) {
  EXPECT_THAT([] { fit_glm(rows(), classes(), {}, {.absolute_penalty = 1, .solver = "lbfgs"}); },
              ThrowsMessage<Error>(HasSubstr("solver 'lbfgs' does not take an l1 penalty")));
  EXPECT_THAT([] { fit_glm(rows(), classes(), {}, {.solver = "simplex"}); },
              ThrowsMessage<Error>(HasSubstr("the solver is 'simplex', expected auto, newton")));
  const Array holes = from_array(array("[[1.], [nan]]"), chunks({1, 1}));
  EXPECT_THAT([&] { fit_glm(holes, from_array(array("[0, 1]"), chunks({1}))); },
              ThrowsMessage<Error>(HasSubstr("Input X contains NaN: row 0 of block 1, column 0")));
}

TEST(LeastSquares, FindsTheLineThroughPointsFarFromZero) {
  const Array x = from_array(array("[[1000001.], [1000002.], [1000003.]]"), chunks({2, 1}));
  const LeastSquares found = fit_least_squares(x, from_array(array("[3., 5., 7.]"), chunks({3})));
  EXPECT_NEAR(only(found.coefficients), 2, 1e-9);
  EXPECT_NEAR(only(found.intercepts), 1 - 2.0 * 1000000, 1e-3);
}

TEST(Standardized, HasMeanZeroAndVarianceOneUnlessAColumnIsConstant) {
  const Array x = from_array(array("[[1., 0.1], [3., 0.1], [5., 0.1], [7., 0.1]]"), chunks({3, 1}));
  const NdArray found = standardized(x, column_moments(x)).compute();
  EXPECT_EQ(to_string(from_array(found).mean(0).compute()), "[0. 0.]");
  EXPECT_EQ(to_string(from_array(found).var(0).compute()), "[1. 0.]");
  EXPECT_THAT([&] { standardized(rows(), column_moments(x)); },
              ThrowsMessage<Error>(HasSubstr("the rows have shape (6, 1), but there are moments of 2 columns")));
}

TEST(SplitRows, ChoosesTheSameRowsWhateverTheBlocks) {
  const auto test_rows = [](std::int64_t size) {
    return to_string(
        split_rows({arange(20, chunks({size}))}, {.seed = 7, .num_test = 5, .num_train = 15})[0].test.compute());
  };
  EXPECT_EQ(test_rows(20), test_rows(3));
  const auto parts = split_rows({arange(20, chunks({6}))}, {.seed = 7, .num_test = 5, .num_train = 15});
  EXPECT_EQ(to_string((parts[0].train.sum() + parts[0].test.sum()).compute()), "190");
  EXPECT_THAT([] { split_rows({arange(3)}, {.num_test = 2, .num_train = 2}); },
              ThrowsMessage<Error>(HasSubstr("2 rows for testing and 2 for training are asked of 3 rows")));
}

TEST(Metrics, CountPairsOfClassesAndSumErrors) {
  EXPECT_EQ(to_string(confusion(classes(), from_array(array("[0, 1, 1, 0, 1, 1]"), chunks({2})), 2).compute()),
            "[[2. 1.]\n [0. 3.]]");
  const NdArray sums =
      error_sums(from_array(array("[1., 3.]"), chunks({1})), from_array(array("[2., 3.]"), chunks({1}))).compute();
  EXPECT_EQ(sums.at<double>({2, 0}), 1);
}

}  // namespace
}  // namespace plait::ml
