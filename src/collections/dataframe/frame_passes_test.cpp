#include "collections/dataframe/frame_passes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collections/dataframe/frame_testing.h"
#include "collections/dataframe/merge.h"
#include "collections/dataframe/partition_ops.h"
#include "collections/dataframe/read_csv.h"
#include "collections/dataframe/reductions.h"
#include "plait/dataframe.h"

namespace plait {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::Not;
using testing_frames::after_passes;
using testing_frames::computed;
using testing_frames::find_op;
using testing_frames::Folder;
using testing_frames::frame_of;
using testing_frames::rows_of;
using testing_frames::sorted_rows_of;

// Numbers 0 .. rows - 1, their halves, text of two kinds, and a column that nobody wants.
std::string csv_text(int rows) {
  std::string text = "n,half,kind,unused\n";
  for (int i = 0; i < rows; ++i) {
    text += std::to_string(i) + "," + std::to_string(i / 2) + (i % 2 ? ".5,odd," : ".0,even,") + "zzz\n";
  }
  return text;
}

ExprPtr reader(const Folder& folder, int rows = 1000, std::int64_t blocksize = 1 << 20) {
  start();
  return read_csv_expr({folder.write("numbers.csv", csv_text(rows))}, {}, blocksize);
}

ExprPtr sum_of(const ExprPtr& frame, const std::string& column) {
  return reduce_expr(select_column(frame, column), {.reduction = Reduction::sum});
}
ExprPtr above(const ExprPtr& frame, const std::string& column, std::int64_t bound) {
  return DataFrame(frame).filter(DataFrame(frame)[column] > bound).expr();
}

TEST(PushProjections, AReaderParsesOnlyTheColumnsThatAreWanted) {
  const Folder folder;
  const ExprPtr total = sum_of(above(reader(folder), "n", 500), "half");
  EXPECT_THAT(find_op<ReadCsv>(after_passes(total))->columns, ElementsAre("n", "half"));
  EXPECT_THAT(rows_of(computed(total)), ElementsAreArray(rows_of(computed(total, false))));
}

TEST(PushProjections, AFrameThatSomebodyWantsWholeIsReadWhole) {
  const Folder folder;
  const ExprPtr frame = reader(folder, 10);
  Roots roots = push_projections({frame, sum_of(frame, "n")});
  EXPECT_EQ(find_op<ReadCsv>(roots[0]), find_op<ReadCsv>(roots[1]));
  EXPECT_THAT(find_op<ReadCsv>(roots[1])->columns, ElementsAre("n", "half", "kind", "unused"));
}

TEST(PushProjections, AJoinCarriesItsKeysAndWhatIsWanted) {
  const ExprPtr left = frame_of({Table({{"k", {1, 2}}, {"x", {3, 4}}, {"unused", {5, 6}}})});
  const ExprPtr right = frame_of({Table({{"k", {1, 2}}, {"y", {7, 8}}, {"other", {9, 9}}})});
  const ExprPtr total = sum_of(make_expr<Merge>(left, right, JoinParams{.left_on = {"k"}, .right_on = {"k"}}), "y");
  const auto merge = find_op<Merge>(after_passes(total));
  EXPECT_THAT(frame_meta(merge->left).empty().names(), ElementsAre("k"));
  EXPECT_THAT(frame_meta(merge->right).empty().names(), ElementsAre("k", "y"));
  EXPECT_THAT(rows_of(computed(total)), ElementsAre("15"));
}

TEST(PushProjections, AJoinKeepsTheTwinThatGivesAColumnItsSuffix) {
  const ExprPtr left = frame_of({Table({{"k", {1}}, {"x", {3}}})});
  const ExprPtr right = frame_of({Table({{"k", {1}}, {"x", {7}}})});
  const ExprPtr total = sum_of(make_expr<Merge>(left, right, JoinParams{.left_on = {"k"}, .right_on = {"k"}}), "x_y");
  EXPECT_THAT(rows_of(computed(total)), ElementsAre("7"));
}

TEST(PushProjections, AnAssignmentThatNobodyWantsIsNotMade) {
  const ExprPtr frame = frame_of({Table({{"x", {1, 2}}})});
  const Series twice = DataFrame(frame)["x"] * 2;
  const ExprPtr assigned = DataFrame(frame).assign("twice", twice).assign("one", 1).expr();
  EXPECT_EQ(find_op<Assign>(after_passes(sum_of(assigned, "x"))), nullptr);
  EXPECT_THAT(find_op<Assign>(after_passes(sum_of(assigned, "twice")))->names, ElementsAre("twice"));
}

TEST(PushFilters, AFilterRunsBeforeTheAssignmentOfAConstantThatItDoesNotLookAt) {
  const ExprPtr frame = frame_of({Table({{"x", {1, 5, 9}}})});
  const ExprPtr assigned = DataFrame(frame).assign("one", 1).expr();
  const ExprPtr kept = above(assigned, "x", 3);
  EXPECT_EQ(after_passes(kept)->op(), Assign::op_name);
  EXPECT_THAT(rows_of(computed(kept)), ElementsAre("5|1", "9|1"));
  // The filter looks at the constant: it stays.
  EXPECT_EQ(after_passes(above(assigned, "one", 0))->op(), Filter::op_name);
}

// What the filter keeps is counted by its rows: their labels, which a join would number anew, are not looked at.
ExprPtr joined_and_filtered(JoinHow how, const std::string& column) {
  const ExprPtr left = frame_of({Table({{"k", {1, 2, 3}}, {"x", {10, 20, 30}}})});
  const ExprPtr right = frame_of({Table({{"k", {2, 3, 4}}, {"y", {200, 300, 400}}})});
  const ExprPtr merge = make_expr<Merge>(left, right, JoinParams{.how = how, .left_on = {"k"}, .right_on = {"k"}});
  return length_expr(above(merge, column, 15));
}

TEST(PushFilters, AFilterRunsBeforeAJoinThatKeepsTheRowsOfItsSide) {
  const auto side_of_filter = [](JoinHow how, const std::string& column) -> std::string {
    const auto merge = find_op<Merge>(after_passes(joined_and_filtered(how, column)));
    if (find_op<Filter>(merge->left)) return "left";
    return find_op<Filter>(merge->right) ? "right" : "above";
  };
  EXPECT_EQ(side_of_filter(JoinHow::inner, "x"), "left");
  EXPECT_EQ(side_of_filter(JoinHow::inner, "y"), "right");
  EXPECT_EQ(side_of_filter(JoinHow::left, "x"), "left");
  EXPECT_EQ(side_of_filter(JoinHow::right, "y"), "right");
  // Rows without a partner would come back.
  EXPECT_EQ(side_of_filter(JoinHow::left, "y"), "above");
  EXPECT_EQ(side_of_filter(JoinHow::right, "x"), "above");
  EXPECT_EQ(side_of_filter(JoinHow::outer, "x"), "above");
}

TEST(PushFilters, AFilterAroundAJoinKeepsTheSameRows) {
  for (const JoinHow how : {JoinHow::inner, JoinHow::left, JoinHow::right, JoinHow::outer}) {
    for (const char* column : {"x", "y"}) {
      const ExprPtr count = joined_and_filtered(how, column);
      EXPECT_EQ(rows_of(computed(count)), rows_of(computed(count, false)));
    }
  }
}

TEST(PushFilters, AFilterWhoseRowLabelsAreWantedStaysAboveTheJoin) {
  const ExprPtr left = frame_of({Table({{"k", {1, 2}}, {"x", {10, 20}}})});
  const ExprPtr right = frame_of({Table({{"k", {1, 2}}, {"y", {1, 2}}})});
  const ExprPtr kept = above(make_expr<Merge>(left, right, JoinParams{.left_on = {"k"}, .right_on = {"k"}}), "x", 15);
  EXPECT_EQ(after_passes(kept)->op(), Filter::op_name);
  EXPECT_THAT(computed(kept).index_values().to_vector<std::int64_t>(), ElementsAre(1));
}

TEST(BalanceBlocks, AFileUnderAReductionIsReadInSmallerBlocks) {
  const Folder folder;
  const ExprPtr frame = reader(folder, 200'000, 1 << 30);
  ASSERT_EQ(frame_meta(frame).npartitions(), 1);
  const ExprPtr total = sum_of(frame, "n");
  EXPECT_GT(frame_meta(find_op<ReadCsv>(after_passes(total))).npartitions(), 1);
  EXPECT_THAT(rows_of(computed(total)), ElementsAre("19999900000"));
}

TEST(BalanceBlocks, AFileWhoseRowsSomebodySeesKeepsItsPartitions) {
  const Folder folder;
  const ExprPtr frame = reader(folder, 200'000, 1 << 30);
  const Roots roots = balance_blocks({sum_of(frame, "n"), frame});
  for (const ExprPtr& root : roots) EXPECT_EQ(find_op<ReadCsv>(root)->scan->split.blocks.size(), 1);
}

TEST(StreamBatches, FilterComputeAndAggregateBecomeOneTaskABlock) {
  const Folder folder;
  const ExprPtr frame = above(reader(folder), "n", 99);
  const Aggregate total{.column = "half", .function = Aggregation::sum, .output = "total"};
  const ExprPtr grouped = groupby_expr(frame, {.keys = {"kind"}, .aggregates = {total}});
  EXPECT_THAT(explain({grouped}), HasSubstr("batch by batch"));
  const Table result = computed(grouped);
  EXPECT_THAT(result.index_values().to_strings(), ElementsAre("even", "odd"));
  EXPECT_THAT(rows_of(result), ElementsAreArray(rows_of(computed(grouped, false))));
}

TEST(StreamBatches, SeveralResultsOfOneReaderComeOutOfOnePass) {
  const Folder folder;
  const ExprPtr frame = above(reader(folder), "n", 99);
  const Roots roots{sum_of(frame, "n"), sum_of(frame, "half")};
  const auto values = compute(roots, {.scheduler = "sync"});
  EXPECT_THAT(rows_of(values[0].as<Table>()), ElementsAre("494550"));
  EXPECT_THAT(rows_of(values[1].as<Table>()), ElementsAre("247275.0"));
  const auto nodes = nodes_of(optimize(roots));
  const auto passes_over_the_file =
      std::count_if(nodes.begin(), nodes.end(), [](const ExprPtr& node) { return node->operands().empty(); });
  EXPECT_EQ(passes_over_the_file, 1);
}

TEST(StreamBatches, ReadingAloneIsNoStream) {
  const Folder folder;
  EXPECT_THAT(explain({reader(folder)}), Not(HasSubstr("batch by batch")));
}

TEST(StreamBatches, RowsInMemoryAreNotCopiedThroughBatches) {
  const ExprPtr frame = frame_of({Table({{"k", {1, 2, 1}}, {"x", {3, 4, 5}}}), Table({{"k", {2}}, {"x", {6}}})});
  const ExprPtr keys = DataFrame(frame).drop_duplicates({"k"}).expr();
  const ExprPtr joined = make_expr<Merge>(frame, keys, JoinParams{.left_on = {"k"}, .right_on = {"k"}});
  EXPECT_THAT(explain({joined}), Not(HasSubstr("several results")));
  EXPECT_THAT(sorted_rows_of(computed(joined)), ElementsAre("1|3|3", "1|5|3", "2|4|4", "2|6|4"));
}

TEST(Repairs, AWiderColumnIsFoundWhileItIsReadAndThePlanStartsAgain) {
  const Folder folder;
  std::string text = "a,b\n";
  for (int i = 0; i < 100'000; ++i) text += "1,2\n";
  text += "0.5,x\n";
  for (int i = 0; i < 100'000; ++i) text += "1,2\n";
  start();
  const ExprPtr frame = read_csv_expr({folder.write("wide.csv", text)}, {}, 64 << 10);
  ASSERT_EQ(name(frame_meta(frame).schema().field("a").type), "int64");
  const ExprPtr kept = above(frame, "a", 0);
  EXPECT_EQ(computed(kept).num_rows(), 200'001);
  const Schema now = frame_meta(with_latest_schemas(frame)).schema();
  EXPECT_EQ(name(now.field("a").type), "float64");
  EXPECT_EQ(name(now.field("b").type), "str");
}

TEST(Repairs, AnErrorThatIsNoWrongGuessGoesThrough) {
  const Folder folder;
  const std::string path = folder.write("short.csv", "a,b\n1,2\n3\n");
  start();
  EXPECT_THROW(computed(read_csv_expr({path}, {}, 1 << 20)), Error);
}

}  // namespace
}  // namespace plait
