#include "cluster/transfer_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plait::cluster {
namespace {

using testing::ElementsAre;

// The bytes of what moved between two times.
std::vector<std::int64_t> bytes_between(const TransferStream& stream, double start, double stop) {
  const SchedulerState state;
  const PlainData answer = stream.answer(state, PlainData::Dict{{"start", start}, {"stop", stop}});
  std::vector<std::int64_t> bytes;
  for (const PlainData& each : std::get<PlainData::List>(answer.held))
    bytes.push_back(std::get<std::int64_t>(entry(each, "nbytes").held));
  return bytes;
}

TEST(TransferStream, TellsWhatMovedBetweenTwoTimes) {
  TransferStream stream;
  stream.asked(7, 10.0);
  stream.asked(8, 10.5);
  stream.came(1, 8, 50, 11.0);
  stream.came(1, 7, 100, 12.0);
  EXPECT_THAT(bytes_between(stream, 0, 20), ElementsAre(50, 100));
  EXPECT_THAT(bytes_between(stream, 11.5, 20), ElementsAre(100));
  EXPECT_THAT(bytes_between(stream, 0, 10.2), ElementsAre(100));
  EXPECT_THAT(bytes_between(stream, 13, 20), ElementsAre());
}

TEST(TransferStream, CountsWhatIsSentByItselfFromWhenItsTaskIsDone) {
  TransferStream stream;
  stream.given({.task = 5, .transfer = 3});
  stream.done(5, 10.0);
  stream.came(1, 3, 100, 11.0);
  EXPECT_THAT(bytes_between(stream, 0, 9.9), ElementsAre());
  EXPECT_THAT(bytes_between(stream, 9.9, 10.1), ElementsAre(100));
}

TEST(TransferStream, LeavesOutWhatNobodyAskedForOrComesTwice) {
  TransferStream stream;
  stream.done(5, 9.0);
  stream.asked(7, 10.0);
  stream.came(1, 9, 1, 10.5);
  stream.came(1, 7, 100, 11.0);
  stream.came(1, 7, 100, 12.0);
  EXPECT_THAT(bytes_between(stream, 0, 20), ElementsAre(100));
}

TEST(LastOnes, ForgetsTheOldest) {
  LastOnes<int> last(3);
  for (int number = 0; number < 5; ++number) last.add(number);
  std::vector<int> kept;
  for (std::size_t place = 0; place < last.size(); ++place) kept.push_back(last[place]);
  EXPECT_THAT(kept, ElementsAre(2, 3, 4));
}

}  // namespace
}  // namespace plait::cluster
