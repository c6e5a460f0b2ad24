#include "scheduler/worker_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plait {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class OneWorker {
 public:
  explicit OneWorker(const WorkerOptions& options = {}) : state(options) {}

  void receive(const message::ToWorker& message) {
    out.clear();
    state.handle(message, ++now, out);
    state.validate();
  }
  template <class Event>
  void event(const Event& one) {
    out.clear();
    state.handle(one, ++now, out);
    state.validate();
  }
  void finish(TaskNumber task, std::uint64_t num_bytes = 8) {
    event(worker_event::Finished{
        .task = task, .attempt = 1, .num_bytes = num_bytes, .duration_ns = 1000, .peak_bytes = num_bytes});
  }
  template <class Action>
  std::vector<TaskNumber> tasks() const {
    std::vector<TaskNumber> found;
    for (const WorkerAction& action : out)
      if (const auto* one = std::get_if<Action>(&action)) found.push_back(one->task);
    return found;
  }
  template <class Message>
  std::vector<Message> sent() const {
    std::vector<Message> found;
    for (const WorkerAction& action : out)
      if (const auto* send = std::get_if<worker_action::Send>(&action))
        if (const auto* message = std::get_if<Message>(&send->message)) found.push_back(*message);
    return found;
  }

  WorkerState state;
  WorkerActions out;
  Time now = 0;
};

message::Compute compute(TaskNumber task, std::vector<TaskNumber> inputs = {}, std::uint64_t order = 0) {
  return {.task = task, .attempt = 1, .inputs = std::move(inputs), .order = order};
}

TEST(WorkerState, RunsTasksInTheOrderOfTheirPrioritiesAsThreadsAreFree) {
  OneWorker worker;
  worker.receive(compute(1));
  EXPECT_THAT(worker.tasks<worker_action::Execute>(), ElementsAre(1u));
  worker.receive(compute(2, {}, 20));
  worker.receive(compute(3, {}, 10));
  EXPECT_THAT(worker.tasks<worker_action::Execute>(), IsEmpty());
  worker.finish(1);
  EXPECT_THAT(worker.sent<message::TaskDone>(), SizeIs(1));
  EXPECT_THAT(worker.tasks<worker_action::Execute>(), ElementsAre(3u));
}

TEST(WorkerState, WaitsForInputsAndTakesAMessageThatComesTwiceOnce) {
  OneWorker worker;
  worker.receive(compute(2, {1, 1}));
  worker.receive(compute(2, {1, 1}));
  EXPECT_THAT(worker.out, IsEmpty());
  worker.receive(message::Deliver{1, 8});
  EXPECT_THAT(worker.tasks<worker_action::Keep>(), ElementsAre(1u));
  EXPECT_THAT(worker.tasks<worker_action::Execute>(), ElementsAre(2u));
  worker.receive(message::Deliver{1, 8});
  EXPECT_THAT(worker.out, IsEmpty());
  worker.finish(2);
  worker.finish(2);
  EXPECT_THAT(worker.out, IsEmpty());
}

TEST(WorkerState, SpillsTheValueThatWasTouchedLongestAgoToMakeRoom) {
  OneWorker worker({.memory_limit_bytes = 100, .target = 0.6});
  worker.receive(message::Deliver{1, 30});
  worker.receive(message::Deliver{2, 25});
  auto task = compute(3);
  task.output_bytes = 20;
  worker.receive(task);
  EXPECT_THAT(worker.tasks<worker_action::Spill>(), ElementsAre(1u));
  EXPECT_THAT(worker.tasks<worker_action::Execute>(), IsEmpty());
  worker.event(worker_event::Spilled{1, true});
  EXPECT_THAT(worker.tasks<worker_action::Unload>(), ElementsAre(1u));
  EXPECT_THAT(worker.tasks<worker_action::Execute>(), ElementsAre(3u));
  worker.finish(3, 20);
  // What takes the value reads it back first.
  worker.receive(message::Forget{{2, 3}});
  worker.receive(compute(4, {1}));
  EXPECT_THAT(worker.tasks<worker_action::Load>(), ElementsAre(1u));
  worker.event(worker_event::Loaded{1, true});
  EXPECT_THAT(worker.tasks<worker_action::Execute>(), ElementsAre(4u));
}

TEST(WorkerState, SaysThatADamagedCopyIsLostAndWaitsForAnother) {
  OneWorker worker({.memory_limit_bytes = 100});
  worker.receive(message::Deliver{1, 50});
  worker.event(worker_event::MemoryMeasured{90});
  worker.event(worker_event::Spilled{1, true});
  worker.event(worker_event::MemoryMeasured{0});
  worker.receive(compute(2, {1}));
  EXPECT_THAT(worker.tasks<worker_action::Load>(), ElementsAre(1u));
  worker.event(worker_event::Loaded{1, false});
  EXPECT_THAT(worker.sent<message::Lost>(), SizeIs(1));
  EXPECT_EQ(worker.state.num_tasks(), 1u);
  worker.receive(message::Deliver{1, 50});
  EXPECT_THAT(worker.tasks<worker_action::Execute>(), ElementsAre(2u));
}

TEST(WorkerState, ATaskWhoseInputIsDamagedWaitsForAnotherCopy) {
  OneWorker worker;
  worker.receive(message::Deliver{1, 50});
  worker.receive(compute(2, {1}));
  worker.event(worker_event::InputDamaged{2, 1, 1});
  EXPECT_EQ(worker.sent<message::Lost>()[0].task, 1u);
  EXPECT_THAT(worker.sent<message::TaskErred>(), IsEmpty());
  EXPECT_EQ(worker.state.num_executing(), 0u);
  EXPECT_EQ(worker.state.num_tasks(), 1u);
  worker.event(worker_event::InputDamaged{2, 1, 1});
  EXPECT_THAT(worker.out, IsEmpty()) << "said twice";
  worker.receive(message::Deliver{1, 50});
  EXPECT_THAT(worker.tasks<worker_action::Execute>(), ElementsAre(2u));
}

TEST(WorkerState, AStoppedTaskWhoseInputIsDamagedFreesItsThread) {
  OneWorker worker;
  worker.receive(message::Deliver{1, 50});
  worker.receive(compute(2, {1}));
  worker.receive(compute(3));
  worker.receive(message::Forget{{2}});
  worker.event(worker_event::InputDamaged{2, 1, 1});
  EXPECT_THAT(worker.sent<message::Lost>(), SizeIs(1));
  EXPECT_THAT(worker.tasks<worker_action::Execute>(), ElementsAre(3u));
}

TEST(WorkerState, GivesBackWhatItHasNotBegun) {
  OneWorker worker;
  worker.receive(compute(1));
  worker.receive(compute(2));
  worker.receive(message::Revoke{1, 1});
  EXPECT_FALSE(worker.sent<message::Revoked>()[0].ok);
  worker.receive(message::Revoke{2, 1});
  EXPECT_TRUE(worker.sent<message::Revoked>()[0].ok);
  worker.finish(1);
  EXPECT_THAT(worker.tasks<worker_action::Execute>(), IsEmpty());
}

TEST(WorkerState, StopsAForgottenTaskAndKeepsItsThreadUntilItHasStopped) {
  OneWorker worker;
  worker.receive(compute(1));
  worker.receive(compute(2));
  worker.receive(message::Forget{{1}});
  EXPECT_THAT(worker.tasks<worker_action::Interrupt>(), ElementsAre(1u));
  EXPECT_THAT(worker.tasks<worker_action::Execute>(), IsEmpty());
  worker.event(worker_event::Stopped{1, 1});
  EXPECT_THAT(worker.tasks<worker_action::Execute>(), ElementsAre(2u));
}

TEST(WorkerState, AForgottenTaskThatDoesNotStopLeavesItsPlaceToAnother) {
  OneWorker worker;
  worker.receive(compute(1));
  worker.receive(compute(2));
  worker.event(worker_event::DoesNotStop{1, 1});
  EXPECT_THAT(worker.out, IsEmpty()) << "nobody has told it to";
  worker.receive(message::Forget{{1}});
  worker.event(worker_event::DoesNotStop{1, 1});
  EXPECT_THAT(worker.tasks<worker_action::ReplaceThread>(), ElementsAre(1u));
  EXPECT_THAT(worker.tasks<worker_action::Execute>(), ElementsAre(2u));
  worker.event(worker_event::DoesNotStop{1, 1});
  EXPECT_THAT(worker.out, IsEmpty());
  worker.receive(compute(3));
  worker.event(worker_event::Stopped{1, 1});
  EXPECT_THAT(worker.tasks<worker_action::Execute>(), IsEmpty());
  worker.finish(2);
  EXPECT_THAT(worker.tasks<worker_action::Execute>(), ElementsAre(3u));
}

TEST(WorkerState, TasksThatDoNotStopAreNotWithoutNumber) {
  OneWorker worker;
  std::size_t num_replaced = 0;
  for (TaskNumber task = 1; task < 30; ++task) {
    worker.receive(compute(task));
    worker.receive(message::Forget{{task}});
    worker.event(worker_event::DoesNotStop{task, 1});
    num_replaced += worker.tasks<worker_action::ReplaceThread>().size();
  }
  EXPECT_EQ(num_replaced, 8u);
}

TEST(WorkerState, TriesToSpillAgainSomeTimeAfterTheDiskWasFull) {
  OneWorker worker({.memory_limit_bytes = 100});
  worker.receive(message::Deliver{1, 50});
  worker.receive(message::Deliver{2, 20});
  worker.event(worker_event::MemoryMeasured{90});
  EXPECT_THAT(worker.tasks<worker_action::Spill>(), ElementsAre(1u));
  worker.event(worker_event::Spilled{1, false, false});
  worker.event(worker_event::MemoryMeasured{90});
  EXPECT_THAT(worker.tasks<worker_action::Spill>(), IsEmpty());
  worker.now += 3'000'000'000;
  worker.event(worker_event::MemoryMeasured{90});
  EXPECT_THAT(worker.tasks<worker_action::Spill>(), ElementsAre(1u));
}

TEST(WorkerState, FailsATaskThatCanNeverFit) {
  OneWorker worker({.memory_limit_bytes = 100});
  auto task = compute(1);
  task.output_bytes = 200;
  worker.receive(task);
  ASSERT_THAT(worker.sent<message::TaskErred>(), SizeIs(1));
  EXPECT_EQ(worker.sent<message::TaskErred>()[0].failure, TaskFailure::never_fits);
}

TEST(WorkerState, ATaskThatSecedesLeavesItsThreadToAnother) {
  OneWorker worker;
  worker.receive(compute(1));
  worker.receive(compute(2));
  worker.event(worker_event::Seceded{1, 1, false});
  EXPECT_THAT(worker.sent<message::Seceded>(), SizeIs(1));
  EXPECT_THAT(worker.tasks<worker_action::Execute>(), ElementsAre(2u));
}

TEST(WorkerState, PausesWhileTheProcessIsTooLargeAndSomethingCanBeFreed) {
  OneWorker worker({.nthreads = 2, .memory_limit_bytes = 100});
  worker.receive(compute(1));
  worker.event(worker_event::MemoryMeasured{95});
  ASSERT_THAT(worker.sent<message::WorkerStatus>(), SizeIs(1));
  EXPECT_TRUE(worker.state.is_paused());
  worker.receive(compute(2));
  EXPECT_THAT(worker.tasks<worker_action::Execute>(), IsEmpty());
  worker.finish(1, 30);
  EXPECT_EQ(worker.state.num_executing(), 0u) << "the value may go to disk";
  EXPECT_THAT(worker.tasks<worker_action::Spill>(), ElementsAre(1u)) << "at once, not when memory is measured again";
  worker.receive(message::Forget{{1}});
  EXPECT_EQ(worker.state.num_executing(), 1u) << "nothing is left that could be freed: waiting would not help";
}

TEST(WorkerState, RunsOneTaskAfterTheOtherIfTheProcessIsTooLargeWithoutItsValues) {
  OneWorker worker({.nthreads = 2, .memory_limit_bytes = 100});
  worker.event(worker_event::MemoryMeasured{300});
  for (TaskNumber task = 1; task <= 4; ++task) worker.receive(compute(task));
  for (TaskNumber task = 1; task <= 3; ++task) {
    EXPECT_EQ(worker.state.num_executing(), 1u) << task;
    worker.finish(task, 8);
    worker.event(worker_event::MemoryMeasured{300});
    EXPECT_THAT(worker.tasks<worker_action::Spill>(), IsEmpty()) << "what fits into a quarter of the limit stays";
  }
}

TEST(WorkerState, KeepsItsValuesWhenTheSessionEndsAndDropsItsTasks) {
  OneWorker worker;
  worker.receive(message::Deliver{1, 8});
  worker.receive(compute(2, {1}));
  worker.receive(compute(3, {9}));
  worker.event(worker_event::SessionEnded{});
  EXPECT_THAT(worker.tasks<worker_action::Interrupt>(), ElementsAre(2u));
  EXPECT_EQ(worker.state.num_tasks(), 0u);
  ASSERT_THAT(worker.state.held(), SizeIs(1));
  EXPECT_EQ(worker.state.held()[0].task, 1u);
}

TEST(WorkerState, SendsAResultThatIsWaitedForWithoutBeingAsked) {
  OneWorker worker;
  auto task = compute(1);
  task.transfer = 5;
  worker.receive(task);
  worker.finish(1);
  EXPECT_THAT(worker.tasks<worker_action::Provide>(), ElementsAre(1u));
  worker.receive(message::Provide{99, 6});
  ASSERT_THAT(worker.sent<message::Provided>(), SizeIs(1));
  EXPECT_FALSE(worker.sent<message::Provided>()[0].ok);
}

}  // namespace
}  // namespace plait
