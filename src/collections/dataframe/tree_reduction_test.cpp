#include "collections/dataframe/tree_reduction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collections/dataframe/distinct_rows.h"
#include "collections/dataframe/frame_testing.h"
#include "collections/dataframe/partition_ops.h"
#include "collections/dataframe/reductions.h"

namespace plait {
namespace {

using ::testing::ElementsAreArray;
using testing_frames::computed;
using testing_frames::frame_of;
using testing_frames::rows_of;

// Rows 0 .. count - 1 in `npartitions` partitions of growing length; some are empty.
ExprPtr numbers(std::int64_t count, std::int64_t npartitions) {
  std::vector<Table> parts;
  std::int64_t next = 0;
  for (std::int64_t part = 0; part < npartitions; ++part) {
    const std::int64_t length = part + 1 == npartitions ? count - next : std::min(part % 3, count - next);
    std::vector<Literal> values;
    std::vector<Literal> labels;
    for (std::int64_t i = 0; i < length; ++i) {
      labels.emplace_back(next % 2 == 0 ? "even" : "odd");
      values.emplace_back(next++);
    }
    parts.push_back(length > 0 ? Table::from_columns({{"v", values}, {"k", labels}})
                               : Table({{"v", {0}}, {"k", {"even"}}}).slice(0, 0));
  }
  return frame_of(parts);
}

std::int64_t depth(const ExprPtr& expr) {
  std::int64_t deepest = 0;
  for (const ExprPtr& operand : expr->operands()) deepest = std::max(deepest, depth(operand));
  return deepest + 1;
}

TEST(TreeReduction, GivesTheSameForAnyNumberOfPartitions) {
  for (const std::int64_t npartitions : {1, 2, 7, 8, 9, 63, 64, 65, 130}) {
    const ExprPtr frame = numbers(200, npartitions);
    EXPECT_THAT(rows_of(computed(length_expr(frame))), ElementsAreArray({"200"}));
    EXPECT_THAT(rows_of(computed(reduce_expr(frame, {.reduction = Reduction::sum, .numeric_only = true}))),
                ElementsAreArray({"19900"}));
    const Aggregate total{.column = "v", .function = Aggregation::sum, .output = "total"};
    EXPECT_THAT(rows_of(computed(groupby_expr(frame, {.keys = {"k"}, .aggregates = {total}}))),
                ElementsAreArray({"9900", "10000"}));
  }
}

TEST(TreeReduction, CombinesAFewPartialsATask) {
  // The input, the partials, then one level of tasks for every factor of eight.
  const auto levels = [](std::int64_t npartitions) {
    return depth(length_expr(numbers(200, npartitions))->lower()) - 2;
  };
  EXPECT_EQ(levels(1), 0);
  EXPECT_EQ(levels(8), 1);
  EXPECT_EQ(levels(9), 2);
  EXPECT_EQ(levels(64), 2);
  EXPECT_EQ(levels(65), 3);
}

TEST(TreeReduction, KeepsTheOrderOfThePartitions) {
  const ExprPtr frame = numbers(100, 70);
  EXPECT_THAT(rows_of(computed(reduce_expr(select_column(frame, "v"), {.reduction = Reduction::first}))),
              ElementsAreArray({"0"}));
  EXPECT_THAT(rows_of(computed(reduce_expr(select_column(frame, "v"), {.reduction = Reduction::last}))),
              ElementsAreArray({"99"}));
  EXPECT_THAT(rows_of(computed(unique_expr(select_column(frame, "k")))), ElementsAreArray({"even", "odd"}));
  EXPECT_THAT(rows_of(computed(drop_duplicates_expr(frame, {.subset = {"k"}, .keep = Keep::last}))),
              ElementsAreArray({"98|even", "99|odd"}));
}

TEST(TreeReduction, KeepsTheFirstOfEqualRowsOverAllPartitions) {
  const ExprPtr frame = frame_of({Table({{"v", {1, 2}}}), Table({{"v", {2, 2}}}), Table({{"v", {1, 3}}})});
  const ExprPtr series = select_column(frame, "v");
  EXPECT_THAT(rows_of(computed(drop_duplicates_expr(series, {}))), ElementsAreArray({"1", "2", "3"}));
  EXPECT_THAT(rows_of(computed(drop_duplicates_expr(series, {.keep = Keep::none}))), ElementsAreArray({"3"}));
  EXPECT_THAT(rows_of(computed(top_expr(frame, {.n = 2, .by = {"v"}}))), ElementsAreArray({"3", "2"}));
}

TEST(TreeReduction, AnswersForAFrameWithoutRows) {
  const ExprPtr frame = numbers(0, 9);
  EXPECT_THAT(rows_of(computed(length_expr(frame))), ElementsAreArray({"0"}));
  EXPECT_THAT(rows_of(computed(reduce_expr(select_column(frame, "v"), {.reduction = Reduction::sum}))),
              ElementsAreArray({"0"}));
}

}  // namespace
}  // namespace plait
