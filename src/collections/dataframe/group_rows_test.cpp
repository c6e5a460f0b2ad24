// Rows that go to their groups and come back are where they were.
#include "collections/dataframe/group_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "collections/dataframe/frame_testing.h"
#include "collections/dataframe/reductions.h"
#include "kernels/table/key_parts.h"
#include "plait/error.h"

namespace plait {
namespace {

using ::testing::ElementsAreArray;
using testing_frames::frame_of;
using testing_frames::partitions_of;
using testing_frames::rows_of;

// Partitions of different lengths, one of them empty; some keys are missing.
std::vector<Table> partitions() {
  std::vector<Table> parts;
  std::int64_t next = 0;
  for (const std::int64_t length : {70, 0, 1, 130, 64}) {
    std::vector<Literal> k, v;
    for (std::int64_t i = 0; i < length; ++i, ++next) {
      if (next % 11 == 0)
        k.emplace_back(missing);
      else
        k.emplace_back("key " + std::to_string(next * 31 % 23));
      v.emplace_back(next);
    }
    parts.push_back(length == 0 ? Table({{"k", {"a"}}, {"v", {0}}}).slice(0, 0)
                                : Table::from_columns({{"k", k}, {"v", v}}));
  }
  return parts;
}

TEST(GroupRows, EachGroupIsWholeInOnePartitionInTheOrderOfItsRows) {
  const ExprPtr groups = rows_together_expr(frame_of(partitions()), {"k"});
  EXPECT_EQ(frame_meta(groups).npartitions(), 5);
  std::map<std::string, std::size_t> part_of_key;
  std::int64_t num_rows = 0;
  const std::vector<Table> parts = partitions_of(groups);
  for (std::size_t part = 0; part < parts.size(); ++part) {
    std::int64_t last = -1;
    for (std::int64_t row = 0; row < parts[part].num_rows(); ++row, ++num_rows) {
      const auto [known, is_new] = part_of_key.emplace(to_string(parts[part].at("k", row)), part);
      EXPECT_EQ(known->second, part);
      const auto position = std::get<std::int64_t>(parts[part].at(std::string(kPosition), row));
      EXPECT_LT(last, position);
      last = position;
    }
  }
  EXPECT_EQ(num_rows, 265);
}

TEST(GroupRows, RowsComeBackToTheirPlaces) {
  const std::vector<Table> given = partitions();
  const ExprPtr frame = frame_of(given);
  const ExprPtr back = make_expr<InPlace>(rows_together_expr(frame, {"k"}), frame, true);
  const std::vector<Table> found = partitions_of(back);
  ASSERT_EQ(found.size(), given.size());
  for (std::size_t part = 0; part < given.size(); ++part)
    EXPECT_THAT(rows_of(found[part]), ElementsAreArray(rows_of(given[part]))) << part;
}

TEST(Shuffle, OnlyWhatIsWantedIsSent) {
  const ExprPtr rows = shuffle_expr(frame_of(partitions()), {"k"}, 3);
  EXPECT_EQ(frame_meta(rows).npartitions(), 3);
  const auto shuffle = testing_frames::find_op<Shuffle>(testing_frames::after_passes(length_expr(rows)));
  ASSERT_TRUE(shuffle);
  EXPECT_THAT(frame_meta(shuffle->input).empty().names(), ElementsAreArray({"k"}));
  EXPECT_THAT(rows_of(testing_frames::computed(length_expr(rows))), ElementsAreArray({"265"}));
}

TEST(GroupRows, PositionsOfAnotherFrameAreRefused) {
  const ExprPtr groups = rows_together_expr(frame_of(partitions()), {"k"});
  const ExprPtr other = frame_of({partitions().front()});
  EXPECT_THROW(testing_frames::computed(make_expr<InPlace>(groups, other, true)), Error);
}

}  // namespace
}  // namespace plait
