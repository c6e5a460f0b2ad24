#include "scheduler/scheduler_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "scheduler/scheduler_testing.h"

namespace plait {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing_scheduler::Cluster;
using testing_scheduler::graph_of_tasks;
using testing_scheduler::with_annotation;

TEST(SchedulerState, RunsATaskWhenItsInputsAreThereAndTellsTheClient) {
  Cluster cluster(1);
  cluster.from_client(graph_of_tasks({{}, {0}}, {{1, "y"}}));
  const auto first = cluster.sent<message::Compute>();
  ASSERT_THAT(first, SizeIs(1));
  EXPECT_EQ(index_of(first[0].second.task), 0u);
  EXPECT_THAT(cluster.sent<message::TakeGraph>(), SizeIs(1));
  cluster.done(first[0]);
  const auto second = cluster.sent<message::Compute>();
  ASSERT_THAT(second, SizeIs(1));
  EXPECT_THAT(second[0].second.inputs, ElementsAre(first[0].second.task));
  EXPECT_THAT(cluster.sent<message::TakeGraph>(), IsEmpty());
  cluster.done(second[0]);
  ASSERT_THAT(cluster.told<message::KeyState>(), SizeIs(1));
  EXPECT_EQ(cluster.told<message::KeyState>()[0].status, KeyStatus::finished);
  // The input is needed no more.
  ASSERT_THAT(cluster.sent<message::Forget>(), SizeIs(1));
  EXPECT_THAT(cluster.sent<message::Forget>()[0].second.tasks, ElementsAre(first[0].second.task));
}

TEST(SchedulerState, IgnoresWhatComesTwiceOrFromAnEarlierAttempt) {
  Cluster cluster(2);
  cluster.from_client(graph_of_tasks({{}}, {{0, "x"}}));
  const auto first = cluster.sent<message::Compute>();
  cluster.event(WorkerGone{first[0].first, WorkerEnd::asked, std::nullopt});
  const auto second = cluster.sent<message::Compute>();
  ASSERT_THAT(second, SizeIs(1));
  EXPECT_NE(second[0].first, first[0].first);
  EXPECT_EQ(second[0].second.attempt, 2u);
  cluster.from_worker(second[0].first, message::TaskDone{.task = second[0].second.task, .attempt = 1});
  EXPECT_THAT(cluster.out, IsEmpty());
  cluster.done(second[0]);
  EXPECT_THAT(cluster.told<message::KeyState>(), SizeIs(1));
  cluster.done(second[0]);
  EXPECT_THAT(cluster.out, IsEmpty());
}

TEST(SchedulerState, MakesLostValuesAgainAndWhatTheyNeed) {
  Cluster cluster(1);
  cluster.from_client(graph_of_tasks({{}, {0}}, {{1, "y"}}));
  cluster.done(cluster.sent<message::Compute>()[0]);
  cluster.done(cluster.sent<message::Compute>()[0]);
  cluster.event(WorkerGone{1, WorkerEnd::killed, std::nullopt});
  EXPECT_EQ(cluster.told<message::KeyState>()[0].status, KeyStatus::pending);
  cluster.join({.name = "another"});
  const auto again = cluster.sent<message::Compute>();
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_EQ(index_of(again[0].second.task), 0u);
  cluster.done(again[0]);
  cluster.done(cluster.sent<message::Compute>()[0]);
  EXPECT_EQ(cluster.told<message::KeyState>()[0].status, KeyStatus::finished);
}

TEST(SchedulerState, BlamesTheTaskThatEndsTwoWorkersAndNoOther) {
  Cluster cluster(3, 2);
  cluster.from_client(graph_of_tasks({{}, {}}, {{0, "poison"}, {1, "innocent"}}));
  // Both run when the first worker dies; from then on each runs alone.
  const auto first = cluster.sent<message::Compute>();
  ASSERT_THAT(first, SizeIs(2));
  cluster.event(WorkerGone{first[0].first, WorkerEnd::died, std::nullopt});
  cluster.event(WorkerGone{first[1].first, WorkerEnd::died, std::nullopt});
  const auto status = [&](const char* key) { return cluster.state.task(key)->state; };
  EXPECT_NE(status("poison"), SchedulerTaskState::erred);
  EXPECT_NE(status("innocent"), SchedulerTaskState::erred);
  for (int i = 0; i < 3; ++i) cluster.join({.name = "new", .nthreads = 4});
  const auto poison = *cluster.state.task("poison");
  const auto innocent = *cluster.state.task("innocent");
  ASSERT_EQ(poison.state, SchedulerTaskState::processing);
  EXPECT_NE(poison.processing_on, innocent.processing_on);
  cluster.event(WorkerGone{poison.processing_on, WorkerEnd::died, std::nullopt});
  EXPECT_EQ(cluster.state.task("poison")->failure, TaskFailure::worker_died);
  ASSERT_THAT(cluster.told<message::KeyState>(), SizeIs(1));
  EXPECT_EQ(cluster.told<message::KeyState>()[0].key, "poison");
  EXPECT_NE(status("innocent"), SchedulerTaskState::erred);
}

TEST(SchedulerState, BlamesNoTaskForTheKillsOfOthersUnlessTheyNeverEnd) {
  Cluster cluster(1);
  cluster.from_client(graph_of_tasks({{}}, {{0, "x"}}));
  auto killed = [&] {
    const auto given = cluster.sent<message::Compute>();
    cluster.event(WorkerGone{given.at(0).first, WorkerEnd::killed, std::vector{given[0].second.task}});
    cluster.join({.name = "another"});
  };
  const std::uint32_t bound = SchedulerOptions{}.max_killed;
  for (std::uint32_t i = 1; i < bound; ++i) killed();
  cluster.done(cluster.sent<message::Compute>().at(0));
  ASSERT_EQ(cluster.state.task("x")->state, SchedulerTaskState::in_memory);
  cluster.event(WorkerGone{cluster.state.task("x")->holders.at(0), WorkerEnd::killed, std::vector<TaskNumber>{}});
  cluster.join({.name = "another"});
  for (std::uint32_t i = 1; i < bound; ++i) killed();
  EXPECT_EQ(cluster.state.task("x")->state, SchedulerTaskState::processing) << "it has ended once since";
  const auto last = cluster.sent<message::Compute>();
  cluster.event(WorkerGone{last.at(0).first, WorkerEnd::killed, std::vector{last[0].second.task}});
  EXPECT_EQ(cluster.state.task("x")->failure, TaskFailure::worker_died);
}

TEST(SchedulerState, TriesAgainAsOftenAsIsAllowedAndThenFailsWhatBuildsOnIt) {
  Cluster cluster(1);
  cluster.from_client(with_annotation(graph_of_tasks({{}, {0}}, {{0, "x"}, {1, "y"}}), {.retries = 1}));
  for (int attempt = 1; attempt <= 2; ++attempt) {
    const auto given = cluster.sent<message::Compute>();
    ASSERT_THAT(given, SizeIs(1)) << attempt;
    cluster.from_worker(1, message::TaskErred{given[0].second.task, given[0].second.attempt});
  }
  const auto told = cluster.told<message::KeyState>();
  ASSERT_THAT(told, SizeIs(2));
  for (const auto& state : told) {
    EXPECT_EQ(state.status, KeyStatus::error);
    EXPECT_EQ(index_of(state.cause), 0u);
  }
  cluster.from_client(message::Retry{{"y"}});
  EXPECT_THAT(cluster.sent<message::Compute>(), SizeIs(1));
}

TEST(SchedulerState, AKnownKeyMeansTheKnownTask) {
  Cluster cluster(2);
  const ClientNumber other = cluster.state.add_client(0);
  cluster.from_client(graph_of_tasks({{}}, {{0, "x"}}));
  const auto given = cluster.sent<message::Compute>();
  cluster.from_client(other, graph_of_tasks({{}}, {{0, "x"}}));
  EXPECT_THAT(cluster.sent<message::Compute>(), IsEmpty());
  cluster.done(given[0]);
  EXPECT_THAT(cluster.told<message::KeyState>(), SizeIs(2));
  cluster.from_client(message::Release{{"x"}});
  EXPECT_THAT(cluster.sent<message::Forget>(), IsEmpty());
  cluster.event(ClientGone{other});
  EXPECT_THAT(cluster.sent<message::Forget>(), SizeIs(1));
  EXPECT_EQ(cluster.state.counts().num_tasks, 0u);
}

TEST(SchedulerState, CancelsWhatRunsUnlessSomebodyElseWantsIt) {
  Cluster cluster(1);
  const ClientNumber other = cluster.state.add_client(0);
  cluster.from_client(graph_of_tasks({{}, {0}}, {{0, "x"}, {1, "y"}}));
  cluster.from_client(other, message::Want{{"x"}});
  cluster.from_client(message::Cancel{{"x"}, false});
  EXPECT_EQ(cluster.state.task("x")->state, SchedulerTaskState::processing);
  cluster.from_client(other, message::Cancel{{"x"}, true});
  EXPECT_THAT(cluster.sent<message::Forget>(), SizeIs(1));
  EXPECT_EQ(cluster.state.counts().num_tasks, 0u);
}

TEST(SchedulerState, ManyKeysThatAreCancelledAreToldOfTogether) {
  Cluster cluster(1);
  cluster.from_client(graph_of_tasks({{}, {}, {0}}, {{0, "x"}, {1, "y"}, {2, "z"}}));
  cluster.from_client(message::Cancel{{"x", "y", "nobody's"}, false});
  ASSERT_THAT(cluster.told<message::KeysCancelled>(), SizeIs(1));
  EXPECT_THAT(cluster.told<message::KeysCancelled>()[0].keys, ElementsAre("x", "y", "z"));
  EXPECT_EQ(cluster.state.counts().num_tasks, 0u);
}

TEST(SchedulerState, BringsInputsToTheWorkerAndAnswersWhoGathers) {
  Cluster cluster(2);
  cluster.from_client(graph_of_tasks({{}, {}, {0, 1}}, {{2, "sum"}}));
  const auto roots = cluster.sent<message::Compute>();
  ASSERT_THAT(roots, SizeIs(2));
  cluster.done(roots[0], 100);
  cluster.done(roots[1], 1000);
  const auto sum = cluster.sent<message::Compute>();
  const auto provide = cluster.sent<message::Provide>();
  ASSERT_THAT(sum, SizeIs(1));
  ASSERT_THAT(provide, SizeIs(1));
  EXPECT_EQ(sum[0].first, roots[1].first) << "the larger input stays where it is";
  EXPECT_EQ(provide[0].first, roots[0].first);
  cluster.from_worker(provide[0].first, message::Provided{provide[0].second.task, provide[0].second.transfer, true});
  EXPECT_THAT(cluster.sent<message::Deliver>(), SizeIs(1));
  cluster.from_client(message::Gather{7, {"sum"}});
  cluster.done(sum[0]);
  const auto asked = cluster.sent<message::Provide>();
  ASSERT_THAT(asked, SizeIs(1));
  cluster.from_worker(sum[0].first, message::Provided{sum[0].second.task, asked[0].second.transfer, true});
  ASSERT_THAT(cluster.told<message::Gathered>(), SizeIs(1));
  EXPECT_EQ(cluster.told<message::Gathered>()[0].request, 7u);
}

TEST(SchedulerState, ScatteredDataSurvivesTheEndOfItsWorker) {
  Cluster cluster(1);
  cluster.from_client(message::Scatter{"data", 10, {}, 1});
  EXPECT_THAT(cluster.sent<message::Deliver>(), SizeIs(1));
  cluster.event(WorkerGone{1, WorkerEnd::killed, std::nullopt});
  auto graph = graph_of_tasks({{}, {0}}, {{1, "y"}});
  graph.existing = {{0, "data"}};
  cluster.from_client(graph);
  cluster.join({.name = "another"});
  EXPECT_THAT(cluster.sent<message::Deliver>(), SizeIs(1));
  EXPECT_THAT(cluster.sent<message::Compute>(), SizeIs(1));
}

TEST(SchedulerState, WhatIsAlwaysDamagedFailsInTheEnd) {
  Cluster cluster(1);
  cluster.from_client(message::Scatter{"data", 10, {}, 1});
  const TaskNumber data = cluster.sent<message::Deliver>()[0].second.task;
  auto graph = graph_of_tasks({{}, {0}}, {{1, "y"}});
  graph.existing = {{0, "data"}};
  cluster.from_client(graph);
  cluster.from_worker(1, message::Lost{data});
  EXPECT_THAT(cluster.sent<message::Deliver>(), SizeIs(1)) << "another copy";
  for (int i = 0; i < 1000 && cluster.told<message::KeyState>().empty(); ++i)
    cluster.from_worker(1, message::Lost{data});
  for (const message::KeyState& told : cluster.told<message::KeyState>()) {
    EXPECT_EQ(told.status, KeyStatus::error);
    EXPECT_EQ(told.failure, TaskFailure::damaged);
  }
  EXPECT_THAT(cluster.told<message::KeyState>(), SizeIs(2)) << "the data, and what takes it";
}

TEST(SchedulerState, WhatTakesAnActorRunsWhereItLives) {
  Cluster cluster(3);
  auto actor = with_annotation(graph_of_tasks({{}}, {{0, "actor"}}), {.is_actor = true});
  cluster.from_client(actor);
  const auto given = cluster.sent<message::Compute>();
  EXPECT_TRUE(given[0].second.is_actor);
  cluster.done(given[0]);
  for (int i = 0; i < 5; ++i) {
    auto call = graph_of_tasks({{}, {0}}, {{1, "call-" + std::to_string(i)}});
    call.existing = {{0, "actor"}};
    cluster.from_client(call);
    for (const auto& one : cluster.sent<message::Compute>()) EXPECT_EQ(one.first, given[0].first);
  }
  cluster.event(WorkerGone{given[0].first, WorkerEnd::asked, std::nullopt});
  EXPECT_EQ(cluster.state.task("actor")->failure, TaskFailure::data_lost);
}

TEST(SchedulerState, RunsNoMoreTasksThanThereAreResources) {
  Cluster cluster(1, 8, 0, {{"GPU", 2}});
  cluster.from_client(with_annotation(graph_of_tasks({{}, {}, {}, {}}, {{0, "a"}, {1, "b"}, {2, "c"}, {3, "d"}}),
                                      {.resources = {{"GPU", 1}}}));
  const auto given = cluster.sent<message::Compute>();
  EXPECT_THAT(given, SizeIs(2));
  cluster.done(given[0]);
  EXPECT_THAT(cluster.sent<message::Compute>(), SizeIs(1));
}

TEST(SchedulerState, TakesWorkBackFromABusyWorkerForAnIdleOne) {
  Cluster cluster(1);
  cluster.from_client(graph_of_tasks({{}, {}}, {{0, "a"}, {1, "b"}}));
  EXPECT_THAT(cluster.sent<message::Compute>(), SizeIs(2)) << "one to run, one ahead";
  const WorkerNumber idle = cluster.join({.name = "idle"});
  const auto revoke = cluster.sent<message::Revoke>();
  ASSERT_THAT(revoke, SizeIs(1));
  cluster.from_worker(1, message::Revoked{revoke[0].second.task, revoke[0].second.attempt, true});
  ASSERT_THAT(cluster.sent<message::Compute>(), SizeIs(1));
  EXPECT_EQ(cluster.sent<message::Compute>()[0].first, idle);
}

TEST(SchedulerState, StartsNoRootsWhereMemoryIsShort) {
  Cluster cluster(1, 1, 100);
  std::vector<std::vector<std::uint32_t>> inputs(10);
  std::vector<message::NamedTask> outputs;
  for (std::uint32_t i = 0; i < 10; ++i) outputs.push_back({i, "x" + std::to_string(i)});
  cluster.from_client(graph_of_tasks(inputs, outputs));
  const auto given = cluster.sent<message::Compute>();
  ASSERT_THAT(given, SizeIs(2));
  cluster.done(given[0], 90);
  EXPECT_THAT(cluster.sent<message::Compute>(), IsEmpty());
  cluster.done(given[1], 90);
  EXPECT_THAT(cluster.sent<message::Compute>(), SizeIs(1)) << "nothing runs: waiting would not help";
}

// Pairs of roots, each with the tasks that use it up: {x0, y0, u0, v0, x1, y1, u1, v1, ...}.
message::SubmitGraph pairs_of_roots(std::uint32_t num_pairs, std::uint64_t root_bytes) {
  std::vector<std::vector<std::uint32_t>> inputs;
  std::vector<message::NamedTask> outputs;
  for (std::uint32_t i = 0; i < num_pairs; ++i) {
    const std::uint32_t x = 4 * i;
    for (const std::vector<std::uint32_t>& of_task : {{}, {}, {x, x + 1}, std::vector<std::uint32_t>{x, x + 1}})
      inputs.push_back(of_task);
    outputs.push_back({x + 2, "u" + std::to_string(i)});
    outputs.push_back({x + 3, "v" + std::to_string(i)});
  }
  auto graph = graph_of_tasks(inputs, outputs);
  graph.topology.output_bytes.assign(inputs.size(), 8);
  for (std::uint32_t i = 0; i < num_pairs; ++i)
    graph.topology.output_bytes[4 * i] = graph.topology.output_bytes[4 * i + 1] = root_bytes;
  return graph;
}
bool is_root_of_a_pair(TaskNumber task) { return index_of(task) % 4 < 2; }

TEST(SchedulerState, MakesLargeValuesThatOneTaskTakesAtOneWorkerAndUsesThemUpBeforeItMakesMore) {
  constexpr std::uint64_t kLarge = 200u << 20;
  Cluster cluster(4, 2);
  cluster.from_client(pairs_of_roots(20, kLarge));
  std::vector<std::pair<WorkerNumber, message::Compute>> running = cluster.sent<message::Compute>();
  std::map<std::uint32_t, WorkerNumber> maker_of_pair;
  std::map<WorkerNumber, std::uint64_t> most_held;
  std::size_t num_done = 0;
  while (!running.empty()) {
    // The one that was given last ends first: the order in which tasks end is not theirs.
    const auto ended = running.back();
    running.pop_back();
    const TaskNumber task = ended.second.task;
    const bool is_root = is_root_of_a_pair(task);
    const auto [maker, is_first] = maker_of_pair.try_emplace(index_of(task) / 4, ended.first);
    EXPECT_EQ(maker->second, ended.first) << index_of(task);
    cluster.done(ended, is_root ? kLarge : 8);
    EXPECT_THAT(cluster.sent<message::Provide>(), IsEmpty());
    for (const auto& given : cluster.sent<message::Compute>()) running.push_back(given);
    for (const WorkerInfo& worker : cluster.state.workers()) {
      const auto roots = std::ranges::count_if(worker.processing, is_root_of_a_pair);
      most_held[worker.worker] =
          std::max(most_held[worker.worker], worker.held_bytes + static_cast<std::uint64_t>(roots) * kLarge);
    }
    ++num_done;
  }
  EXPECT_EQ(num_done, 80u);
  for (const auto& [worker, bytes] : most_held) EXPECT_LT(bytes, 3 * kLarge) << worker;
  EXPECT_THAT(most_held, SizeIs(4)) << "all take part";
}

TEST(SchedulerState, GivesSiblingsToOthersWhenTheirWorkerIsSilentOrGone) {
  for (const bool is_gone : {false, true}) {
    Cluster cluster(1, 1);
    cluster.from_client(pairs_of_roots(4, 200u << 20));
    auto running = cluster.sent<message::Compute>();
    ASSERT_FALSE(running.empty());
    const auto also_running = [&] {
      for (const auto& given : cluster.sent<message::Compute>()) running.push_back(given);
    };
    if (is_gone) {
      running.clear();
      cluster.event(WorkerGone{1, WorkerEnd::asked, std::nullopt});
    } else {
      cluster.event(WorkerSilent{1, true});
    }
    const WorkerNumber other = cluster.join({.name = "other"});
    also_running();
    EXPECT_EQ(running.back().first, other);
    // What the silent one was given it does, late.
    while (!running.empty()) {
      const auto ended = running.back();
      running.pop_back();
      cluster.done(ended, 200u << 20);
      also_running();
      for (const auto& [from, provide] : cluster.sent<message::Provide>()) {
        cluster.from_worker(from, message::Provided{provide.task, provide.transfer, true});
        also_running();
      }
    }
    EXPECT_EQ(cluster.state.task("u3")->state, SchedulerTaskState::in_memory) << is_gone;
    EXPECT_EQ(cluster.state.counts().in_memory, 8u);
  }
}

TEST(SchedulerState, ALargeValueThatIsKeptKeepsNoOthersFromBeingMade) {
  Cluster cluster(1, 2);
  auto graph = graph_of_tasks({{}, {}, {}, {}}, {{0, "a"}, {1, "b"}, {2, "c"}, {3, "d"}});
  graph.topology.output_bytes.assign(4, 200u << 20);
  cluster.from_client(graph);
  const auto first = cluster.sent<message::Compute>();
  ASSERT_THAT(first, SizeIs(2));
  cluster.done(first[0], 200u << 20);
  EXPECT_THAT(cluster.sent<message::Compute>(), SizeIs(1));
}

TEST(SchedulerState, MovesWhatARetiredWorkerHoldsBeforeItCloses) {
  Cluster cluster(2);
  cluster.from_client(graph_of_tasks({{}}, {{0, "x"}}));
  const auto given = cluster.sent<message::Compute>();
  cluster.done(given[0]);
  cluster.from_client(message::Retire{3, {std::to_string(given[0].first)}, true});
  EXPECT_THAT(cluster.sent<message::Close>(), IsEmpty());
  const auto provide = cluster.sent<message::Provide>();
  ASSERT_THAT(provide, SizeIs(1));
  cluster.from_worker(given[0].first, message::Provided{provide[0].second.task, provide[0].second.transfer, true});
  cluster.event(Tick{});
  EXPECT_THAT(cluster.sent<message::Close>(), SizeIs(1));
  EXPECT_THAT(cluster.told<message::Done>(), SizeIs(1));
  cluster.event(WorkerGone{given[0].first, WorkerEnd::asked, std::nullopt});
  EXPECT_EQ(cluster.state.task("x")->state, SchedulerTaskState::in_memory);
}

TEST(SchedulerState, TakesBackTheValuesOfAWorkerThatWasGivenUp) {
  Cluster cluster(1);
  cluster.from_client(graph_of_tasks({{}}, {{0, "x"}}));
  const TaskNumber task = cluster.sent<message::Compute>()[0].second.task;
  cluster.event(WorkerGone{1, WorkerEnd::asked, std::nullopt});
  cluster.join({.name = "back", .held = {{task, 8}, {task_number(99, 0), 8}}});
  EXPECT_EQ(cluster.state.task("x")->state, SchedulerTaskState::in_memory);
  ASSERT_THAT(cluster.sent<message::Forget>(), SizeIs(1));
  EXPECT_THAT(cluster.sent<message::Forget>()[0].second.tasks, ElementsAre(task_number(99, 0)));
}

TEST(SchedulerState, ForgetsEverythingWhenItIsRestarted) {
  Cluster cluster(2);
  cluster.from_client(graph_of_tasks({{}, {0}}, {{0, "x"}, {1, "y"}}));
  cluster.from_client(message::Restart{1});
  EXPECT_EQ(cluster.state.counts().num_tasks, 0u);
  ASSERT_THAT(cluster.told<message::KeysCancelled>(), SizeIs(1));
  EXPECT_THAT(cluster.told<message::KeysCancelled>()[0].keys, ElementsAre("x", "y"));
  EXPECT_THAT(cluster.told<message::Done>(), SizeIs(1));
}

TEST(SchedulerState, RefusesAGraphThatPointsOutsideItself) {
  Cluster cluster(1);
  auto graph = graph_of_tasks({{}, {0}}, {{1, "x"}});
  graph.topology.inputs = {7};
  cluster.from_client(graph);
  EXPECT_THAT(cluster.told<message::Refused>(), SizeIs(1));
  graph = graph_of_tasks({{}}, {{5, "x"}});
  cluster.from_client(graph);
  EXPECT_THAT(cluster.told<message::Refused>(), SizeIs(1));
  EXPECT_EQ(cluster.state.counts().num_tasks, 0u);
}

TEST(SchedulerState, AsksForWorkersAsThereIsWorkAndForNoneWhenThereIsNothing) {
  Cluster cluster(1);
  EXPECT_EQ(cluster.state.adaptive_target(), 0u);
  std::vector<std::vector<std::uint32_t>> inputs(100);
  cluster.from_client(graph_of_tasks(inputs, {{0, "x"}, {1, "y"}, {2, "z"}}));
  EXPECT_GE(cluster.state.adaptive_target(), 2u);
  cluster.from_client(message::Release{{"x", "y", "z"}});
  EXPECT_EQ(cluster.state.adaptive_target(), 0u);
  cluster.join({.name = "second"});
  EXPECT_THAT(cluster.state.workers_to_close(1), ElementsAre(2u));
}

TEST(SchedulerState, TellsWhatHasHappenedToATaskAndWhatBlocks) {
  Cluster cluster(0);
  cluster.from_client(graph_of_tasks({{}}, {{0, "x"}}));
  EXPECT_THAT(cluster.state.what_blocks(), testing::Contains("there is no worker"));
  cluster.join({.name = "1"});
  EXPECT_THAT(cluster.state.what_blocks(), IsEmpty());
  const auto story = cluster.state.story(cluster.state.task("x")->task);
  ASSERT_FALSE(story.empty());
  EXPECT_THAT(story.back(), testing::HasSubstr("given to worker 1"));
}

}  // namespace
}  // namespace plait
