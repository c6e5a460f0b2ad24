#include "collections/dataframe/statistics_ops.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collections/dataframe/frame_testing.h"
#include "collections/dataframe/partition_ops.h"
#include "plait/dataframe.h"

namespace plait {
namespace {

using ::testing::ElementsAre;
using testing_frames::computed;
using testing_frames::frame_of;
using testing_frames::rows_of;

// Partitions of which one is empty and one has a single row.
ExprPtr frame() {
  const Table table({{"i", {5, 1, 4, 1, 9}}, {"f", {2.0, missing, 0.5, 3.0, missing}}});
  return frame_of({table.slice(0, 1), table.slice(1, 0), table.slice(1, 2), table.slice(3, 2)});
}

TEST(Median, IsTheMiddleOfAllPartitions) {
  EXPECT_THAT(rows_of(computed(statistic_expr(frame(), {.name = "median"}))), ElementsAre("4.0", "2.0"));
  EXPECT_THAT(rows_of(computed(statistic_expr(select_column(frame(), "f"), {.name = "median", .skipna = false}))),
              ElementsAre("NaN"));
  const ExprPtr even = frame_of({Table({{"i", {4, 1}}}), Table({{"i", {3, 2}}})});
  EXPECT_THAT(rows_of(computed(statistic_expr(even, {.name = "median"}))), ElementsAre("2.5"));
  EXPECT_THROW(statistic_expr(frame_of({Table({{"s", {"a"}}})}), {.name = "median"}), NoNativeForm);
}

TEST(ExtremeLabel, IsThatOfTheFirstRow) {
  EXPECT_THAT(rows_of(computed(statistic_expr(frame(), {.name = "idxmin"}))), ElementsAre("1", "2"));
  EXPECT_THAT(rows_of(computed(statistic_expr(frame(), {.name = "idxmax"}))), ElementsAre("4", "3"));
  EXPECT_THROW(computed(statistic_expr(frame(), {.name = "idxmin", .skipna = false})), Error);
  const ExprPtr nothing = frame_of({Table({{"i", {1}}}).slice(0, 0)});
  EXPECT_THROW(computed(statistic_expr(nothing, {.name = "idxmin"})), Error);
}

TEST(Covariance, CountsRowsWhereBothHaveAValue) {
  const ExprPtr matrix = covariance_expr(frame(), {});
  EXPECT_THAT(computed(matrix).names(), ElementsAre("i", "f"));
  EXPECT_NEAR(std::get<double>(computed(matrix).at("i", 0)), 11.0, 1e-12);
  EXPECT_NEAR(std::get<double>(computed(matrix).at("i", 1)), computed(matrix)["f"].to_vector<double>()[0], 1e-12);
  const ExprPtr pair = frame_of({Table({{"x", {1.0, 2.0}}, {"y", {2.0, 4.0}}}), Table({{"x", {3.0}}, {"y", {6.0}}})});
  const Table one = computed(covariance_expr(pair, {.correlation = true, .of_two = true}));
  EXPECT_DOUBLE_EQ(std::get<double>(one.item()), 1.0);
  EXPECT_THAT(rows_of(computed(covariance_expr(pair, {.of_two = true}))), ElementsAre("2.0"));
}

TEST(Shape, OfASymmetricColumnHasNoSkew) {
  const ExprPtr x = frame_of({Table({{"x", {1.0, 2.0}}}), Table({{"x", {3.0, 4.0, 5.0}}})});
  EXPECT_THAT(rows_of(computed(statistic_expr(x, {.name = "skew"}))), ElementsAre("0.0"));
  EXPECT_NEAR(std::get<double>(computed(statistic_expr(x, {.name = "kurt"})).at(0)), -1.2, 1e-12);
}

TEST(Statistics, OfThePublicClassesDecideWhatIsNative) {
  const DataFrame x(frame_of({Table({{"i", {1, 2}}, {"s", {"a", "b"}}}), Table({{"i", {6}}, {"s", {"c"}}})}));
  EXPECT_THAT(rows_of(x.median({.numeric_only = true}).compute()), ElementsAre("2.0"));
  EXPECT_EQ(x["i"].median().value(), 2.0);
  EXPECT_THAT(rows_of(x.idxmax({.numeric_only = true}).compute()), ElementsAre("0"));  // of the second partition
  EXPECT_DOUBLE_EQ(x["i"].cov(x["i"]).value(), 7.0);
  EXPECT_THAT(x.cov({.numeric_only = true}).columns(), ElementsAre("i"));
  EXPECT_THROW(x.idxmax(), NoNativeForm);
  EXPECT_THROW(x.statistic("medain"), Error);
  EXPECT_THROW(x.corr({.numeric_only = true, .method = "kendall"}), NoNativeForm);
  EXPECT_THROW(x.corr({.method = "nearest"}), Error);
}

TEST(Rank, CountsTheRowsOfAllPartitions) {
  const DataFrame x(frame());
  EXPECT_THAT(rows_of(x["i"].rank().compute()), ElementsAre("4.0", "1.5", "3.0", "1.5", "5.0"));
  EXPECT_THAT(rows_of(x["f"].rank({.ascending = false, .na_option = "top"}).compute()),
              ElementsAre("4.0", "1.5", "5.0", "3.0", "1.5"));
  EXPECT_EQ(x.rank().npartitions(), 4);
  EXPECT_THAT(rows_of(x["i"].rank({.method = "first"}).compute()), ElementsAre("4.0", "1.0", "3.0", "2.0", "5.0"));
  EXPECT_THROW(x.rank({.method = "best"}), Error);
}

TEST(Mode, IsInOrder) {
  const DataFrame x(frame_of({Table({{"s", {"b", "a", missing}}}), Table({{"s", {missing, "a", "b"}}})}));
  EXPECT_THAT(rows_of(x["s"].mode().compute()), ElementsAre("a", "b"));
  EXPECT_EQ(x["s"].mode(false).compute().num_rows(), 3);
}

TEST(Monotonic, LooksAcrossPartitions) {
  const auto rising = [](const std::vector<Table>& parts) {
    return std::get<bool>(DataFrame(frame_of(parts))["x"].is_monotonic_increasing().item());
  };
  const Table nothing = Table({{"x", {0}}}).slice(0, 0);
  EXPECT_TRUE(rising({Table({{"x", {1, 2}}}), nothing, Table({{"x", {2, 3}}})}));
  EXPECT_FALSE(rising({Table({{"x", {1, 2}}}), nothing, Table({{"x", {1, 3}}})}));
  EXPECT_FALSE(rising({Table({{"x", {2, 1}}}), Table({{"x", {3}}})}));
  EXPECT_TRUE(rising({nothing}));
  EXPECT_FALSE(rising({Table({{"x", {1.0, missing}}})}));
}

TEST(Replace, ExchangesValuesAtOnce) {
  const DataFrame x(frame());
  EXPECT_THAT(
      rows_of(x["i"].replace({{std::int64_t{1}, std::int64_t{5}}, {std::int64_t{5}, std::int64_t{1}}}).compute()),
      ElementsAre("1", "5", "4", "5", "9"));
  EXPECT_THAT(rows_of(x.replace({{"f", {{missing, 7.0}}}})["f"].compute()),
              ElementsAre("2.0", "7.0", "0.5", "3.0", "7.0"));
  EXPECT_THROW(x["i"].replace({{std::int64_t{1}, 1.5}}), NoNativeForm);  // would the result be of integers?
}

}  // namespace
}  // namespace plait
