#include "collections/dataframe/merge.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "collections/dataframe/frame_testing.h"
#include "collections/dataframe/read_csv.h"
#include "collections/dataframe/set_index.h"
#include "expr/rewrite.h"
#include "kernels/table/rows.h"
#include "runtime/machine.h"

namespace plait {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using testing_frames::computed;
using testing_frames::Folder;
using testing_frames::frame_of;
using testing_frames::frame_of_unknown_size;
using testing_frames::partitions_of;
using testing_frames::rows_of;
using testing_frames::sorted_rows_of;

// Keys 1, 2, 2, 3 and a missing one on the left; 2, 4, 3 and a missing one on the right. An empty partition on each.
std::vector<Table> left_parts() {
  return {Table({{"k", {"one", "two"}}, {"x", {10, 20}}}), Table({{"k", {"none"}}, {"x", {0}}}).slice(0, 0),
          Table({{"k", {"two", "three", missing}}, {"x", {21, 30, 40}}})};
}
std::vector<Table> right_parts() {
  return {Table({{"k", {"two", "four"}}, {"y", {0.2, 0.4}}}), Table({{"k", {"three", missing}}, {"y", {0.3, 0.9}}}),
          Table({{"k", {"none"}}, {"y", {0.5}}}).slice(0, 0)};
}

Table whole(const std::vector<Table>& parts) { return concat(parts); }

struct Case {
  JoinHow how;
  std::vector<std::string> rows;  // sorted
};
const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {JoinHow::inner, {"NaN|40|0.9", "three|30|0.3", "two|20|0.2", "two|21|0.2"}},
      {JoinHow::left, {"NaN|40|0.9", "one|10|NaN", "three|30|0.3", "two|20|0.2", "two|21|0.2"}},
      {JoinHow::right, {"NaN|40.0|0.9", "four|NaN|0.4", "three|30.0|0.3", "two|20.0|0.2", "two|21.0|0.2"}},
      {JoinHow::outer,
       {"NaN|40.0|0.9", "four|NaN|0.4", "one|10.0|NaN", "three|30.0|0.3", "two|20.0|0.2", "two|21.0|0.2"}},
      {JoinHow::leftsemi, {"NaN|40", "three|30", "two|20", "two|21"}},
      {JoinHow::leftanti, {"one|10"}},
  };
  return all;
}

ExprPtr merged(ExprPtr left, ExprPtr right, JoinHow how) {
  return make_expr<Merge>(std::move(left), std::move(right),
                          JoinParams{.how = how, .left_on = {"k"}, .right_on = {"k"}});
}

// The rows are the same for every way to run it.
void expect_rows(const ExprPtr& merge, const Case& wanted) {
  EXPECT_THAT(sorted_rows_of(computed(merge)), ElementsAreArray(wanted.rows)) << merge->describe();
  EXPECT_THAT(sorted_rows_of(computed(merge, false)), ElementsAreArray(wanted.rows)) << merge->describe();
}

TEST(Merge, RunsInOnePartitionWhereBothSidesHaveOne) {
  for (const Case& wanted : cases()) {
    const ExprPtr merge = merged(frame_of({whole(left_parts())}), frame_of({whole(right_parts())}), wanted.how);
    EXPECT_THAT(merge->describe(), HasSubstr("in one partition"));
    EXPECT_EQ(frame_meta(merge).npartitions(), 1);
    expect_rows(merge, wanted);
  }
}

TEST(Merge, SendsASmallRightSideToEveryPartitionWhereNoRowOfItCanComeOutTwice) {
  for (const Case& wanted : cases()) {
    const ExprPtr merge = merged(frame_of_unknown_size(left_parts()), frame_of(right_parts()), wanted.how);
    const bool may_send = wanted.how != JoinHow::right && wanted.how != JoinHow::outer;
    EXPECT_THAT(merge->describe(), HasSubstr(may_send ? "right side to every partition" : "both sides shuffled"));
    EXPECT_EQ(frame_meta(merge).npartitions(), 3);
    expect_rows(merge, wanted);
  }
}

TEST(Merge, SendsASmallLeftSideToEveryPartitionWhereNoRowOfItCanComeOutTwice) {
  for (const Case& wanted : cases()) {
    const ExprPtr merge = merged(frame_of(left_parts()), frame_of_unknown_size(right_parts()), wanted.how);
    const bool may_send = wanted.how == JoinHow::inner || wanted.how == JoinHow::right;
    EXPECT_THAT(merge->describe(), HasSubstr(may_send ? "left side to every partition" : "both sides shuffled"));
    EXPECT_EQ(frame_meta(merge).npartitions(), 3);
    expect_rows(merge, wanted);
  }
}

TEST(Merge, ShufflesTwoSidesThatMayBeLarge) {
  for (const Case& wanted : cases()) {
    const ExprPtr merge = merged(frame_of_unknown_size(left_parts()), frame_of_unknown_size(right_parts()), wanted.how);
    EXPECT_THAT(merge->describe(), HasSubstr("both sides shuffled by key"));
    expect_rows(merge, wanted);
  }
}

TEST(Merge, KeepsTheOrderOfTheLeftRowsWhereTheRightSideIsSent) {
  const ExprPtr merge = merged(frame_of_unknown_size(left_parts()), frame_of(right_parts()), JoinHow::left);
  EXPECT_THAT(rows_of(computed(merge)),
              ElementsAreArray({"one|10|NaN", "two|20|0.2", "two|21|0.2", "three|30|0.3", "NaN|40|0.9"}));
}

TEST(Merge, MeetsKeysOfDifferentNumberTypesInAShuffle) {
  const ExprPtr left = frame_of_unknown_size({Table({{"k", {1, 2}}}), Table({{"k", {3, 4}}})});
  const ExprPtr right =
      frame_of_unknown_size({Table({{"k", {4.0, 2.5}}, {"y", {"d", "?"}}}), Table({{"k", {1.0}}, {"y", {"a"}}})});
  EXPECT_THAT(sorted_rows_of(computed(merged(left, right, JoinHow::inner))), ElementsAreArray({"1|a", "4|d"}));
}

TEST(Merge, KeepsItsPartitionsWhereTheOptimizerFindsASideSmaller) {
  const std::vector<Table> parts = left_parts();
  const ExprPtr wide = frame_of_unknown_size(parts);
  const ExprPtr merge = merge_expr(frame_of_unknown_size(left_parts()), wide, {.left_on = {"k"}, .right_on = {"k"}});
  ASSERT_EQ(frame_meta(merge).npartitions(), 3);
  for (const std::size_t num_parts : {std::size_t{1}, std::size_t{3}}) {
    const std::vector<Table> small(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(num_parts));
    const ExprPtr renewed = merge->with_operands({frame_of(small), wide});
    EXPECT_EQ(frame_meta(renewed).npartitions(), 3);
    EXPECT_EQ(partitions_of(renewed).size(), 3u);
  }
}

// These partitions, cut at known labels.
ExprPtr labelled(const std::vector<Table>& parts, const Divisions& divisions) {
  return make_expr<WithDivisions>(frame_of(parts), divisions);
}

TEST(Merge, ByKnownLabelsIsCutAtTheDivisionsOfBothSides) {
  const auto part = [](const std::string& column, const std::vector<Literal>& labels) {
    return Table::from_columns({{column, labels}, {"i", labels}}).set_index({"i"});
  };
  const ExprPtr left = labelled({part("x", {0, 1, 2}), part("x", {3, 4, 5})}, {0, 3, 5});
  const ExprPtr right = labelled({part("y", {2}), part("y", {4, 4}), part("y", {6, 8})}, {2, 4, 6, 8});
  for (const auto& [how, labels] :
       std::vector<std::pair<JoinHow, std::vector<std::int64_t>>>{{JoinHow::inner, {2, 4, 4}},
                                                                  {JoinHow::left, {0, 1, 2, 3, 4, 4, 5}},
                                                                  {JoinHow::right, {2, 4, 4, 6, 8}},
                                                                  {JoinHow::outer, {0, 1, 2, 3, 4, 4, 5, 6, 8}}}) {
    const ExprPtr merge = merge_expr(left, right, {.how = how, .left_index = true, .right_index = true});
    EXPECT_THAT(merge->describe(), HasSubstr("both sides cut at their divisions"));
    EXPECT_EQ(frame_meta(merge).divisions(), (Divisions{0, 2, 3, 4, 5, 6, 8}));
    const auto found = computed(merge).index_values();
    EXPECT_EQ(found[found.names().front()].to_vector<std::int64_t>(), labels);
    const auto parts = partitions_of(merge);
    const auto third = parts[3].index_values();
    EXPECT_EQ(third[third.names().front()].to_vector<std::int64_t>(), (std::vector<std::int64_t>{4, 4}));
  }
}

TEST(SortValues, SortsOverPartitionsOfUnknownSize) {
  const std::vector<Table> parts = {Table({{"v", {5, 1, 9}}, {"w", {"e", "a", "i"}}}),
                                    Table({{"v", {7}}, {"w", {"g"}}}),
                                    Table({{"v", {3, 8, 2, 6, 4}}, {"w", {"c", "h", "b", "f", "d"}}})};
  for (const bool ascending : {true, false}) {
    const ExprPtr sorted =
        make_expr<SortValues>(frame_of_unknown_size(parts), SortParams{.by = {"v"}, .ascending = {ascending}});
    EXPECT_EQ(frame_meta(sorted).npartitions(), 3);
    auto wanted = std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9};
    if (!ascending) std::reverse(wanted.begin(), wanted.end());
    EXPECT_EQ(computed(sorted)["v"].to_vector<std::int64_t>(), wanted);
    // More than one partition has rows: they were not all brought together.
    const auto parts_of_result = partitions_of(sorted);
    EXPECT_GT(
        std::count_if(parts_of_result.begin(), parts_of_result.end(), [](const Table& t) { return t.num_rows() > 0; }),
        1);
  }
}

// Partitions of 800 bytes each.
std::vector<Table> parts_of_numbers(int count) {
  std::vector<Table> parts;
  for (int part = 0; part < count; ++part) {
    std::vector<Literal> v;
    for (std::int64_t i = 0; i < 100; ++i) v.emplace_back((i * 37 + part * 11) % 500);
    parts.push_back(Table::from_columns({{"v", v}}));
  }
  return parts;
}

TEST(SortValues, MakesAsManyPartitionsAsTheMemoryBudgetAsksFor) {
  const ExprPtr sorted = make_expr<SortValues>(frame_of(parts_of_numbers(4)), SortParams{.by = {"v"}});
  EXPECT_THAT(sorted->meta().num_blocks(), testing::Le(4));
  const ExprPtr finer = [] {
    const BudgetScope budget(2000);
    return make_expr<SortValues>(frame_of(parts_of_numbers(4)), SortParams{.by = {"v"}});
  }();
  EXPECT_GT(finer->meta().num_blocks(), 4);
  const auto values = computed(finer)["v"].to_vector<std::int64_t>();
  EXPECT_EQ(values.size(), 400u);
  EXPECT_TRUE(std::is_sorted(values.begin(), values.end())) << "though the budget is another one now";
}

TEST(SortValues, ReadsTheKeysOfALargeFrameBeforeTheRest) {
  const Folder folder;
  std::string text = "k,v,w\n";
  for (int i = 0; i < 1000; ++i) text += fmt::format("{},{},some text of row {}\n", i % 7, (i * 37) % 1000, i);
  const std::string path = folder.write("rows.csv", text);
  const auto readers = [&](std::uint64_t budget_bytes) {
    const BudgetScope budget(budget_bytes);
    const ExprPtr frame = read_csv_expr({path}, {}, 4000);
    const ExprPtr lowered = make_expr<SortValues>(frame, SortParams{.by = {"v"}})->lower();
    std::set<std::vector<std::string>> columns;
    for (const ExprPtr& node : nodes_of({lowered})) {
      if (const auto* reader = dynamic_cast<const ReadCsv*>(node.get())) columns.insert(reader->columns);
    }
    return columns;
  };
  EXPECT_THAT(readers(50'000), ElementsAre(ElementsAre("k", "v", "w"), ElementsAre("v")));
  EXPECT_THAT(readers(150'000), ElementsAre(ElementsAre("k", "v", "w"))) << "kept while the divisions are made";
}

TEST(SortValues, PutsMissingValuesAtTheEndThatIsAskedFor) {
  const std::vector<Table> parts = {Table({{"v", {2.0, missing}}}), Table({{"v", {1.0, 3.0}}})};
  const auto sorted = [&](bool na_first) {
    return rows_of(computed(make_expr<SortValues>(frame_of_unknown_size(parts),
                                                  SortParams{.by = {"v"}, .ascending = {true}, .na_first = na_first})));
  };
  EXPECT_THAT(sorted(false), ElementsAreArray({"1.0", "2.0", "3.0", "NaN"}));
  EXPECT_THAT(sorted(true), ElementsAreArray({"NaN", "1.0", "2.0", "3.0"}));
}

}  // namespace
}  // namespace plait
