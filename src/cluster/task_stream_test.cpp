#include "cluster/task_stream.h"

#include <gmock/gmock.h>

namespace plait::cluster {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Drawn {
  std::int64_t thread = 0;
  double start = 0;
  double stop = 0;
  bool operator==(const Drawn&) const = default;
};

std::vector<Drawn> drawn(const TaskStream& stream, const PlainData& arguments = {}) {
  std::vector<Drawn> tasks;
  for (const PlainData& task : std::get<PlainData::List>(stream.answer(SchedulerState(), arguments).held))
    tasks.push_back({std::get<std::int64_t>(entry(task, "thread").held), std::get<double>(entry(task, "start").held),
                     std::get<double>(entry(task, "stop").held)});
  return tasks;
}

message::TaskDone done(TaskNumber task, double seconds) {
  return {.task = task, .duration_ns = static_cast<std::uint64_t>(seconds * 1e9)};
}

TEST(TaskStream, TasksThatAreHeardOfTogetherRanOneAfterTheOther) {
  TaskStream stream;
  for (TaskNumber task : {1, 2, 3}) stream.given(task, 0);
  stream.done(1, done(1, 1), 100);
  stream.done(1, done(2, 2), 110);
  stream.done(1, done(3, 1), 110);
  EXPECT_THAT(drawn(stream), ElementsAre(Drawn{0, 99, 100}, Drawn{0, 107, 109}, Drawn{0, 109, 110}));
}

TEST(TaskStream, GivesWhatRanInATime) {
  TaskStream stream;
  for (TaskNumber task : {1, 2}) stream.given(task, 0);
  stream.done(1, done(1, 1), 100);
  stream.done(1, done(2, 1), 200);
  EXPECT_THAT(drawn(stream, PlainData::Dict{{"start", 150.0}}), ElementsAre(Drawn{0, 199, 200}));
  EXPECT_THAT(drawn(stream, PlainData::Dict{{"stop", 150}}), ElementsAre(Drawn{0, 99, 100}));
  EXPECT_THAT(drawn(stream, PlainData::Dict{{"start", 110.0}, {"stop", 120.0}}), IsEmpty());
}

TEST(TaskStream, ATaskThatWasNeverGivenIsNotNoted) {
  TaskStream stream;
  stream.done(1, done(7, 1), 100);
  EXPECT_THAT(drawn(stream), IsEmpty());
}

TEST(TaskStream, KeepsTheLastHundredThousand) {
  TaskStream stream;
  for (TaskNumber task = 1; task <= 100'010; ++task) {
    stream.given(task, 0);
    stream.done(1, done(task, 0.5), static_cast<double>(task));
  }
  const std::vector<Drawn> tasks = drawn(stream);
  EXPECT_EQ(tasks.size(), 100'000U);
  EXPECT_EQ(tasks.front().stop, 11);
  EXPECT_EQ(tasks.back().stop, 100'010);
}

}  // namespace
}  // namespace plait::cluster
