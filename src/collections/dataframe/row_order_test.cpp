#include "collections/dataframe/row_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collections/dataframe/frame_testing.h"
#include "collections/dataframe/partition_ops.h"
#include "collections/dataframe/row_scan.h"
#include "plait/dataframe.h"

namespace plait {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using testing_frames::computed;
using testing_frames::frame_of;
using testing_frames::rows_of;

using Rows = std::vector<std::string>;

// The table in partitions of these lengths; the last one takes the rest.
ExprPtr cut(const Table& table, const std::vector<std::int64_t>& lengths) {
  std::vector<Table> parts;
  std::int64_t start = 0;
  for (const std::int64_t length : lengths) {
    parts.push_back(table.slice(start, length));
    start += length;
  }
  parts.push_back(table.slice(start, table.num_rows() - start));
  return frame_of(parts);
}

// Whole, in two, with empty partitions anywhere, row by row, and in more partitions than one task combines.
const std::vector<std::vector<std::int64_t>>& ways_to_cut() {
  static const std::vector<std::vector<std::int64_t>> ways = {
      {}, {3}, {0, 2, 0, 0, 3, 0}, {1, 1, 1, 1, 1, 1}, {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 0, 1, 0}};
  return ways;
}

// The operation gives these rows however the table is cut, with and without the optimizer.
template <class F>
void expect_rows(const Table& table, const F& operation, const Rows& wanted) {
  for (const auto& lengths : ways_to_cut()) {
    const ExprPtr result = operation(cut(table, lengths));
    EXPECT_THAT(rows_of(computed(result)), ElementsAreArray(wanted)) << lengths.size() + 1 << " partitions";
    EXPECT_THAT(rows_of(computed(result, false)), ElementsAreArray(wanted));
    EXPECT_EQ(computed(result).schema(), frame_meta(result).schema());
  }
}

Table numbers() { return Table({{"i", {3, 1, 4, 1, 5, 9}}, {"f", {2.0, missing, 0.5, missing, missing, 4.0}}}); }

TEST(Cumulative, GoesOnFromPartitionToPartition) {
  const auto running = [](Cumulative function, bool skipna = true) {
    return [=](const ExprPtr& frame) { return cumulative_expr(frame, {function, skipna}); };
  };
  expect_rows(numbers(), running(Cumulative::sum), {"3|2.0", "4|NaN", "8|2.5", "9|NaN", "14|NaN", "23|6.5"});
  expect_rows(numbers(), running(Cumulative::prod), {"3|2.0", "3|NaN", "12|1.0", "12|NaN", "60|NaN", "540|4.0"});
  expect_rows(numbers(), running(Cumulative::min), {"3|2.0", "1|NaN", "1|0.5", "1|NaN", "1|NaN", "1|0.5"});
  expect_rows(numbers(), running(Cumulative::max), {"3|2.0", "3|NaN", "4|2.0", "4|NaN", "5|NaN", "9|4.0"});
  expect_rows(numbers(), running(Cumulative::sum, false), {"3|2.0", "4|NaN", "8|NaN", "9|NaN", "14|NaN", "23|NaN"});
  expect_rows(numbers(), running(Cumulative::min, false), {"3|2.0", "1|NaN", "1|NaN", "1|NaN", "1|NaN", "1|NaN"});
}

TEST(Cumulative, HasNoValueBeforeTheFirstOne) {
  const Table table({{"f", {missing, missing, 2.0, missing, 1.0, 3.0}}});
  expect_rows(table, [](const ExprPtr& frame) { return cumulative_expr(frame, {Cumulative::min}); },
              {"NaN", "NaN", "2.0", "NaN", "1.0", "1.0"});
}

TEST(Cumulative, AnInfiniteSumThatCancelsStaysUndefined) {
  const double inf = std::numeric_limits<double>::infinity();
  const Table table({{"f", {inf, -inf, 1.0, missing, 2.0, 3.0}}});
  expect_rows(table, [](const ExprPtr& frame) { return cumulative_expr(frame, {Cumulative::sum}); },
              {"inf", "NaN", "NaN", "NaN", "NaN", "NaN"});
}

TEST(Cumulative, LeavesTextToPandas) {
  EXPECT_THROW(cumulative_expr(frame_of({Table({{"s", {"a"}}})}), {Cumulative::sum}), NoNativeForm);
}

TEST(Shift, ReachesOverShortAndEmptyPartitions) {
  const auto by = [](std::int64_t periods) {
    return [=](const ExprPtr& frame) { return shift_expr(frame, {.periods = periods}); };
  };
  const Table table({{"i", {1, 2, 3, 4, 5, 6}}, {"s", {"a", "b", "c", "d", missing, "f"}}});
  expect_rows(table, by(1), {"NaN|NaN", "1.0|a", "2.0|b", "3.0|c", "4.0|d", "5.0|NaN"});
  expect_rows(table, by(4), {"NaN|NaN", "NaN|NaN", "NaN|NaN", "NaN|NaN", "1.0|a", "2.0|b"});
  expect_rows(table, by(-2), {"3.0|c", "4.0|d", "5.0|NaN", "6.0|f", "NaN|NaN", "NaN|NaN"});
  expect_rows(table, by(7), {"NaN|NaN", "NaN|NaN", "NaN|NaN", "NaN|NaN", "NaN|NaN", "NaN|NaN"});
  expect_rows(table, by(-100), {"NaN|NaN", "NaN|NaN", "NaN|NaN", "NaN|NaN", "NaN|NaN", "NaN|NaN"});
  expect_rows(table, by(0), {"1|a", "2|b", "3|c", "4|d", "5|NaN", "6|f"});
}

TEST(Shift, FillsWithAConstantOfTheColumnsType) {
  const auto by = [](std::int64_t periods) {
    return
        [=](const ExprPtr& frame) { return shift_expr(frame, {.periods = periods, .fill = Literal(std::int64_t{0})}); };
  };
  const Table table({{"i", {1, 2, 3, 4, 5, 6}}});
  expect_rows(table, by(2), {"0", "0", "1", "2", "3", "4"});
  expect_rows(table, by(-2), {"3", "4", "5", "6", "0", "0"});
  EXPECT_THROW(shift_expr(frame_of({table}), {.periods = 1, .fill = Literal("x")}), NoNativeForm);
}

TEST(Shift, MakesBoolsObjectsAndKeepsDates) {
  const Table table(
      {{"b", {true, false, true}}, {"t", {Timestamp{1, TimeUnit::s}, missing, Timestamp{3, TimeUnit::s}}}});
  const ExprPtr result = shift_expr(cut(table, {1, 1}), {.periods = 1});
  EXPECT_EQ(name(frame_meta(result).schema().field("b").type), "object");
  EXPECT_THAT(rows_of(computed(result)), ElementsAre("NaN|NaN", "True|1970-01-01 00:00:01", "False|NaN"));
}

TEST(Diff, SubtractsRowsOfOtherPartitions) {
  const auto by = [](std::int64_t periods) { return [=](const ExprPtr& frame) { return diff_expr(frame, periods); }; };
  expect_rows(numbers(), by(1), {"NaN|NaN", "-2.0|NaN", "3.0|NaN", "-3.0|NaN", "4.0|NaN", "4.0|NaN"});
  expect_rows(numbers(), by(2), {"NaN|NaN", "NaN|NaN", "1.0|-1.5", "0.0|NaN", "1.0|NaN", "8.0|NaN"});
  expect_rows(numbers(), by(-5), {"-6.0|-2.0", "NaN|NaN", "NaN|NaN", "NaN|NaN", "NaN|NaN", "NaN|NaN"});
}

TEST(PctChange, IsTheRatioToAnEarlierRow) {
  const Table table({{"x", {1, 2, 3, 6, 3, 3}}});
  expect_rows(table, [](const ExprPtr& frame) { return pct_change_expr(frame, 1); },
              {"NaN", "1.0", "0.5", "1.0", "-0.5", "0.0"});
}

TEST(Fill, CarriesValuesOverPartitions) {
  const auto fill = [](std::int64_t limit, bool backwards) {
    return [=](const ExprPtr& frame) { return fill_along_expr(frame, {limit, backwards}); };
  };
  const Table table(
      {{"f", {missing, 1.0, missing, missing, missing, 2.0}}, {"s", {"a", missing, missing, "b", missing, missing}}});
  expect_rows(table, fill(0, false), {"NaN|a", "1.0|a", "1.0|a", "1.0|b", "1.0|b", "2.0|b"});
  expect_rows(table, fill(0, true), {"1.0|a", "1.0|b", "2.0|b", "2.0|b", "2.0|NaN", "2.0|NaN"});
  expect_rows(table, fill(2, false), {"NaN|a", "1.0|a", "1.0|a", "1.0|b", "NaN|b", "2.0|b"});
  expect_rows(table, fill(1, true), {"1.0|a", "1.0|NaN", "NaN|b", "NaN|b", "2.0|NaN", "2.0|NaN"});
}

RollingParams window(Rolling function, std::int64_t rows, std::int64_t min_periods, bool center = false) {
  return {.function = function, .window = {.rows = rows, .min_periods = min_periods, .center = center}};
}

TEST(Rolling, WindowsReachBackOverSeveralPartitions) {
  const auto over = [](RollingParams params) {
    return [=](const ExprPtr& frame) { return rolling_expr(frame, params); };
  };
  const Table table({{"x", {1.0, 2.0, missing, 4.0, 8.0, 16.0}}});
  expect_rows(table, over(window(Rolling::sum, 2, 2)), {"NaN", "3.0", "NaN", "NaN", "12.0", "24.0"});
  expect_rows(table, over(window(Rolling::sum, 5, 1)), {"1.0", "3.0", "3.0", "7.0", "15.0", "30.0"});
  expect_rows(table, over(window(Rolling::mean, 3, 1, true)),
              {"1.5", "1.5", "3.0", "6.0", "9.333333333333334", "12.0"});
  expect_rows(table, over(window(Rolling::max, 3, 1)), {"1.0", "2.0", "2.0", "4.0", "8.0", "16.0"});
  expect_rows(table, over(window(Rolling::min, 4, 2)), {"NaN", "1.0", "1.0", "1.0", "2.0", "4.0"});
  expect_rows(table, over(window(Rolling::count, 3, 0)), {"1.0", "2.0", "2.0", "2.0", "2.0", "3.0"});
  expect_rows(table, over(window(Rolling::median, 4, 1)), {"1.0", "1.5", "1.5", "2.0", "4.0", "8.0"});
  expect_rows(table, over(window(Rolling::var, 3, 2)), {"NaN", "0.5", "0.5", "2.0", "8.0", "37.33333333333333"});
}

TEST(Rolling, HasTheEndsThatAreAskedFor) {
  const Table table({{"x", {1, 2, 3, 4, 5, 6}}});
  const auto sums = [&](Closed closed) {
    RollingParams params = window(Rolling::sum, 2, 0);
    params.window.closed = closed;
    Rows rows;
    for (const std::string& row : rows_of(computed(rolling_expr(cut(table, {2, 0, 1}), params)))) rows.push_back(row);
    return rows;
  };
  EXPECT_THAT(sums(Closed::right), ElementsAre("1.0", "3.0", "5.0", "7.0", "9.0", "11.0"));
  EXPECT_THAT(sums(Closed::both), ElementsAre("1.0", "3.0", "6.0", "9.0", "12.0", "15.0"));
  EXPECT_THAT(sums(Closed::left), ElementsAre("0.0", "1.0", "3.0", "5.0", "7.0", "9.0"));
  EXPECT_THAT(sums(Closed::neither), ElementsAre("0.0", "1.0", "2.0", "3.0", "4.0", "5.0"));
}

TEST(Rolling, GoesByTheTimeInTheIndex) {
  std::vector<Literal> times;
  for (const std::int64_t second : {0, 1, 2, 10, 11, 30}) times.emplace_back(Timestamp{second, TimeUnit::s});
  const Table table = Table::from_columns({{"x", {1, 2, 4, 8, 16, 32}}, {"t", times}}).set_index({"t"});
  const auto over = [](Rolling function, std::int64_t span, bool center, Closed closed = Closed::right) {
    return [=](const ExprPtr& frame) {
      return rolling_expr(frame, {.function = function, .window = {.span = span, .center = center, .closed = closed}});
    };
  };
  expect_rows(table, over(Rolling::sum, 2, false), {"1.0", "3.0", "6.0", "8.0", "24.0", "32.0"});
  expect_rows(table, over(Rolling::sum, 9, false), {"1.0", "3.0", "7.0", "12.0", "24.0", "32.0"});
  expect_rows(table, over(Rolling::sum, 2, false, Closed::both), {"1.0", "3.0", "7.0", "8.0", "24.0", "32.0"});
  expect_rows(table, over(Rolling::sum, 2, true, Closed::both), {"3.0", "7.0", "6.0", "24.0", "24.0", "32.0"});
}

TEST(Rolling, KeepsNoTraceOfALargeValueThatHasLeftTheWindow) {
  const Table table({{"x", {1e300, 1.0, 1.0, 1.0, 1.0, 1.0}}});
  const ExprPtr sums = rolling_expr(cut(table, {2}), window(Rolling::sum, 2, 1));
  EXPECT_THAT(rows_of(computed(sums)), ElementsAre("1e+300", "1e+300", "2.0", "2.0", "2.0", "2.0"));
  const ExprPtr variances = rolling_expr(cut(table, {2}), window(Rolling::var, 3, 3));
  EXPECT_THAT(rows_of(computed(variances)).back(), "0.0");
}

TEST(RowScan, TheFirstRowsWaitForNoPartitionBehindThem) {
  const Table table({{"x", {1, 2, 3, 4, 5, 6}}});
  const ExprPtr sums = cumulative_expr(cut(table, {1, 1, 1, 1, 1}), {Cumulative::sum});
  const auto partitions = [&](std::vector<std::int64_t> numbers) {
    return make_expr<Partitions>(sums, std::move(numbers));
  };
  const auto num_tasks = [](const ExprPtr& root) { return build_graph(optimize({root})).size(); };
  const ExprPtr first = partitions({0, 1});
  EXPECT_LT(num_tasks(first), num_tasks(partitions({4, 5})));
  EXPECT_THAT(rows_of(computed(first)), ElementsAre("1", "3"));
}

TEST(RowScan, StandsBesideTheColumnsItWasMadeOf) {
  const ExprPtr frame = cut(Table({{"x", {1, 2, 4}}}), {1});
  const ExprPtr x = select_column(frame, "x");
  const ExprPtr difference = (Series(x) - Series(x).shift(1)).expr();
  EXPECT_THAT(rows_of(computed(DataFrame(frame).assign("d", Series(difference)).expr())),
              ElementsAre("1|NaN", "2|1.0", "4|2.0"));
}

TEST(RowScan, TakesOnlyTheColumnsThatAreWanted) {
  const ExprPtr frame = cut(Table({{"x", {1, 2}}, {"unused", {"a", "b"}}}), {1});
  const ExprPtr wanted = select_columns(shift_expr(frame, {.periods = 1}), {"x"});
  const auto scan = testing_frames::find_op<RowScan>(testing_frames::after_passes(wanted));
  EXPECT_THAT(frame_meta(scan->input).empty().names(), ElementsAre("x"));
  EXPECT_THAT(rows_of(computed(wanted)), ElementsAre("NaN", "1.0"));
}

TEST(Duplicated, LooksIntoOtherPartitions) {
  const Table nothing = Table({{"x", {1}}, {"y", {"a"}}}).slice(0, 0);
  const DataFrame x(frame_of({Table({{"x", {1, 2}}, {"y", {"a", missing}}}), nothing,
                              Table({{"x", {1, 2}}, {"y", {"b", missing}}}), Table({{"x", {3}}, {"y", {"a"}}})}));
  const auto flags = [](const Series& series) { return rows_of(series.compute()); };
  EXPECT_THAT(flags(x.duplicated()), ElementsAre("False", "False", "False", "True", "False"));
  EXPECT_THAT(flags(x.duplicated({"x"}, "last")), ElementsAre("True", "True", "False", "False", "False"));
  EXPECT_THAT(flags(x["y"].duplicated("none")), ElementsAre("True", "True", "False", "True", "True"));
  EXPECT_EQ(x[~x.duplicated({"x"})].compute().num_rows(), 3);
  EXPECT_THROW(x.duplicated({"z"}), Error);
  EXPECT_THROW(x.duplicated({}, "best"), Error);
}

}  // namespace
}  // namespace plait
