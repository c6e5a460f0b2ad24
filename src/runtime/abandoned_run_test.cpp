// Runs that are cancelled while a task does not stop: it ends alone, later, and touches only what is still there.
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <latch>

#include "base/function.h"
#include "runtime/executor.h"

namespace plait {
namespace {

struct Interrupt {};

struct TransitionCounter : Observer {
  std::atomic<int> num_heard = 0;
  std::atomic<int> num_failed_runs = 0;
  void task_started(const Graph&, TaskId, int, Clock::time_point) override { ++num_heard; }
  void task_finished(const Graph&, TaskId, int, Clock::time_point, const TaskYield&) override { ++num_heard; }
  void run_finished(const Graph&, bool failed) override { num_failed_runs += failed; }
};

// Something to own, and a way to learn that nobody owns it any more.
struct Owned {
  std::shared_ptr<void> owner;
  std::future<void> gone;

  Owned() {
    auto promise = std::make_shared<std::promise<void>>();
    gone = promise->get_future();
    owner = std::shared_ptr<void>(promise.get(), [promise](void*) { promise->set_value(); });
  }
  bool is_gone() const { return gone.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }
};

std::vector<Value> run_with_two_workers(Graph graph, RunOptions options) {
  options.num_workers = 2;
  return executor_named("threads").run(std::move(graph), std::move(options));
}

// What an abandoned run goes through: "stuck" waits at the gate and asks nobody whether it should stop, while the other
// worker gets as far as it can without it.
class AbandonedRun : public testing::Test {
 protected:
  void SetUp() override { register_graph_kernels(); }

  // made -> tick -> tock, and "after" takes the values of `made` and `stuck`.
  Graph graph() {
    Graph graph;
    const LayerId layer = graph.add_layer({.name = "work-1", .op = "work", .grid = {5}});
    std::uint32_t block = 0;
    auto add = [&](std::vector<TaskId> inputs, Function::Run run) {
      return graph.add_task(call_kernel(Function("work", std::move(run))), inputs, layer, block++);
    };
    const TaskId stuck = add({}, [this, owner = run_.owner](Inputs, const TaskContext& context) {
      begun_.count_down();
      gate_.wait();
      NdArray made = context.output(DType::float64, {1000});
      std::fill_n(made.mutable_data<double>(), 1000, 7.0);
      return Value::of(made);
    });
    const TaskId made = add({}, [this](Inputs, const TaskContext&) {
      NdArray array = NdArray::zeros(DType::float64, {100});
      made_ = array.owner();
      return Value::of(std::move(array));
    });
    const TaskId tick = add({made}, [](Inputs, const TaskContext&) { return one(); });
    // When this begins, nothing works on the value of `made` any more, but it is kept for "after".
    const TaskId tock = add({tick}, [this](Inputs, const TaskContext&) {
      begun_.count_down();
      return one();
    });
    const TaskId after = add({made, stuck, tock}, [](Inputs, const TaskContext&) { return one(); });
    graph.add_output(stuck);
    graph.add_output(after);
    run_.owner.reset();
    return graph;
  }

  static Value one() { return Value::of(NdArray::scalar<std::int64_t>(1)); }

  void run_and_interrupt(RunOptions options) {
    options.poll = [this] {
      begun_.wait();
      throw Interrupt();
    };
    EXPECT_THROW(run_with_two_workers(graph(), std::move(options)), Interrupt);
  }

  void let_the_stuck_task_end() {
    gate_.count_down();
    run_.gone.wait();
  }

  std::latch begun_{2};
  std::latch gate_{1};
  Owned run_;  // owned by a kernel of the graph: gone when the run's last part is
  std::weak_ptr<const void> made_;
};

TEST_F(AbandonedRun, IsLeftByItsCallerWhileATaskIsStuck) {
  run_and_interrupt({});
  EXPECT_FALSE(run_.is_gone());
  let_the_stuck_task_end();
}

TEST_F(AbandonedRun, LeavesEveryWorkerToTheNextRun) {
  run_and_interrupt({});
  std::latch both_there(2);
  Graph next;
  const LayerId layer = next.add_layer({.name = "meet-1", .op = "meet", .grid = {2}});
  for (std::uint32_t i = 0; i < 2; ++i) {
    const Function meet("meet", [&](Inputs, const TaskContext&) {
      both_there.arrive_and_wait();
      return one();
    });
    next.add_output(next.add_task(call_kernel(meet), {}, layer, i));
  }
  EXPECT_EQ(run_with_two_workers(std::move(next), {}).size(), 2u);
  let_the_stuck_task_end();
}

TEST_F(AbandonedRun, TellsObserversNothingOnceItsCallerIsBack) {
  TransitionCounter counter;
  run_and_interrupt({.observers = {&counter}});
  const int num_heard = counter.num_heard;
  EXPECT_GE(num_heard, 6);  // made, tick and tock started; stuck, made and tick at least have told more
  EXPECT_EQ(counter.num_failed_runs, 1);
  let_the_stuck_task_end();
  EXPECT_EQ(counter.num_heard, num_heard);
  EXPECT_EQ(counter.num_failed_runs, 1);
}

TEST_F(AbandonedRun, KeepsThePlaceThatItsTaskWritesTo) {
  std::vector<NdArray> places = {NdArray::empty(DType::float64, {1000}), NdArray()};
  const std::weak_ptr<const void> memory = places[0].owner();
  run_and_interrupt({.destinations = std::move(places)});
  EXPECT_FALSE(memory.expired());
  let_the_stuck_task_end();
  EXPECT_TRUE(memory.expired());
}

TEST_F(AbandonedRun, LetsGoAtOnceOfValuesThatNoTaskWorksOn) {
  run_and_interrupt({});
  EXPECT_TRUE(made_.expired());
  let_the_stuck_task_end();
}

}  // namespace
}  // namespace plait
