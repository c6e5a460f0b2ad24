#include "plait/map_partitions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plait/dataframe.h"
#include "plait/partitions.h"
#include "runtime/record_executor.h"

namespace plait {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

DataFrame numbers() {
  return DataFrame::from_table(Table({{"x", {1, 2, 3, 4, 5}}, {"y", {0.5, 1.5, 2.5, 3.5, 4.5}}}), 2);
}

Table first_row(const Table& part) { return part.slice(0, 1); }
Table counted(const Table& part) { return Table({{"rows", {part.num_rows()}}, {"columns", {part.num_columns()}}}); }

template <class F>
std::string error_of(const F& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(MapPartitions, CallsAFunctionOnEachPartition) {
  const DataFrame first = numbers().map_partitions(first_row);
  EXPECT_EQ(first.npartitions(), 2);
  EXPECT_THAT(first.compute()["x"].to_vector<std::int64_t>(), ElementsAre(1, 4));
  EXPECT_THAT(first.divisions(), ElementsAre(Literal(0), Literal(3), Literal(4)));
  EXPECT_TRUE(numbers().map_partitions(first_row, {.clear_divisions = true}).divisions().empty());
  EXPECT_THAT(numbers()["x"].map_partitions(first_row).compute().to_vector<std::int64_t>(), ElementsAre(1, 4));
}

TEST(MapPartitions, TakesTheSchemaFromTablesWithoutRows) {
  const DataFrame frame = numbers().map_partitions(counted);
  EXPECT_THAT(frame.columns(), ElementsAre("rows", "columns"));
  EXPECT_THAT(frame.compute()["rows"].to_vector<std::int64_t>(), ElementsAre(3, 2));
  EXPECT_EQ(frame["rows"].sum().value(), 5);
}

TEST(MapPartitions, GivesTheCollectionThatIsAskedFor) {
  const auto column = [](const Table& part) { return part["y"]; };
  const Series y = numbers().map_partitions<Series>(column);
  EXPECT_EQ(y.name(), "y");
  EXPECT_EQ(y.sum().value(), 12.5);
  EXPECT_THAT(error_of([&] { numbers().map_partitions(column); }),
              HasSubstr("the function gives a Series, expected a DataFrame; say map_partitions<Series>"));
}

TEST(Repartition, CutsAtLabelsThatTakeInAllRows) {
  const auto cut = [](const std::vector<Literal>& at, bool force = false) {
    return std::get<DataFrame>(repartition_at(numbers(), at, force));
  };
  const DataFrame three = cut({0, 1, 2, 4});
  EXPECT_THAT(three.map_partitions(counted).compute()["rows"].to_vector<std::int64_t>(), ElementsAre(1, 1, 3));
  EXPECT_THAT(three.divisions(), ElementsAre(Literal(0), Literal(1), Literal(2), Literal(4)));
  EXPECT_EQ(cut({-5, -1, 9}, true)["x"].sum().value(), 15);
  EXPECT_THAT(error_of([&] { cut({1, 4}); }), HasSubstr("rows would be left out"));
  EXPECT_THAT(error_of([&] { cut({-1, 4}); }), HasSubstr("set force=True"));
  EXPECT_THAT(error_of([&] { cut({0, 3, 3, 4}); }), HasSubstr("must be different and in order"));
  EXPECT_THAT(error_of([&] { cut({0}); }), HasSubstr("at least two divisions"));
}

TEST(Repartition, MakesPartitionsOfASize) {
  const auto sized = [](const std::vector<double>& bytes, double limit) {
    return std::get<DataFrame>(repartition_by_size(numbers(), bytes, limit));
  };
  EXPECT_EQ(sized({48, 32}, 100).npartitions(), 1);
  EXPECT_EQ(sized({48, 32}, 50).npartitions(), 2);
  EXPECT_EQ(sized({48, 32}, 20).npartitions(), 5);
  EXPECT_EQ(sized({48, 32}, 20)["x"].sum().value(), 15);
  EXPECT_THAT(error_of([&] { sized({48}, 20); }), HasSubstr("1 sizes are given for 2 partitions"));
  EXPECT_THAT(error_of([&] { sized({48, 32}, 0); }), HasSubstr("at least 1"));
  EXPECT_THAT(error_of([&] { sized({1e18, 32}, 1); }), HasSubstr("would be"));
}

TEST(MapPartitions, OfSeveralCollectionsMatchesPartitionsAndBroadcastsOne) {
  const DataFrame whole = numbers();
  const DataFrame one = DataFrame::from_table(Table({{"z", {7}}}));
  const PartitionFunction function("sizes", PartitionFunction::of<2>([](const Table& part, const Table& other) {
                                     return Table({{"rows", {part.num_rows()}}, {"other", {other.num_rows()}}});
                                   }));
  const DataFrame sizes = std::get<DataFrame>(map_partitions(function, {whole, one}));
  EXPECT_THAT(sizes.compute()["rows"].to_vector<std::int64_t>(), ElementsAre(3, 2));
  EXPECT_THAT(sizes.compute()["other"].to_vector<std::int64_t>(), ElementsAre(1, 1));
  EXPECT_THAT(error_of([&] { map_partitions(function, {whole, whole.repartition(3)}); }), HasSubstr("sizes"));
}

TEST(MapPartitions, NamesAPartitionThatDoesNotFit) {
  const DataFrame wrong = numbers().map_partitions(counted, {.meta = Table({{"rows", {1}}})});
  EXPECT_THAT(error_of([&] { wrong.compute(); }),
              HasSubstr("the function gave a frame of (rows: int64, columns: int64), but its result was said to be a "
                        "frame of (rows: int64); give meta"));
}

TEST(MapPartitions, AFunctionThatFailsWithoutRowsNeedsAMeta) {
  const auto first = [](const Table& part) { return Table({{"first", {part.at("x", 0)}}}); };
  const auto checked = [&](const Table& part) -> Table {
    if (part.num_rows() == 0) throw value_error("no rows");
    return first(part);
  };
  EXPECT_THAT(error_of([&] { numbers().map_partitions(checked); }),
              HasSubstr("the function fails on tables without rows (no rows); give meta"));
  const DataFrame given = numbers().map_partitions(checked, {.meta = Table({{"first", {1}}})});
  EXPECT_THAT(given.compute()["first"].to_vector<std::int64_t>(), ElementsAre(1, 4));
}

TEST(MapPartitions, AFunctionWithANameIsTheSameWorkAndTravels) {
  register_record_executor();
  const auto named = PartitionFunction::registered("first_row", PartitionFunction::of<1>(first_row));
  const DataFrame frame = numbers();
  EXPECT_EQ(frame.map_partitions(named).plan_name(), frame.map_partitions(named).plan_name());
  EXPECT_NE(frame.map_partitions(first_row).plan_name(), frame.map_partitions(first_row).plan_name());
  EXPECT_EQ(frame.map_partitions(named).compute({.scheduler = "records"}).num_rows(), 2);
  EXPECT_THAT(error_of([&] { frame.map_partitions(first_row).compute({.scheduler = "records"}); }),
              HasSubstr("register it by name, or use the scheduler 'threads'"));
}

}  // namespace
}  // namespace plait
