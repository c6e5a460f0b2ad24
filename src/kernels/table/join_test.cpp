// Expected values are what pandas 3.1 gives.
#include "kernels/table/join.h"

#include <gmock/gmock.h>

#include <map>
#include <random>

#include "kernels/table/arrow_table.h"
#include "kernels/table/join_table.h"
#include "kernels/table/rows.h"
#include "kernels/table/sort.h"

namespace plait {
namespace {

using testing::ElementsAre;
using testing::IsNan;

const Table& left() {
  static const Table table({{"k", {"b", "a", "c", missing, "a"}}, {"v", {1, 2, 3, 4, 5}}});
  return table;
}
const Table& right() {
  static const Table table({{"k", {"a", missing, "b", "a", "z"}}, {"v", {10, 20, 30, 40, 50}}});
  return table;
}
JoinParams on_k(JoinHow how) { return {.how = how, .left_on = {"k"}, .right_on = {"k"}}; }

TEST(Join, InnerFollowsTheLeftTableAndMatchesMissingKeys) {
  const Table out = join(left(), right(), on_k(JoinHow::inner));
  EXPECT_THAT(out.names(), ElementsAre("k", "v_x", "v_y"));
  EXPECT_THAT(out["k"].to_strings(), ElementsAre("b", "a", "a", "", "a", "a"));
  EXPECT_THAT(out["v_x"].to_vector<std::int64_t>(), ElementsAre(1, 2, 2, 4, 5, 5));
  EXPECT_THAT(out["v_y"].to_vector<std::int64_t>(), ElementsAre(30, 10, 40, 20, 10, 40));
}

TEST(Join, LeftKeepsRowsWithoutAMatch) {
  const Table out = join(left(), right(), on_k(JoinHow::left));
  EXPECT_THAT(out["v_y"].to_vector<double>(), ElementsAre(30, 10, 40, IsNan(), 20, 10, 40));
}

TEST(Join, RightFollowsTheRightTable) {
  const Table out = join(left(), right(), on_k(JoinHow::right));
  EXPECT_THAT(out["k"].to_strings(), ElementsAre("a", "a", "", "b", "a", "a", "z"));
  EXPECT_THAT(out["v_x"].to_vector<double>(), ElementsAre(2, 5, 4, 1, 2, 5, IsNan()));
}

TEST(Join, OuterIsSortedByTheKeys) {
  JoinParams params = on_k(JoinHow::outer);
  params.indicator = true;
  const Table out = join(left(), right(), params);
  EXPECT_THAT(out["k"].to_strings(), ElementsAre("a", "a", "a", "a", "b", "c", "z", ""));
  EXPECT_THAT(out["_merge"].to_strings(),
              ElementsAre("both", "both", "both", "both", "both", "left_only", "right_only", "both"));
}

TEST(Join, JoinsIntegersWithFloats) {
  const Table floats({{"w", {2.0, 2.5}}, {"x", {"two", "half"}}});
  const Table out = join(left(), floats, {.how = JoinHow::inner, .left_on = {"v"}, .right_on = {"w"}});
  EXPECT_THAT(out["x"].to_strings(), ElementsAre("two"));
}

TEST(Join, RefusesKeysOfDifferentKinds) {
  EXPECT_THROW(join(left(), right(), {.how = JoinHow::inner, .left_on = {"k"}, .right_on = {"v"}}), Error);
}

TEST(Join, AgreesWithNestedLoopsOnRandomKeys) {
  std::mt19937 random(7);
  std::vector<Literal> a, b;
  for (int i = 0; i < 500; ++i) a.emplace_back(static_cast<std::int64_t>(random() % 60) * 1'000'000'007);
  for (int i = 0; i < 200; ++i) b.emplace_back(static_cast<std::int64_t>(random() % 90) * 1'000'000'007);
  std::vector<std::pair<std::int64_t, std::int64_t>> expected, found;
  std::vector<Literal> rows_a, rows_b;
  for (std::int64_t i = 0; i < 500; ++i) rows_a.emplace_back(i);
  for (std::int64_t i = 0; i < 200; ++i) rows_b.emplace_back(i);
  for (std::int64_t i = 0; i < 500; ++i) {
    for (std::int64_t j = 0; j < 200; ++j) {
      if (a[i] == b[j]) expected.emplace_back(i, j);
    }
  }
  const Table out = join(Table::from_columns({{"k", a}, {"i", rows_a}}), Table::from_columns({{"k", b}, {"j", rows_b}}),
                         on_k(JoinHow::inner));
  const auto i = out["i"].to_vector<std::int64_t>();
  const auto j = out["j"].to_vector<std::int64_t>();
  for (std::size_t n = 0; n < i.size(); ++n) found.emplace_back(i[n], j[n]);
  EXPECT_EQ(found, expected);
}

TEST(JoinTable, GivesWhatTheJoinGives) {
  for (const JoinHow how : {JoinHow::inner, JoinHow::left, JoinHow::leftsemi, JoinHow::leftanti}) {
    const JoinTable ready(right(), on_k(how));
    const Table expected = join(left(), right(), on_k(how));
    const Table out = join(left(), ready);
    EXPECT_EQ(out.names(), expected.names());
    for (const std::string& name : expected.names()) EXPECT_EQ(out[name].to_strings(), expected[name].to_strings());
    // No row, and one.
    EXPECT_EQ(join(left().slice(0, 0), ready).num_rows(), 0);
    EXPECT_EQ(join(left().slice(1, 1), ready).num_rows(), join(left().slice(1, 1), right(), on_k(how)).num_rows());
  }
}

TEST(Join, FewLeftRowsGiveWhatManyGive) {
  std::vector<Literal> keys, rows;
  for (std::int64_t i = 0; i < 200'000; ++i) {
    keys.push_back(i % 1000 == 7 ? Literal(missing) : Literal("k" + std::to_string(i * 7919 % 30'000)));
    rows.emplace_back(i);
  }
  const Table many = Table::from_columns({{"k", keys}, {"w", rows}});
  const Table few({{"k", {"k5", "none", "k29999", missing, "k5"}}, {"v", {1, 2, 3, 4, 5}}});
  for (const JoinHow how : {JoinHow::inner, JoinHow::left, JoinHow::leftsemi, JoinHow::leftanti}) {
    const Table expected = join(few, JoinTable(many, on_k(how)));  // in which the right side is looked up
    const Table out = join(few, many, on_k(how));
    EXPECT_EQ(out.names(), expected.names());
    for (const std::string& name : expected.names()) EXPECT_EQ(out[name].to_strings(), expected[name].to_strings());
    EXPECT_EQ(join(few.slice(0, 0), many, on_k(how)).num_rows(), 0);
  }
}

TEST(JoinTable, LooksUpKeysOfOtherTypes) {
  const Table floats({{"k", {2.0, 1.5}}, {"v", {1, 2}}});
  const Table integers({{"k", {1, 2}}, {"w", {10, 20}}});
  const Table out = join(floats, JoinTable(integers, on_k(JoinHow::inner)));
  EXPECT_THAT(out["k"].to_vector<double>(), ElementsAre(2.0));
  EXPECT_THAT(out["w"].to_vector<std::int64_t>(), ElementsAre(20));
}

TEST(JoinTable, FindsTheKeysOfASideOfManyRows) {
  constexpr std::int64_t kRows = 600'000;  // more than are looked at at once
  NdArray keys = NdArray::empty(DType::int64, {kRows});
  NdArray rows = NdArray::empty(DType::int64, {kRows});
  for (std::int64_t row = 0; row < kRows; ++row) {
    keys.mutable_data<std::int64_t>()[row] = 3 * (kRows - row);
    rows.mutable_data<std::int64_t>()[row] = row;
  }
  const Table many = table_of({{"k", chunked(arrow_array_of(keys))}, {"w", chunked(arrow_array_of(rows))}});
  const Table few({{"k", {3, 4, 3 * 300'000, 3 * 600'000, 3 * 600'001}}});
  const Table out = join(few, JoinTable(many, on_k(JoinHow::inner)));
  EXPECT_THAT(out["k"].to_vector<std::int64_t>(), ElementsAre(3, 900'000, 1'800'000));
  EXPECT_THAT(out["w"].to_vector<std::int64_t>(), ElementsAre(599'999, 300'000, 0));
}

TEST(JoinTable, IsTheSameAfterARecord) {
  const Value ready = Value::of(JoinTable(right(), on_k(JoinHow::left)));
  Encoder to;
  value_type<JoinTable>().encode(to, &ready.as<JoinTable>());
  const Record record = to.take();
  Decoder from(record);
  const auto read = std::static_pointer_cast<const JoinTable>(value_type<JoinTable>().decode(from));
  EXPECT_EQ(join(left(), *read)["v_y"].to_strings(), join(left(), ready.as<JoinTable>())["v_y"].to_strings());
}

TEST(HashPartition, SendsEqualValuesOfDifferentTypesToOnePart) {
  const Table ints({{"k", {0, 1, 2, 3, 4, 5}}});
  const Table floats({{"k", {0.0, 1.0, 2.0, 3.0, 4.0, 5.0}}});
  const auto a = hash_partition(ints, {{"k"}, 3});
  const auto b = hash_partition(floats, {{"k"}, 3});
  std::int64_t rows = 0;
  for (int part = 0; part < 3; ++part) {
    EXPECT_EQ(a[part].column("k").to_vector<double>(), b[part].column("k").to_vector<double>());
    rows += a[part].num_rows();
  }
  EXPECT_EQ(rows, 6);
}

TEST(HashPartition, IsTheSameInEveryProcess) {
  // Changing the hash would break partitions that different versions exchange: a deliberate change edits these numbers.
  const auto hashes = hash_rows(Table({{"k", {"a", "b"}}}), {"k"}).astype(DType::uint64);
  const auto again = hash_rows(Table({{"k", {"b", "a"}}}), {"k"});
  EXPECT_EQ(hashes.at<std::uint64_t>({0}), again.at<std::uint64_t>({1}));
  EXPECT_EQ(hashes.at<std::uint64_t>({1}), again.at<std::uint64_t>({0}));
  EXPECT_NE(hashes.at<std::uint64_t>({0}), hashes.at<std::uint64_t>({1}));
}

TEST(Sort, IsStableWithMissingValuesLast) {
  const Table out = sort(left(), {.by = {"k"}, .ascending = {false}});
  EXPECT_THAT(out["v"].to_vector<std::int64_t>(), ElementsAre(3, 1, 2, 5, 4));
  EXPECT_THAT(out.index_values().to_vector<std::int64_t>(), ElementsAre(2, 0, 1, 4, 3));
  EXPECT_THAT(
      sort(left(), {.by = {"k", "v"}, .ascending = {true, false}, .na_first = true})["v"].to_vector<std::int64_t>(),
      ElementsAre(4, 5, 2, 1, 3));
}

TEST(Sort, OrdersManyNumbersAsStdStableSortDoes) {
  std::mt19937_64 random(3);
  std::vector<double> values;
  for (int i = 0; i < 5000; ++i) values.push_back(static_cast<double>(static_cast<std::int64_t>(random())) / 1e12);
  std::vector<double> expected = values;
  std::stable_sort(expected.begin(), expected.end());
  EXPECT_EQ(sort(Table::from_vector("x", values), {.by = {"x"}})["x"].to_vector<double>(), expected);
}

TEST(Top, TakesTheFirstOfEqualRows) {
  const Table table({{"x", {3, 9, 9, 1}}});
  EXPECT_THAT(top(table, {.n = 2, .by = {"x"}}).index_values().to_vector<std::int64_t>(), ElementsAre(1, 2));
  EXPECT_THAT(top(table, {.n = 1, .by = {"x"}, .largest = false}).index_values().to_vector<std::int64_t>(),
              ElementsAre(3));
}

TEST(RangePartition, PutsRowsBetweenTheirDivisions) {
  const Table divisions = divisions_from_samples({sample_quantiles(left(), {.by = "v"})}, {.n = 2});
  EXPECT_THAT(divisions["value"].to_vector<std::int64_t>(), ElementsAre(1, 3, 5));
  const auto parts = range_partition(left(), {.by = "v", .divisions = divisions});
  EXPECT_THAT(parts[0]["v"].to_vector<std::int64_t>(), ElementsAre(1, 2));
  EXPECT_THAT(parts[1]["v"].to_vector<std::int64_t>(), ElementsAre(3, 4, 5));
}

}  // namespace
}  // namespace plait
