#include "kernels/formats/parquet_ranges.h"

#include <arrow/api.h>
#include <gmock/gmock.h>

#include "base/temporary_folder.h"
#include "kernels/formats/parquet_tables.h"
#include "kernels/formats/parquet_writer.h"
#include "kernels/table/arrow_table.h"

namespace plait {
namespace {

using testing::ElementsAre;

ParquetRowGroup group_of(ParquetBound min, ParquetBound max, std::int64_t num_nulls = 0) {
  return {.num_rows = 10,
          .columns = {{.column = "c", .min = std::move(min), .max = std::move(max), .num_nulls = num_nulls}}};
}
bool may_have(const ParquetRowGroup& group, const ParquetRange& range) { return may_have(group, {{range}}); }

ParquetRange from(Literal lower) { return {.column = "c", .lower = std::move(lower)}; }
ParquetRange above(Literal lower) { return {.column = "c", .lower = std::move(lower), .is_above = true}; }
ParquetRange up_to(Literal upper) { return {.column = "c", .upper = std::move(upper)}; }
ParquetRange below(Literal upper) { return {.column = "c", .upper = std::move(upper), .is_below = true}; }

TEST(ParquetRanges, ARowGroupIsLeftOutWhereItsBoundsLieOutsideTheRange) {
  const ParquetRowGroup group = group_of(std::int64_t{3}, std::int64_t{7});
  EXPECT_TRUE(may_have(group, from(std::int64_t{7})));
  EXPECT_FALSE(may_have(group, above(std::int64_t{7})));
  EXPECT_FALSE(may_have(group, from(std::int64_t{8})));
  EXPECT_TRUE(may_have(group, up_to(std::int64_t{3})));
  EXPECT_FALSE(may_have(group, below(std::int64_t{3})));
  EXPECT_FALSE(may_have(group, up_to(2.5)));
  EXPECT_TRUE(may_have(group, from(6.5)));
}

TEST(ParquetRanges, LargeIntegersAreComparedWhole) {
  const std::int64_t large = (std::int64_t{1} << 62) + 1;
  EXPECT_FALSE(may_have(group_of(large, large), from(large + 1)));
  EXPECT_TRUE(may_have(group_of(std::uint64_t{1} << 63, ~std::uint64_t{0}), from(large)));
  EXPECT_FALSE(may_have(group_of(std::uint64_t{1} << 63, ~std::uint64_t{0}), up_to(std::int64_t{-1})));
}

TEST(ParquetRanges, TextsAndMomentsHaveAnOrderToo) {
  EXPECT_FALSE(may_have(group_of(std::string("b"), std::string("d")), above(std::string("d"))));
  EXPECT_TRUE(may_have(group_of(std::string("b"), std::string("d")), from(std::string("c"))));
  const Timestamp noon{43'200, TimeUnit::s, ""};
  const Timestamp later{43'200'000'000'001, TimeUnit::ns, ""};
  EXPECT_FALSE(may_have(group_of(noon, noon), from(later)));
  EXPECT_TRUE(may_have(group_of(noon, noon), up_to(later)));
}

TEST(ParquetRanges, WhatIsNotKnownRulesNothingOut) {
  EXPECT_TRUE(may_have(group_of({}, {}), from(std::int64_t{1})));
  EXPECT_TRUE(may_have(group_of(std::int64_t{1}, std::int64_t{2}), from(std::string("text"))));
  EXPECT_TRUE(may_have(group_of(std::int64_t{1}, std::int64_t{2}), {.column = "other", .lower = std::int64_t{9}}));
  EXPECT_TRUE(may_have(group_of(std::int64_t{1}, std::int64_t{2}), std::vector<ParquetRanges>{}));
}

TEST(ParquetRanges, AGroupWithoutValuesHasNoneInARange) {
  EXPECT_FALSE(may_have(group_of({}, {}, 10), from(std::int64_t{1})));
  EXPECT_TRUE(may_have(group_of({}, {}, 9), from(std::int64_t{1})));
}

TEST(ParquetRanges, AllRangesOfOneAlternativeHaveToFit) {
  const ParquetRowGroup group = group_of(std::int64_t{3}, std::int64_t{7});
  EXPECT_FALSE(may_have(group, {{from(std::int64_t{5}), from(std::int64_t{8})}}));
  EXPECT_TRUE(may_have(group, {{from(std::int64_t{8})}, {from(std::int64_t{5})}}));
}

TEST(ParquetRanges, TheReaderLeavesRowGroupsOutAndKeepsTheNumbersOfRows) {
  TemporaryFolder folder;
  const std::string path = folder.path("numbers.parquet");
  const auto table = arrow_of(Table::from_vector<std::int64_t>("c", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  write_parquet(*table, path, {.row_group_rows = 2});
  const ParquetScan scan = scan_parquet({path});
  const std::vector<ParquetRanges> wanted{{up_to(std::int64_t{1})}, {from(std::int64_t{6}), up_to(std::int64_t{7})}};
  const Table all = ParquetTableReader(scan, scan.parts.at(0), {"c"}, true, wanted).all();
  EXPECT_THAT(all["c"].to_vector<std::int64_t>(), ElementsAre(0, 1, 6, 7));
  EXPECT_THAT(all.index_values().to_vector<std::int64_t>(), ElementsAre(0, 1, 6, 7));
  ParquetTableReader batches(scan, scan.parts.at(0), {"c"}, true, wanted);
  EXPECT_THAT(batches.next()->index_values().to_vector<std::int64_t>(), ElementsAre(0, 1));
  EXPECT_THAT(batches.next()->index_values().to_vector<std::int64_t>(), ElementsAre(6, 7));
  EXPECT_FALSE(batches.next());
  EXPECT_EQ(ParquetTableReader(scan, scan.parts.at(0), {"c"}, true, {{from(std::int64_t{10})}}).all().num_rows(), 0);
}

}  // namespace
}  // namespace plait
