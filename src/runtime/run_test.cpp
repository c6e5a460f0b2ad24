// Submitted runs and the futures of their outputs, with every executor.
#include "runtime/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "runtime/executor.h"

namespace plait {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct RunTestParams {
  std::int64_t number = 0;
  static constexpr auto fields = std::tuple{&RunTestParams::number};
};

constinit KernelId<RunTestParams> zeros{"run_test_zeros"};  // as many as the parameter says
constinit KernelId<> endless{"run_test_endless"};           // until the run is cancelled
constinit KernelId<> fail{"run_test_fail"};

bool define_kernels() {
  register_base_value_types();
  register_graph_kernels();
  define(zeros, "", [](Inputs, const RunTestParams& params, const TaskContext&) {
    return Value::of(NdArray::zeros(DType::float64, {params.number}));
  });
  define(endless, "", [](Inputs, const TaskContext& context) -> Value {
    while (true) context.check_cancelled();
  });
  define(fail, "", [](Inputs, const TaskContext&) -> Value { throw value_error("no wine"); });
  return true;
}

// Worker processes must know them, too.
[[maybe_unused]] const bool are_defined = define_kernels();

struct Interrupt {};

// A graph that says when nobody owns it any more.
struct WatchedGraph {
  std::shared_ptr<Graph> graph;
  std::future<void> gone;

  WatchedGraph() {
    auto promise = std::make_shared<std::promise<void>>();
    gone = promise->get_future();
    graph = std::shared_ptr<Graph>(new Graph, [promise](Graph* dead) {
      delete dead;
      promise->set_value();
    });
    graph->add_layer({.name = "work-1", .op = "work", .grid = {2}});
  }
  TaskId add_zeros(std::int64_t number) { return add(zeros({number}), 0); }
  TaskId add(const KernelCall& call, std::uint32_t block = 1, std::vector<TaskId> inputs = {}) {
    const TaskId task = graph->add_task(call, inputs, 0, block);
    graph->add_output(task);
    return task;
  }
};

struct EndCounter : Observer {
  std::atomic<int> num_started = 0;
  std::atomic<int> num_failed = 0;
  std::atomic<int> num_finished = 0;
  void run_started(const Graph&, int) override { ++num_started; }
  void run_finished(const Graph&, bool failed) override { ++(failed ? num_failed : num_finished); }
};

std::int64_t size_of(const Value& value) { return value.as<NdArray>().size(); }

class Runs : public testing::TestWithParam<const char*> {
 protected:
  RunPtr submit(const WatchedGraph& watched, RunOptions options = {}) {
    options.num_workers = 2;
    return executor_named(GetParam()).submit(watched.graph, std::move(options));
  }
  bool is_sync() const { return std::string(GetParam()) == "sync"; }
  bool is_processes() const { return std::string(GetParam()) == "processes"; }

  WatchedGraph watched_;
};

TEST_P(Runs, GiveAnOutputBeforeTheyAreOver) {
  watched_.add_zeros(5);
  watched_.add(endless());
  const std::vector<Future> futures = futures_of(submit(watched_));
  ASSERT_EQ(futures.size(), 2u);
  EXPECT_EQ(size_of(futures[0].value()), 5);
  EXPECT_EQ(futures[0].state(), OutputState::finished);
  EXPECT_FALSE(futures[1].is_done());
  EXPECT_EQ(futures[1].error(), nullptr);
  futures[1].cancel();
  EXPECT_EQ(futures[1].state(), OutputState::cancelled);
  EXPECT_EQ(size_of(futures[0].value()), 5) << "what was there stays";
}

TEST_P(Runs, ThatAreCancelledSayIt) {
  watched_.add_zeros(5);
  watched_.add(endless());
  const RunPtr run = submit(watched_);
  run->wait_for(0);
  run->cancel();
  try {
    run->wait();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::cancelled);
  }
  run->wait_for(1);
  EXPECT_EQ(run->state(1), OutputState::cancelled);
}

TEST_P(Runs, ThatAreOverCannotBeCancelled) {
  watched_.add_zeros(5);
  const RunPtr run = submit(watched_);
  run->wait();
  run->cancel();
  run->wait();
  EXPECT_EQ(run->state(0), OutputState::finished);
  EXPECT_EQ(run->error(), nullptr);
}

TEST_P(Runs, FailTheOutputsThatAreNotThere) {
  const TaskId there = watched_.add_zeros(5);
  watched_.add(fail(), 1, {there});
  const RunPtr run = submit(watched_);
  run->wait_for(0);
  EXPECT_THROW(run->wait(), TaskError);
  const std::vector<Future> futures = futures_of(run);
  EXPECT_EQ(size_of(futures[0].value()), 5);
  EXPECT_EQ(futures[1].state(), OutputState::failed);
  try {
    futures[1].value();
    FAIL();
  } catch (const TaskError& error) {
    EXPECT_EQ(error.fault.message, "no wine");
    EXPECT_EQ(error.fault.key, "('work-1', 1)");
  }
  EXPECT_NE(futures[1].error(), nullptr);
}

TEST_P(Runs, AreCancelledWhenTheLastFutureGoes) {
  watched_.add_zeros(5);
  watched_.add(endless());
  watched_.add_zeros(7);
  EndCounter counter;
  std::vector<Future> futures = futures_of(submit(watched_, {.observers = {&counter}}));
  watched_.graph.reset();
  futures[0].wait();
  EXPECT_EQ(counter.num_started, 1);
  futures.erase(futures.begin(), futures.begin() + 2);
  EXPECT_EQ(counter.num_failed, 0) << "somebody still wants the last output";
  futures.clear();
  EXPECT_EQ(counter.num_failed, 1);
  watched_.gone.wait();
  EXPECT_EQ(counter.num_failed, 1);
}

TEST_P(Runs, ThatNobodyWaitsForTellTheirObservers) {
  if (is_sync()) GTEST_SKIP() << "makes no progress while nobody waits";
  watched_.add_zeros(5);
  struct End : Observer {
    std::promise<bool> failed;
    void run_finished(const Graph&, bool has_failed) override { failed.set_value(has_failed); }
  } end;
  const RunPtr run = submit(watched_, {.observers = {&end}});
  EXPECT_FALSE(end.failed.get_future().get());
}

TEST_P(Runs, AreCancelledByAPollThatThrows) {
  watched_.add_zeros(5);
  watched_.add(endless());
  EndCounter counter;
  const std::vector<Future> futures = futures_of(submit(watched_, {.observers = {&counter}}));
  futures[0].wait();
  EXPECT_THROW(futures[1].wait([] { throw Interrupt(); }), Interrupt);
  EXPECT_EQ(futures[1].state(), OutputState::cancelled);
  EXPECT_EQ(counter.num_failed, 1);
}

TEST_P(Runs, ServeSeveralThreadsAtOnce) {
  watched_.add_zeros(5);
  watched_.add_zeros(7);
  const std::vector<Future> futures = futures_of(submit(watched_));
  std::vector<std::future<std::int64_t>> sizes;
  for (const std::size_t i : {0, 1, 1, 0})
    sizes.push_back(std::async(std::launch::async, [&futures, i] { return size_of(futures[i].value()); }));
  std::vector<std::int64_t> got;
  for (auto& size : sizes) got.push_back(size.get());
  EXPECT_THAT(got, ElementsAre(5, 7, 7, 5));
}

TEST_P(Runs, WithoutATaskAreOver) {
  const RunPtr run = submit(watched_);
  run->wait();
  EXPECT_EQ(run->num_outputs(), 0u);
}

TEST_P(Runs, KeepLargeValuesWhereTheyWereMade) {
  watched_.add_zeros(100'000);
  const RunPtr run = submit(watched_);
  run->wait();
  EXPECT_EQ(is_elsewhere(run->value(0)), is_processes());
  EXPECT_EQ(run->value(0).num_bytes(), 800'000u);
  EXPECT_EQ(size_of(opened(run->value(0))), 100'000);
  EXPECT_EQ(size_of(futures_of(run)[0].value()), 100'000);
}

INSTANTIATE_TEST_SUITE_P(All, Runs, testing::Values("sync", "threads", "processes"),
                         [](const auto& info) { return info.param; });

// --- Names ---

class TestExecutor final : public Executor {
 public:
  static int& num_made() {
    static int count = 0;
    return count;
  }
  TestExecutor() { ++num_made(); }
  std::string name() const override { return "test"; }
  bool shares_memory() const override { return true; }
  RunPtr submit(std::shared_ptr<const Graph> graph, RunOptions options) override {
    return executor_named("sync").submit(std::move(graph), std::move(options));
  }
};

TEST(ExecutorNames, AreRegistered) {
  register_executor("test", {"test-alias"},
                    []() -> std::unique_ptr<Executor> { return std::make_unique<TestExecutor>(); });
  EXPECT_EQ(TestExecutor::num_made(), 0);
  Executor& executor = executor_named("test");
  EXPECT_EQ(&executor_named("Test-Alias"), &executor);
  EXPECT_EQ(TestExecutor::num_made(), 1);
  WatchedGraph watched;
  watched.add_zeros(3);
  EXPECT_EQ(size_of(executor.run(watched.graph, {}).at(0)), 3);
}

TEST(ExecutorNames, HaveAliases) {
  EXPECT_EQ(executor_named("single-threaded").name(), "sync");
  EXPECT_EQ(executor_named("synchronous").name(), "sync");
  EXPECT_EQ(executor_named("Threading").name(), "threads");
  EXPECT_EQ(executor_named("multiprocessing").name(), "processes");
  EXPECT_EQ(executor_named("").name(), "threads") << "the setting";
}

TEST(ExecutorNames, AnUnknownOneIsAnsweredWithThoseThatThereAre) {
  try {
    executor_named("thread");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::value);
    EXPECT_THAT(error.what(), HasSubstr("there is no scheduler 'thread'; expected 'sync', 'threads'"));
    EXPECT_THAT(error.what(), HasSubstr("did you mean 'threads'"));
  }
}

}  // namespace
}  // namespace plait
