#include "plait/row_cuts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plait/error.h"

namespace plait {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Rows with these labels; the column x counts them.
Table labelled(const std::vector<Literal>& labels) {
  std::vector<Literal> numbers;
  for (std::size_t i = 0; i < labels.size(); ++i) numbers.emplace_back(static_cast<std::int64_t>(i));
  return Table::from_columns({{"label", labels}, {"x", numbers}}).set_index({"label"});
}

TEST(RowCuts, OfDifferentLabelsAreEvenAndTheFirstPartitionsLonger) {
  const RowCuts cuts = row_cuts(labelled({"a", "b", "c", "d", "e"}), {.npartitions = 2});
  EXPECT_THAT(cuts.starts, ElementsAre(0, 3, 5));
  EXPECT_THAT(cuts.divisions, ElementsAre(Literal("a"), Literal("d"), Literal("e")));
}

TEST(RowCuts, OfRowNumbersFollowTheirStep) {
  const Table table = Table({{"x", {1, 2, 3, 4, 5}}}).with_index({.start = 10, .step = 2});
  EXPECT_THAT(row_cuts(table, {.npartitions = 9}).starts, ElementsAre(0, 1, 2, 3, 4, 5));
  const RowCuts cuts = row_cuts(table, {.chunksize = 2});
  EXPECT_THAT(cuts.starts, ElementsAre(0, 2, 4, 5));
  EXPECT_THAT(cuts.divisions, ElementsAre(Literal(10), Literal(14), Literal(18), Literal(18)));
}

TEST(RowCuts, KeepEqualLabelsTogether) {
  const Table table = labelled({"A", "A", "A", "A", "B", "B", "B", "C"});
  const RowCuts cuts = row_cuts(table, {.chunksize = 3});
  EXPECT_THAT(cuts.starts, ElementsAre(0, 4, 7, 8));
  EXPECT_THAT(cuts.divisions, ElementsAre(Literal("A"), Literal("B"), Literal("C"), Literal("C")));
  EXPECT_THAT(row_cuts(table, {.npartitions = 5}).starts, ElementsAre(0, 4, 7, 8));
  EXPECT_THAT(row_cuts(labelled({1, 1, 1, 1})).starts, ElementsAre(0, 4));
}

TEST(RowCuts, MakeAllPartitionsWhereThereAreEnoughLabels) {
  EXPECT_THAT(row_cuts(labelled({1, 2, 3, 3, 3, 3, 3, 3}), {.npartitions = 3}).starts, ElementsAre(0, 1, 2, 8));
}

TEST(RowCuts, SortByTheLabelsAndEqualOnesKeepTheirOrder) {
  const RowCuts cuts = row_cuts(labelled({2.5, 1.5, 2.5, 0.5}), {.npartitions = 2});
  EXPECT_THAT(cuts.rows["x"].to_vector<std::int64_t>(), ElementsAre(3, 1, 0, 2));
  EXPECT_THAT(cuts.divisions, ElementsAre(Literal(0.5), Literal(2.5), Literal(2.5)));
  const Table backwards = Table({{"x", {1, 2, 3}}}).with_index({.start = 3, .step = -1});
  EXPECT_THAT(row_cuts(backwards).rows["x"].to_vector<std::int64_t>(), ElementsAre(3, 2, 1));
}

TEST(RowCuts, OfRowsWithoutAnOrderKnowNoDivisions) {
  const RowCuts unsorted = row_cuts(labelled({3, 1, 2, 9, 5}), {.npartitions = 3, .sort = false});
  EXPECT_THAT(unsorted.starts, ElementsAre(0, 2, 4, 5));
  EXPECT_THAT(unsorted.divisions, IsEmpty());
  EXPECT_THAT(row_cuts(labelled({"b", missing, "a"}), {.npartitions = 2}).divisions, IsEmpty());
  const Table two_levels = Table({{"a", {2, 1}}, {"b", {1, 2}}, {"x", {1, 2}}}).set_index({"a", "b"});
  EXPECT_THAT(row_cuts(two_levels, {.npartitions = 2}).starts, ElementsAre(0, 1, 2));
}

TEST(RowCuts, OfNoRowsAreEmptyPartitions) {
  EXPECT_THAT(row_cuts(labelled({}), {.npartitions = 3}).starts, ElementsAre(0, 0, 0, 0));
  EXPECT_THAT(row_cuts(labelled({}), {.chunksize = 3}).starts, ElementsAre(0, 0));
}

TEST(RowCuts, NeedAPartitionAndARow) {
  const auto text = [](const CutOptions& how) -> std::string {
    try {
      row_cuts(Table({{"x", {1}}}), how);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(text({.npartitions = 0}), HasSubstr("npartitions must be at least 1, found 0"));
  EXPECT_THAT(text({.chunksize = -2}), HasSubstr("chunksize must be at least 1, found -2"));
}

}  // namespace
}  // namespace plait
