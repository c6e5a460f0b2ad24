// What is cut into parts by key gives what one table gives.
#include "collections/dataframe/parted_reduction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collections/dataframe/distinct_rows.h"
#include "collections/dataframe/frame_testing.h"
#include "collections/dataframe/merge.h"
#include "collections/dataframe/partition_ops.h"
#include "collections/dataframe/reductions.h"
#include "collections/dataframe/statistics_ops.h"
#include "collections/dataframe/tree_reduction.h"
#include "expr/rewrite.h"
#include "kernels/table/key_kernels.h"
#include "kernels/table/rows.h"
#include "plait/dataframe.h"
#include "runtime/machine.h"

namespace plait {
namespace {

using ::testing::ElementsAreArray;
using testing_frames::computed;
using testing_frames::find_op;
using testing_frames::frame_of;
using testing_frames::rows_of;

// Rows of which many share a key, in partitions of different lengths; one is empty, one has a missing key and value.
std::vector<Table> partitions() {
  std::vector<Table> parts;
  std::int64_t next = 0;
  for (const std::int64_t length : {700, 0, 1, 1300, 640}) {
    std::vector<Literal> k, text, v;
    for (std::int64_t i = 0; i < length; ++i, ++next) {
      k.emplace_back(next * 7919 % 611);
      if (next == 900) {
        text.emplace_back(missing);
        v.emplace_back(missing);
        continue;
      }
      text.emplace_back("key " + std::to_string(next * 31 % 97));
      v.emplace_back(static_cast<double>(next * 13 % 1009));
    }
    parts.push_back(length == 0 ? Table({{"k", {0}}, {"text", {"a"}}, {"v", {0.5}}}).slice(0, 0)
                                : Table::from_columns({{"k", k}, {"text", text}, {"v", v}}));
  }
  return parts;
}

constexpr std::uint64_t kManyPartitions = std::uint64_t{64} << 10;  // the results are larger than a task may hold
constexpr std::uint64_t kOnePartition = std::uint64_t{1} << 20;     // smaller; keys still go to several parts

// The rows with their labels.
std::vector<std::string> labelled(const Table& table) {
  return rows_of(table.form() == TableForm::frame ? table.reset_index()
                                                  : table.with_form(TableForm::frame).reset_index());
}

template <class F>
void expect_as_of_one_table(const F& operation) {
  const Table whole = concat(partitions(), {.ignore_index = true});
  std::vector<std::string> expected;
  {
    const BudgetScope large(std::uint64_t{1} << 30);
    expected = labelled(computed(operation(frame_of({whole}))));
  }
  // Labels that count through.
  std::vector<Table> parts;
  std::int64_t start = 0;
  for (const Table& part : partitions()) {
    parts.push_back(whole.slice(start, part.num_rows()));
    start += part.num_rows();
  }
  for (const std::uint64_t budget : {std::uint64_t{1} << 30, kOnePartition, kManyPartitions}) {
    const BudgetScope scope(budget);
    EXPECT_THAT(labelled(computed(operation(frame_of(parts)))), ElementsAreArray(expected)) << budget;
  }
}

GroupBySpec by(std::vector<std::string> keys, std::vector<Aggregate> aggregates) {
  return {.keys = std::move(keys), .aggregates = std::move(aggregates)};
}

TEST(PartedReduction, GroupsInTheOrderOfTheirKeys) {
  const GroupBySpec spec = by(
      {"k"},
      {{"v", Aggregation::sum, "sum"}, {"v", Aggregation::median, "median"}, {"text", Aggregation::nunique, "texts"}});
  expect_as_of_one_table([&](const ExprPtr& frame) { return groupby_expr(frame, spec); });
  GroupBySpec texts = by({"text", "k"}, {{"v", Aggregation::mean, "v"}});
  texts.dropna = false;
  expect_as_of_one_table([&](const ExprPtr& frame) { return groupby_expr(frame, texts); });
  texts.as_series = true;
  expect_as_of_one_table([&](const ExprPtr& frame) { return groupby_expr(frame, texts); });
}

TEST(PartedReduction, GroupsInTheOrderOfAppearance) {
  for (const Aggregation function : {Aggregation::max, Aggregation::median}) {
    GroupBySpec spec = by({"k"}, {{"v", function, "v"}});
    spec.sort = false;
    expect_as_of_one_table([&](const ExprPtr& frame) { return groupby_expr(frame, spec); });
    spec.as_index = false;
    expect_as_of_one_table([&](const ExprPtr& frame) { return groupby_expr(frame, spec); });
  }
}

TEST(PartedReduction, CountsDifferentValuesOfGroups) {
  for (const bool sort : {true, false}) {
    for (const bool dropna : {true, false}) {
      for (const char* column : {"v", "text", "k"}) {
        GroupBySpec spec = by({"text"}, {{column, Aggregation::nunique, "different"}});
        spec.sort = sort;
        spec.dropna = dropna;
        expect_as_of_one_table([&](const ExprPtr& frame) { return groupby_expr(frame, spec); });
        spec.keys = {"k", "text"};
        expect_as_of_one_table([&](const ExprPtr& frame) { return groupby_expr(frame, spec); });
      }
    }
  }
}

// Groups whose sum is above 2000.
ExprPtr filtered_groups(const ExprPtr& frame, bool as_index) {
  GroupBySpec spec = by({"k"}, {{"v", Aggregation::sum, "v"}});
  spec.as_index = as_index;
  const DataFrame groups(groupby_expr(frame, spec));
  const DataFrame flat = as_index ? groups.reset_index() : groups;
  return flat[flat["v"] > 2000.0].expr();
}

TEST(PushFilters, GroupsAreFilteredInTheirParts) {
  for (const bool as_index : {true, false}) {
    const BudgetScope scope(std::uint64_t{256} << 10);
    const ExprPtr rows = select_column(filtered_groups(frame_of(partitions()), as_index), "k");
    const ExprPtr total = reduce_expr(rows, {.reduction = Reduction::sum});
    const auto filter = find_op<Filter>(testing_frames::after_passes(total));
    ASSERT_TRUE(filter);
    EXPECT_GT(frame_meta(filter->frame).npartitions(), 1);
    EXPECT_THAT(rows_of(computed(total)), ElementsAreArray(rows_of(computed(total, false))));
    // Where labels are seen they are those of all groups.
    const ExprPtr seen = filtered_groups(frame_of(partitions()), as_index);
    EXPECT_THAT(labelled(computed(seen)), ElementsAreArray(labelled(computed(seen, false))));
  }
}

TEST(Merge, GroupsThatAreLookedUpNeedNoOrder) {
  const BudgetScope scope(std::uint64_t{512} << 10);
  const DataFrame rows(frame_of(partitions()));
  const DataFrame sums =
      DataFrame(groupby_expr(rows.expr(), by({"k"}, {{"v", Aggregation::sum, "sum"}}))).reset_index();
  const auto has_order = [](const ExprPtr& expr) {
    const auto merge = std::dynamic_pointer_cast<const Merge>(expr);
    const auto nodes = nodes_of({merge->lower()});
    return std::any_of(nodes.begin(), nodes.end(), [](const ExprPtr& node) {
      const auto* fan = dynamic_cast<const FanIn*>(node.get());
      return fan && table_kernel::in_order.is_called_by(fan->kernel);
    });
  };
  const DataFrame joined = rows.merge(sums, {.on = {"k"}});
  EXPECT_FALSE(has_order(joined.expr()));
  EXPECT_THAT(rows_of(computed(joined.expr())), ElementsAreArray(rows_of(computed(joined.expr(), false))));
  // By sums that may be alike, the order of the groups is that of the partners.
  EXPECT_TRUE(has_order(rows.merge(sums, {.left_on = {"v"}, .right_on = {"sum"}}).expr()));
}

TEST(PartedReduction, CountsValues) {
  for (const bool sort : {true, false}) {
    for (const bool ascending : {true, false}) {
      const ValueCountsParams params{.sort = sort, .ascending = ascending, .dropna = ascending, .normalize = sort};
      for (const char* column : {"k", "text", "v"}) {
        expect_as_of_one_table(
            [&](const ExprPtr& frame) { return value_counts_expr(select_column(frame, column), params); });
      }
    }
  }
  for (const bool skipna : {true, false}) {
    expect_as_of_one_table(
        [&](const ExprPtr& frame) { return reduce_expr(frame, {.reduction = Reduction::nunique, .skipna = skipna}); });
  }
  expect_as_of_one_table([](const ExprPtr& frame) { return mode_expr(select_column(frame, "text"), false); });
}

TEST(DistinctRows, AreThoseOfOneTable) {
  for (const Keep keep : {Keep::first, Keep::last, Keep::none}) {
    expect_as_of_one_table([&](const ExprPtr& frame) { return drop_duplicates_expr(frame, {{"text"}, keep}); });
    expect_as_of_one_table([&](const ExprPtr& frame) { return drop_duplicates_expr(frame, {{"k", "v"}, keep}); });
    expect_as_of_one_table(
        [&](const ExprPtr& frame) { return drop_duplicates_expr(select_column(frame, "k"), {{}, keep}); });
    expect_as_of_one_table([&](const ExprPtr& frame) { return duplicated_expr(select_columns(frame, {"k"}), keep); });
  }
  expect_as_of_one_table([](const ExprPtr& frame) { return unique_expr(select_column(frame, "text")); });
}

TEST(DistinctRows, KeepTheirPartitionsAndTakeOnlyWhatIsWanted) {
  const ExprPtr frame = frame_of(partitions());
  const ExprPtr rows = drop_duplicates_expr(frame, {.subset = {"k"}});
  EXPECT_EQ(frame_meta(rows).npartitions(), 5);
  const auto narrow = find_op<DistinctRows>(testing_frames::after_passes(length_expr(rows)));
  ASSERT_TRUE(narrow);
  EXPECT_TRUE(narrow->params.columns->empty());
  EXPECT_FALSE(narrow->params.keep_index);
  EXPECT_THAT(rows_of(computed(length_expr(rows))), ElementsAreArray({"611"}));
}

TEST(PartedReduction, HasMorePartsForASmallerBudget) {
  const ExprPtr frame = frame_of(partitions());
  const KeyedBytes bytes(frame, Wanted::everything());
  const BudgetScope large(std::uint64_t{1} << 30);
  EXPECT_EQ(bytes.num_parts(), 1);
  EXPECT_TRUE(bytes.fits_one_task());
  const BudgetScope small(kManyPartitions);
  EXPECT_GT(bytes.num_parts(), 8);
  EXPECT_FALSE(bytes.fits_one_task());
}

TEST(RankedKeys, AreFoundWithoutPuttingValuesTogether) {
  const std::vector<double> q = {0, 0.1, 0.25, 0.5, 0.9, 1};
  expect_as_of_one_table(
      [&](const ExprPtr& frame) { return quantile_expr(select_columns(frame, {"k", "v"}), {.q = q}); });
  expect_as_of_one_table(
      [](const ExprPtr& frame) { return statistic_expr(select_columns(frame, {"k", "v"}), {.name = "median"}); });
}

}  // namespace
}  // namespace plait
