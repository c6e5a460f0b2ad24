// The pass that leaves out rows of one side of a join by the keys of the other, and what it goes by.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "collections/dataframe/frame_passes.h"
#include "collections/dataframe/frame_testing.h"
#include "collections/dataframe/isin_keys.h"
#include "collections/dataframe/merge.h"
#include "collections/dataframe/parted_reduction.h"
#include "collections/dataframe/partition_ops.h"
#include "collections/dataframe/read_parquet.h"
#include "collections/dataframe/row_estimates.h"
#include "collections/dataframe/tree_reduction.h"
#include "expr/rewrite.h"
#include "plait/dataframe.h"

namespace plait {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using testing_frames::after_passes;
using testing_frames::computed;
using testing_frames::find_op;
using testing_frames::Folder;
using testing_frames::rows_of;
using testing_frames::sorted_rows_of;

constexpr int kOrders = 30'000;
constexpr int kLines = 120'000;

// Orders 0, 1, ..., each with four lines; of twenty kinds, on different days.
struct Shop {
  Folder folder;
  DataFrame orders;
  DataFrame lines;

  Shop() : orders(read("orders", orders_text())), lines(read("lines", lines_text())) {}

  DataFrame read(const std::string& name, const std::string& text) const {
    read_csv(folder.write(name + ".csv", text)).to_parquet(folder / name);
    return read_parquet(folder / name);
  }
  static std::string orders_text() {
    std::string text = "order,kind,day\n";
    for (int i = 0; i < kOrders; ++i)
      text += std::to_string(i) + ",kind" + std::to_string(i % 20) + "," + std::to_string(i % 365) + "\n";
    return text;
  }
  static std::string lines_text() {
    std::string text = "line_order,part,price\n";
    for (int i = 0; i < kLines; ++i)
      text += std::to_string(i % kOrders) + "," + std::to_string(i % 11) + "," + std::to_string(i % 97) + "\n";
    return text;
  }
  DataFrame few_orders() const { return orders[orders["kind"] == "kind7"]; }
};

Roots reduced(const DataFrame& frame) {
  Roots roots{frame.expr()};
  for (const char* name : {"push_projections", "push_filters", "reduce_joins"}) {
    const auto pass = std::ranges::find(passes(), name, &Pass::name);
    roots = pass->run(std::move(roots));
  }
  return roots;
}
template <class T>
std::size_t count_of(const Roots& roots) {
  const auto nodes = nodes_of(roots);
  return static_cast<std::size_t>(
      std::ranges::count_if(nodes, [](const ExprPtr& node) { return dynamic_cast<const T*>(node.get()) != nullptr; }));
}

void expect_same_rows(const DataFrame& frame) {
  EXPECT_THAT(sorted_rows_of(computed(frame.expr())), ElementsAreArray(sorted_rows_of(computed(frame.expr(), false))));
}

TEST(ReduceJoins, RowsWithoutAKeyOfTheFewAreLeftOutBeforeTheyAreMadeReady) {
  const Shop shop;
  for (const char* how : {"inner", "left", "leftsemi", "leftanti"}) {
    const DataFrame joined =
        shop.few_orders().merge(shop.lines, {.left_on = {"order"}, .right_on = {"line_order"}, .how = how});
    const Roots roots = reduced(joined);
    const auto merge = find_op<Merge>(roots.front());
    EXPECT_NE(find_op<IsinKeys>(merge->right), nullptr) << how;
    EXPECT_EQ(find_op<IsinKeys>(merge->left), nullptr) << how;
    EXPECT_EQ(frame_meta(roots.front()).npartitions(), joined.npartitions()) << how;
    expect_same_rows(joined);
  }
}

TEST(ReduceJoins, RowsThatComeWithoutAPartnerStay) {
  const Shop shop;
  for (const char* how : {"right", "outer"}) {
    const DataFrame joined =
        shop.few_orders().merge(shop.lines, {.left_on = {"order"}, .right_on = {"line_order"}, .how = how});
    EXPECT_EQ(count_of<IsinKeys>(reduced(joined)), 0) << how;
    expect_same_rows(joined);
  }
}

TEST(ReduceJoins, KeysOfMostRowsAreNotLookedFor) {
  const Shop shop;
  const DataFrame late = shop.orders[shop.orders["day"] > 3];
  EXPECT_EQ(count_of<IsinKeys>(reduced(late.merge(shop.lines, {.left_on = {"order"}, .right_on = {"line_order"}}))), 0);
}

TEST(ReduceJoins, GroupsThatNobodyWantsAreNotMade) {
  const Shop shop;
  const DataFrame totals = shop.lines.groupby("line_order", {.as_index = false})[{"price"}].sum();
  const DataFrame joined = shop.few_orders().merge(totals, {.left_on = {"order"}, .right_on = {"line_order"}});
  const Roots roots = reduced(joined);
  const auto groups = find_op<TreeReduction>(roots.front());
  ASSERT_NE(groups, nullptr);
  EXPECT_NE(find_op<IsinKeys>(groups->input), nullptr);
  expect_same_rows(joined);
}

TEST(ReduceJoins, RowsThatWaitForOthersOfTheSameFileAreReadAgain) {
  const Shop shop;
  const DataFrame cheap = shop.lines[shop.lines["price"] == 3];
  const DataFrame totals = shop.lines.groupby("line_order", {.as_index = false})[{"price"}].sum();
  const DataFrame joined = cheap.merge(totals, {.on = {"line_order"}});
  const Roots roots = reduced(joined);
  EXPECT_EQ(count_of<IsinKeys>(roots), 1);
  EXPECT_EQ(count_of<ReadParquet>(roots), 2);
  EXPECT_THAT(explain({joined.expr()}), HasSubstr("isin_keys -> filter -> getitem -> groupby-partial, batch by batch"));
  expect_same_rows(joined);
}

TEST(ReduceJoins, WhatOthersTakeTooIsMadeOnceWithAllRows) {
  const Shop shop;
  const DataFrame totals = shop.lines.groupby("line_order", {.as_index = false})[{"price"}].sum();
  const DataFrame joined = shop.few_orders().merge(totals, {.left_on = {"order"}, .right_on = {"line_order"}});
  Roots roots{joined.expr(), totals.expr()};
  EXPECT_EQ(count_of<IsinKeys>(reduce_joins(roots)), 0);
}

TEST(ReduceJoins, AScalarOfAllRowsDoesNotSeeThoseThatAreLeft) {
  const Shop shop;
  const DataFrame totals = shop.lines.groupby("line_order", {.as_index = false})[{"price"}].sum();
  const DataFrame dear = totals[totals["price"] > shop.lines["price"].mean()];
  expect_same_rows(shop.few_orders().merge(dear, {.left_on = {"order"}, .right_on = {"line_order"}}));
}

TEST(ReduceJoins, AKeyThatIsAlreadyChosenByTheSameRowsIsNotLookedForAgain) {
  const Shop shop;
  const DataFrame lines = shop.lines.merge(shop.few_orders(), {.left_on = {"line_order"}, .right_on = {"order"}});
  const DataFrame totals = lines.groupby("line_order", {.as_index = false})[{"price"}].sum();
  const DataFrame joined = lines.merge(totals, {.on = {"line_order"}});
  EXPECT_EQ(count_of<IsinKeys>(reduced(joined)), 0);
  expect_same_rows(joined);
}

TEST(ReduceJoins, EveryJoinOfAChainGivesTheSameRows) {
  const Shop shop;
  const DataFrame parts = shop.lines.groupby("part", {.as_index = false})[{"price"}].max();
  const DataFrame joined = shop.lines.merge(shop.orders, {.left_on = {"line_order"}, .right_on = {"order"}})
                               .merge(parts[parts["part"] == 4], {.on = {"part"}})
                               .merge(shop.few_orders(), {.on = {"order"}});
  expect_same_rows(joined);
}

TEST(RowEstimates, FollowFiltersAndJoins) {
  const Shop shop;
  const DataFrame few = shop.few_orders();
  const DataFrame joined = shop.lines.merge(few, {.left_on = {"line_order"}, .right_on = {"order"}});
  const RowEstimates estimates(nodes_of({joined.expr()}));
  EXPECT_EQ(estimates.of(shop.lines.expr()).rows(), kLines);
  // The codes of twenty kinds are five bits.
  EXPECT_NEAR(estimates.of(few.expr()).share, 1.0 / 32, 0.01);
  EXPECT_NEAR(estimates.of(joined.expr()).rows(), kLines / 32.0, 0.01 * kLines);
}

TEST(ImplyFilters, AlternativesSayOfEachSideWhatTheyCan) {
  const Shop shop;
  const DataFrame joined = shop.lines.merge(shop.orders, {.left_on = {"line_order"}, .right_on = {"order"}});
  const auto wanted = joined[((joined["kind"] == "kind1") & (joined["price"] < 5)) |
                             ((joined["kind"] == "kind2") & (joined["price"] > 90) & (joined["part"] != 3))];
  const Series prices = wanted["price"];
  const auto merge = find_op<Merge>(after_passes(prices.sum().expr()));
  EXPECT_NE(find_op<Filter>(merge->left), nullptr);
  EXPECT_NE(find_op<Filter>(merge->right), nullptr);
  EXPECT_THAT(rows_of(computed(prices.sum().expr())), ElementsAreArray(rows_of(computed(prices.sum().expr(), false))));
}

TEST(ImplyFilters, AnAlternativeThatSaysNothingOfASideImpliesNothing) {
  const Shop shop;
  const DataFrame joined = shop.lines.merge(shop.orders, {.left_on = {"line_order"}, .right_on = {"order"}});
  const Series prices = joined[(joined["kind"] == "kind1") | (joined["price"] < 5)]["price"];
  const auto merge = find_op<Merge>(after_passes(prices.sum().expr()));
  EXPECT_EQ(find_op<Filter>(merge->left), nullptr);
  EXPECT_EQ(find_op<Filter>(merge->right), nullptr);
}

TEST(ImplyFilters, RowsWithoutAPartnerAreNotLeftOut) {
  const Shop shop;
  const DataFrame joined = shop.orders.merge(shop.lines[shop.lines["price"] > 95],
                                             {.left_on = {"order"}, .right_on = {"line_order"}, .how = "left"});
  const Series days = joined[((joined["kind"] == "kind1") & (joined["part"] < 5)) |
                             ((joined["kind"] == "kind2") & joined["part"].isna())]["day"];
  const auto merge = find_op<Merge>(after_passes(days.sum().expr()));
  EXPECT_NE(find_op<Filter>(merge->left), nullptr);
  EXPECT_THAT(rows_of(computed(days.sum().expr())), ElementsAreArray(rows_of(computed(days.sum().expr(), false))));
}

}  // namespace
}  // namespace plait
