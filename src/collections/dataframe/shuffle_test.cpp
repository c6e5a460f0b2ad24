#include "collections/dataframe/shuffle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "collections/dataframe/frame_testing.h"

namespace plait {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using testing_frames::frame_of;
using testing_frames::partitions_of;
using testing_frames::rows_of;

// 40 rows of 10 keys, in four partitions of which one is empty. Row numbers say which row is which.
std::vector<Table> parts_of_keys() {
  std::vector<Table> parts;
  for (int part = 0; part < 4; ++part) {
    std::vector<Literal> keys;
    std::vector<Literal> numbers;
    for (int i = 0; i < (part == 2 ? 0 : 15); ++i) {
      const int number = part * 100 + i;
      if (i % 11 == 10) {
        keys.emplace_back(missing);
      } else {
        keys.emplace_back("key " + std::to_string(number % 10));
      }
      numbers.emplace_back(std::int64_t{number});
    }
    if (keys.empty()) {
      parts.push_back(parts.front().slice(0, 0));
    } else {
      parts.push_back(Table::from_columns({{"k", keys}, {"row", numbers}}));
    }
  }
  return parts;
}

std::multiset<std::string> all_rows(const std::vector<Table>& tables) {
  std::multiset<std::string> rows;
  for (const Table& table : tables) {
    for (std::string& row : rows_of(table)) rows.insert(std::move(row));
  }
  return rows;
}

TEST(HashShuffle, KeepsEveryRowOnceAndBringsEqualKeysTogether) {
  for (const std::int64_t n : {1, 2, 3, 7, 50}) {
    const auto parts = partitions_of(hash_shuffle(frame_of(parts_of_keys()), {"k"}, n));
    ASSERT_EQ(static_cast<std::int64_t>(parts.size()), n);
    EXPECT_EQ(all_rows(parts), all_rows(parts_of_keys()));
    std::map<std::string, std::size_t> part_of_key;
    for (std::size_t part = 0; part < parts.size(); ++part) {
      for (std::int64_t i = 0; i < parts[part].num_rows(); ++i) {
        const std::string key = to_string(parts[part].at("k", i));
        EXPECT_EQ(part_of_key.emplace(key, part).first->second, part) << key << " is in two of " << n << " partitions";
      }
    }
  }
}

TEST(HashShuffle, PutsAKeyIntoTheSamePartitionWhateverFrameItComesFrom) {
  const auto whole = partitions_of(hash_shuffle(frame_of(parts_of_keys()), {"k"}, 5));
  const auto one =
      partitions_of(hash_shuffle(frame_of({Table({{"k", {"key 3", missing}}, {"row", {0, 1}}})}), {"k"}, 5));
  for (std::size_t part = 0; part < one.size(); ++part) {
    for (std::int64_t i = 0; i < one[part].num_rows(); ++i) {
      const std::string key = to_string(one[part].at("k", i));
      const auto has_key = [&](const Table& table) {
        const auto rows = rows_of(table);
        return std::any_of(rows.begin(), rows.end(),
                           [&](const std::string& row) { return row.starts_with(key + "|"); });
      };
      EXPECT_TRUE(has_key(whole[part])) << key;
    }
  }
}

TEST(HashShuffle, KeepsTheOrderOfRowsWithEqualKeys) {
  for (const Table& part : partitions_of(hash_shuffle(frame_of(parts_of_keys()), {"k"}, 3))) {
    const auto numbers = part["row"].to_vector<std::int64_t>();
    EXPECT_TRUE(std::is_sorted(numbers.begin(), numbers.end()));
  }
}

TEST(HashShuffle, HasPartitionsWithoutRowsForAnEmptyFrame) {
  const auto parts = partitions_of(hash_shuffle(frame_of({parts_of_keys()[2]}), {"k"}, 3));
  ASSERT_EQ(parts.size(), 3);
  for (const Table& part : parts) {
    EXPECT_EQ(part.num_rows(), 0);
    EXPECT_THAT(part.names(), ElementsAre("k", "row"));
  }
}

ExprPtr divisions(std::vector<Literal> values) { return frame_of({Table::from_columns({{"d", std::move(values)}})}); }

TEST(RangeShuffle, PutsRowsBetweenTheirDivisions) {
  const ExprPtr frame = frame_of({Table({{"v", {5, 0, 10}}}), Table({{"v", {3, 7, 3}}})});
  const auto parts = partitions_of(range_shuffle(frame, divisions({0, 3, 7, 10}), "v", true, false, 3));
  ASSERT_EQ(parts.size(), 3);
  EXPECT_THAT(rows_of(parts[0]), ElementsAreArray({"0"}));
  EXPECT_THAT(rows_of(parts[1]), ElementsAreArray({"5", "3", "3"}));
  EXPECT_THAT(rows_of(parts[2]), ElementsAreArray({"10", "7"}));  // the last one includes its end
}

TEST(RangeShuffle, TurnsThePartitionsRoundForADescendingOrder) {
  const ExprPtr frame = frame_of({Table({{"v", {5, 0, 10}}})});
  const auto parts = partitions_of(range_shuffle(frame, divisions({0, 5, 10}), "v", false, false, 2));
  EXPECT_THAT(rows_of(parts[0]), ElementsAreArray({"5", "10"}));
  EXPECT_THAT(rows_of(parts[1]), ElementsAreArray({"0"}));
}

TEST(RangeShuffle, KeepsMissingValuesAtOneEnd) {
  const ExprPtr frame = frame_of({Table({{"v", {5.0, missing}}}), Table({{"v", {0.0, missing}}})});
  const auto last = partitions_of(range_shuffle(frame, divisions({0.0, 5.0, 6.0}), "v", true, false, 2));
  EXPECT_THAT(rows_of(last[0]), ElementsAreArray({"0.0"}));
  EXPECT_THAT(rows_of(last[1]), ElementsAreArray({"5.0", "NaN", "NaN"}));
  const auto first = partitions_of(range_shuffle(frame, divisions({0.0, 5.0, 6.0}), "v", true, true, 2));
  EXPECT_THAT(rows_of(first[0]), ElementsAreArray({"NaN", "0.0", "NaN"}));
  EXPECT_THAT(rows_of(first[1]), ElementsAreArray({"5.0"}));
}

TEST(RangeShuffle, LeavesPartitionsEmptyWhereThereAreFewerDivisions) {
  const ExprPtr frame = frame_of({Table({{"v", {1, 1, 1}}})});
  const auto parts = partitions_of(range_shuffle(frame, divisions({1, 1}), "v", true, false, 3));
  ASSERT_EQ(parts.size(), 3);
  EXPECT_THAT(all_rows(parts), ElementsAre("1", "1", "1"));
  EXPECT_THAT(rows_of(parts[2]), IsEmpty());
}

}  // namespace
}  // namespace plait
