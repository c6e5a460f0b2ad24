// What RunState decides, event by event. Random runs: run_state_simulation_test.cpp.
#include "runtime/run_state.h"

#include <gmock/gmock.h>

#include "runtime/run_state_testing.h"

namespace plait {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing_run_state::any_call;
using testing_run_state::graph_of;

TEST(RunState, DropsAValueOnceItsLastConsumerHasFinished) {
  const Graph graph = graph_of({{}, {{0}}, {{0}}, {{1, 2}}}, {3});
  RunState state(graph, 1000);
  Actions actions;
  auto run_next = [&] {
    actions.clear();
    state.handle(WorkerFree{}, actions);
    const FinishedTask finished{actions.start.at(0), 10};
    actions.clear();
    state.handle(TasksFinished{std::span(&finished, 1)}, actions);
    return finished.task;
  };
  EXPECT_EQ(run_next(), 0u);
  EXPECT_EQ(run_next(), 1u);
  EXPECT_THAT(actions.release, IsEmpty());
  EXPECT_EQ(run_next(), 2u);
  EXPECT_THAT(actions.release, ElementsAre(0));
  EXPECT_EQ(run_next(), 3u);
  EXPECT_THAT(actions.release, ElementsAre(1, 2));
  EXPECT_TRUE(state.finished());
  EXPECT_EQ(state.used_bytes(), 10u);
}

TEST(RunState, CountsAValueOfTheGraphOnlyIfTheRunCopiesIt) {
  Graph graph;
  const LayerId layer = graph.add_layer({.name = "data-1", .op = "data", .grid = {2}});
  register_base_value_types();
  register_graph_kernels();
  for (std::uint32_t block = 0; block < 2; ++block)
    graph.add_output(graph.add_value(Value::of(NdArray::zeros(DType::float64, {100})), layer, block));
  const std::vector<TaskId> copied = {1};
  RunState state(graph, 10'000, {}, copied);
  Actions actions;
  state.handle(WorkerFree{.max_tasks = 2, .max_ns = 1'000'000'000}, actions);
  const std::vector<FinishedTask> finished = {{0, 800, 1}, {1, 800, 1}};
  while (actions.start.size() < 2) state.handle(WorkerFree{.max_tasks = 2, .max_ns = 1'000'000'000}, actions);
  EXPECT_EQ(state.used_bytes(), 800u) << "while they are made";
  state.handle(TasksFinished{finished}, actions);
  EXPECT_EQ(state.used_bytes(), 800u);
  state.check_invariants();
}

TEST(RunState, StartsAFailedTaskAgainUntilItsRetriesAreUsedUp) {
  const Graph graph = graph_of({{}, {{0}}}, {1});
  RunState state(graph, 1000);
  state.allow_retries(1);
  EXPECT_FALSE(state.has_single_use(0)) << "it may be needed again";
  Actions actions;
  state.handle(WorkerFree{}, actions);
  const FinishedTask finished{0, 10};
  state.handle(TasksFinished{std::span(&finished, 1)}, actions);
  for (const bool is_last : {false, true}) {
    actions.clear();
    state.handle(WorkerFree{}, actions);
    ASSERT_THAT(actions.start, ElementsAre(1));
    state.handle(TaskFailed{1}, actions);
    state.check_invariants();
    EXPECT_EQ(state.failure() == RunFailure::task_failed, is_last);
  }
}

TEST(RunState, DoesNotStartAgainWhatWasInterrupted) {
  const Graph graph = graph_of({{}}, {0});
  RunState state(graph, 1000);
  state.allow_retries(1);
  Actions actions;
  state.handle(WorkerFree{}, actions);
  state.handle(TaskFailed{.task = 0, .was_interrupted = true}, actions);
  EXPECT_EQ(state.failure(), RunFailure::task_failed);
}

TEST(RunState, SpillsTheValueThatIsNeededLast) {
  // Task 4 needs 40 bytes when 130 of 140 are taken: by 0 and 2 (next needed by 6), 1 (by 5) and 3 (by 4 itself).
  const Graph graph =
      graph_of({{{}, 40}, {{0}, 40}, {{1, 0}, 10}, {{}, 40}, {{3}, 40}, {{3, 4, 1}, 10}, {{0, 2, 5}, 10}}, {6});
  RunState state(graph, 140);
  std::vector<TaskId> started;
  std::vector<TaskId> spilled;
  while (!state.finished()) {
    Actions actions;
    state.handle(WorkerFree{.max_tasks = 1}, actions);
    state.check_invariants();
    ASSERT_LE(state.used_bytes(), 140u);
    const Actions now = actions;
    ASSERT_FALSE(now.start.empty() && now.spill.empty() && now.load.empty());
    for (TaskId task : now.spill) {
      spilled.push_back(task);
      state.handle(Spilled{task, true}, actions);
    }
    for (TaskId task : now.load) state.handle(Loaded{task, true}, actions);
    for (TaskId task : now.start) {
      started.push_back(task);
      const FinishedTask finished{task, graph.task(task).output_bytes};
      state.handle(TasksFinished{std::span(&finished, 1)}, actions);
    }
  }
  EXPECT_THAT(started, ElementsAre(0, 1, 2, 3, 4, 5, 6));
  EXPECT_THAT(spilled, ElementsAre(0));
}

TEST(RunState, TakesLongTasksSinglyAndShortOnesInBatches) {
  Graph graph;
  const LayerId layer = graph.add_layer({.name = "t", .op = "t", .grid = {100}});
  for (std::uint32_t i = 0; i < 100; ++i) graph.add_task(any_call(), {}, layer, i);
  RunState state(graph, 1000);
  Actions actions;
  state.handle(WorkerFree{.max_tasks = 50, .max_ns = 1000}, actions);
  EXPECT_THAT(actions.start, ElementsAre(0)) << "nothing is known of the layer yet";
  const FinishedTask quick{0, 0, 100};
  state.handle(TasksFinished{std::span(&quick, 1)}, actions);
  actions.clear();
  state.handle(WorkerFree{.max_tasks = 50, .max_ns = 1000}, actions);
  EXPECT_EQ(actions.start.size(), 10u);
  const FinishedTask slow{1, 0, 5000};
  state.handle(TasksFinished{std::span(&slow, 1)}, actions);
  actions.clear();
  state.handle(WorkerFree{.max_tasks = 50, .max_ns = 1000}, actions);
  EXPECT_EQ(actions.start.size(), 1u);
}

TEST(RunState, LetsAValueFallIntoItsItems) {
  Graph graph;
  const LayerId layer = graph.add_layer({.name = "t", .op = "t", .grid = {3}});
  const LayerId items = graph.add_layer({.name = "i", .op = "i", .grid = {2}});
  const TaskId whole = graph.add_task(any_call(), {}, layer, 0);
  const TaskId first = graph.add_task(item_kernel({2}), std::span(&whole, 1), items, 0);
  const TaskId second = graph.add_task(item_kernel({2}), std::span(&whole, 1), items, 1);
  graph.add_output(graph.add_task(any_call(), std::span(&first, 1), layer, 1));
  graph.add_output(graph.add_task(any_call(), std::span(&second, 1), layer, 2));
  RunState state(graph, 1000);
  EXPECT_TRUE(state.is_only_items(whole));
  Actions actions;
  state.handle(WorkerFree{.max_tasks = 1}, actions);
  EXPECT_THAT(actions.start, ElementsAre(whole));
  const FinishedTask finished{whole, 100};
  state.handle(TasksFinished{std::span(&finished, 1)}, actions);
  EXPECT_THAT(state.wanted_items(whole), ElementsAre(first, second));
  const std::vector<FinishedTask> parts = {{first, 30}, {second, 70}};
  actions.clear();
  state.handle(Divided{whole, parts}, actions);
  state.check_invariants();
  EXPECT_THAT(actions.release, ElementsAre(whole));
  EXPECT_EQ(state.used_bytes(), 100u) << "the items, and the whole no more";
  actions.clear();
  state.handle(WorkerFree{.max_tasks = 1}, actions);
  EXPECT_THAT(actions.start, ElementsAre(3)) << "no task was needed for the items";
}

TEST(RunState, StartsLessWhenTheProcessTakesMoreThanTheBooksSay) {
  const Graph graph = graph_of({{{}, 40}, {{}, 40}, {{0, 1}, 1}}, {2});
  for (const std::uint64_t taken : {0, 90}) {
    RunState state(graph, 100);
    Actions actions;
    state.handle(WorkerFree{.max_tasks = 1}, actions);
    state.handle(MemoryMeasured{.taken_bytes = taken}, actions);
    state.handle(WorkerFree{.max_tasks = 1}, actions);
    EXPECT_EQ(actions.start.size(), taken == 0 ? 2u : 1u);
  }
}

TEST(RunState, ReservesForATaskWhatOthersOfItsLayerTook) {
  Graph graph;
  const LayerId sources = graph.add_layer({.name = "s", .op = "s", .grid = {4}});
  const LayerId layer = graph.add_layer({.name = "t", .op = "t", .grid = {4}});
  for (std::uint32_t i = 0; i < 4; ++i) graph.add_task(any_call(), {}, sources, i);
  for (TaskId source = 0; source < 4; ++source)
    graph.add_output(graph.add_task(any_call(), std::span(&source, 1), layer, source));
  RunState state(graph, 1000);
  const auto start = [&] {
    Actions actions;
    state.handle(WorkerFree{.max_tasks = 1}, actions);
    return actions.start.empty() ? graph.size() : actions.start.front();
  };
  const auto finish = [&](const FinishedTask& task) {
    Actions actions;
    state.handle(TasksFinished{std::span(&task, 1)}, actions);
  };
  // The bytes that are reserved for the next task of the layer, whose input takes `input_bytes`.
  const auto reserved = [&](std::uint64_t input_bytes, std::uint64_t peak_bytes) {
    finish({.task = static_cast<TaskId>(start()), .num_bytes = input_bytes});
    const std::uint64_t before = state.used_bytes();
    const auto task = static_cast<TaskId>(start());
    const std::uint64_t bytes = state.used_bytes() - before;
    state.check_invariants();
    finish({.task = task, .num_bytes = 10, .peak_bytes = peak_bytes});
    return bytes;
  };
  EXPECT_EQ(reserved(50, 200), 100u) << "twice as much as its input: nothing is known yet";
  EXPECT_EQ(reserved(50, 100), 200u);
  EXPECT_EQ(reserved(100, 100), 400u) << "for an input of twice the size twice as much";
  EXPECT_EQ(reserved(10, 100), 200u);
}

}  // namespace
}  // namespace plait
