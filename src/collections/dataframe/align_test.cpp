// Rows of different frames are put together by their labels.
#include <gmock/gmock.h>

#include "collections/dataframe/frame_testing.h"
#include "plait/plait.h"

namespace plait {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsNan;
using testing_frames::rows_of;

DataFrame labelled(std::vector<Literal> labels, std::vector<Literal> values, std::int64_t npartitions) {
  return DataFrame::from_table(
      Table::from_columns({{"label", std::move(labels)}, {"v", std::move(values)}}).set_index({"label"}), npartitions);
}

std::string error_of(const auto& call) {
  try {
    call();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

TEST(Align, AddsRowsOfTheSameLabelHoweverTheyAreCut) {
  const DataFrame left = labelled({1, 2, 3, 4, 5}, {10, 20, 30, 40, 50}, 3);
  const DataFrame right = labelled({4, 5, 6}, {1, 2, 3}, 2);
  const Table sum = (left["v"] + right["v"]).compute();
  EXPECT_THAT(sum.index_values().to_vector<std::int64_t>(), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(sum.to_vector<double>(), ElementsAre(IsNan(), IsNan(), IsNan(), 41, 52, IsNan()));
}

TEST(Align, CutsAtTheDivisionsOfBoth) {
  const DataFrame left = labelled({1, 2, 3, 4}, {1, 2, 3, 4}, 2);
  const DataFrame right = labelled({2, 4, 6}, {1, 2, 3}, 1);
  EXPECT_THAT((left["v"] * right["v"]).divisions(), ElementsAre(1, 2, 3, 4, 6));
}

TEST(Align, AssignmentKeepsTheRowsOfTheFrame) {
  const DataFrame left = labelled({"a", "b", "c"}, {1, 2, 3}, 2);
  const DataFrame right = labelled({"b", "d"}, {7, 8}, 1);
  const Table found = left.assign("w", right["v"]).compute();
  EXPECT_THAT(found.index_values().to_strings(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(found["w"].to_vector<double>(), ElementsAre(IsNan(), 7, IsNan()));
}

TEST(Align, ASelectionStaysOneThatOthersAreAssignedTo) {
  const DataFrame frame = labelled({1, 2, 3, 4}, {1, 2, 3, 4}, 2);
  const Table found = frame[frame["v"] > 2].assign("w", frame["v"] * 2).compute();
  EXPECT_THAT(found["v"].to_vector<std::int64_t>(), ElementsAre(3, 4));
  EXPECT_THAT(found["w"].to_vector<std::int64_t>(), ElementsAre(6, 8));
}

TEST(Align, PairsLabelsThatRepeatForArithmeticOnly) {
  const DataFrame left = labelled({1, 1, 2}, {1, 2, 3}, 1);
  const DataFrame right = labelled({1, 1, 3}, {10, 20, 30}, 1);
  const Table sum = (left["v"] + right["v"]).compute();
  EXPECT_THAT(sum.to_vector<double>(), ElementsAre(11, 21, 12, 22, IsNan(), IsNan()));
  EXPECT_THAT(error_of([&] { left.assign("w", right["v"]).compute(); }), HasSubstr("duplicate labels"));
}

TEST(Align, OperatorsOfComparisonWantTheSameLabels) {
  const DataFrame left = labelled({1, 2}, {1, 2}, 1);
  const DataFrame right = labelled({1, 3}, {1, 2}, 1);
  EXPECT_THAT(error_of([&] { (left["v"] == right["v"]).compute(); }), HasSubstr("identically-labeled"));
  const auto aligned = std::get<Series>(binary("eq", left["v"], right["v"])).compute();
  EXPECT_EQ(aligned.num_rows(), 3);
}

TEST(Align, RefusesWhatNobodyCanMatch) {
  const DataFrame one = DataFrame::from_table(Table({{"v", {1, 2, 3, 4}}}), 2).reset_index(true);
  const DataFrame other = DataFrame::from_table(Table({{"v", {5, 6, 7, 8}}}), 2).reset_index(true);
  EXPECT_THAT(error_of([&] { one["v"] + other["v"]; }), HasSubstr("divisions of at least one are not known"));
  EXPECT_THAT(error_of([&] { labelled({"a", "b"}, {1, 2}, 2)["v"] + labelled({1, 2}, {1, 2}, 1)["v"]; }),
              HasSubstr("have no order"));
}

TEST(Align, PartitionsFromTheSameOnesNeedNoDivisions) {
  const DataFrame frame = DataFrame::from_table(Table({{"v", {1, 2, 3, 4}}}), 2).reset_index(true);
  const Table found = (frame["v"][frame["v"] > 1] + frame["v"]).compute();
  EXPECT_THAT(found.to_vector<double>(), ElementsAre(IsNan(), 4, 6, 8));
}

TEST(Align, FunctionsOnPartitionsOfSeveralFramesMayAskForIt) {
  const DataFrame left = labelled({1, 2, 3}, {1, 2, 3}, 3);
  const DataFrame right = labelled({2, 3}, {5, 6}, 1);
  const auto rows = PartitionFunction("rows", PartitionFunction::of<2>([](const Table& a, const Table& b) {
                                        return a.num_rows() >= b.num_rows() ? a : b;
                                      }));
  const auto found = std::get<DataFrame>(map_partitions(rows, {left, right}, {.align = true}));
  EXPECT_THAT(found.compute()["v"].to_vector<std::int64_t>(), ElementsAre(1, 2, 3));
}

}  // namespace
}  // namespace plait
