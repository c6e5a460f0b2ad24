#include "runtime/executor.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>

#include "base/function.h"
#include "runtime/record_executor.h"

namespace plait {
namespace {

using testing::HasSubstr;

struct AddParams {
  std::int64_t number = 0;
  static constexpr auto fields = std::tuple{&AddParams::number};
};

struct DieParams {
  std::string marker;
  static constexpr auto fields = std::tuple{&DieParams::marker};
};

constinit KernelId<AddParams> add{"test_add"};                   // the parameter and all inputs
constinit KernelId<> fail{"test_fail"};                          // throws
constinit KernelId<> fail_with_detail{"test_fail_with_detail"};  // the detail is an array of one number, 7
constinit KernelId<> throw_odd{"test_throw_odd"};                // throws what is no exception
constinit KernelId<AddParams> fill{"test_fill"};                 // 100,000 float64 of the parameter's value
constinit KernelId<> mean{"test_mean"};                          // of all elements of all inputs, as an array of one
constinit KernelId<> die{"test_die"};                            // ends its process
constinit KernelId<DieParams> die_once{"test_die_once"};         // ... if the marker file is not there, and makes it
constinit KernelId<DieParams> fail_twice{
    "test_fail_twice"};                     // then yields its input; counts by files beside the marker
constinit KernelId<> endless{"test_wait"};  // until the run is cancelled
constinit KernelId<> hang{"test_hang"};     // for ever, whether or not the run is cancelled

bool define_kernels() {
  register_base_value_types();
  register_graph_kernels();
  register_record_executor();
  define(add, "", [](Inputs inputs, const AddParams& params, const TaskContext&) {
    std::int64_t sum = params.number;
    for (const Value& input : inputs) sum += input.as<NdArray>().item<std::int64_t>();
    return Value::of(NdArray::scalar<std::int64_t>(sum));
  });
  define(fail, "", [](Inputs, const TaskContext&) -> Value { throw value_error("the cellar is empty"); });
  define(fail_with_detail, "", [](Inputs, const TaskContext&) -> Value {
    throw DetailedError(ErrorKind::io, "the cellar is wet", Value::of(NdArray::scalar<std::int64_t>(7)));
  });
  define(throw_odd, "", [](Inputs, const TaskContext&) -> Value { throw 7; });
  define(fill, "", [](Inputs, const AddParams& params, const TaskContext&) {
    NdArray array = NdArray::empty(DType::float64, {100'000});
    std::fill_n(array.mutable_data<double>(), 100'000, static_cast<double>(params.number));
    return Value::of(std::move(array));
  });
  define(mean, "", [](Inputs inputs, const TaskContext&) {
    double sum = 0;
    for (const Value& input : inputs) {
      const auto& array = input.as<NdArray>();
      sum += std::accumulate(array.data<double>(), array.data<double>() + array.size(), 0.0) /
             static_cast<double>(array.size());
    }
    return Value::of(NdArray::from<double>({1}, {sum / static_cast<double>(inputs.size())}));
  });
  define(die, "", [](Inputs, const TaskContext&) -> Value { ::_exit(3); });
  define(die_once, "", [](Inputs, const DieParams& params, const TaskContext&) -> Value {
    if (std::ifstream(params.marker).good()) return Value::of(NdArray::scalar<std::int64_t>(5));
    std::ofstream(params.marker) << "x";
    ::kill(::getpid(), SIGKILL);
    return {};
  });
  define(fail_twice, "", [](Inputs inputs, const DieParams& params, const TaskContext&) {
    for (const char* mark : {"-1", "-2"}) {
      if (std::ifstream(params.marker + mark).good()) continue;
      std::ofstream(params.marker + mark) << "x";
      throw Error(ErrorKind::io, "not yet");
    }
    return inputs[0];
  });
  define(endless, "", [](Inputs, const TaskContext& context) -> Value {
    while (true) context.check_cancelled();
  });
  define(hang, "", [](Inputs, const TaskContext&) -> Value {
    while (true) ::pause();
  });
  return true;
}

// Worker processes must know them, too.
[[maybe_unused]] const bool are_defined = define_kernels();

class Executors : public testing::TestWithParam<const char*> {
 protected:
  Executor& executor() { return executor_named(GetParam()); }
  bool is_processes() const { return std::string(GetParam()) == "processes"; }
};

// A sum of 1..n over a tree.
Graph sum_graph(std::int64_t n) {
  Graph graph;
  const LayerId leaves = graph.add_layer({.name = "leaf-1", .op = "leaf", .grid = {n}});
  const LayerId sums = graph.add_layer({.name = "sum-1", .op = "sum", .grid = {n}});
  std::vector<TaskId> level;
  for (std::int64_t i = 0; i < n; ++i) {
    level.push_back(graph.add_task(add({i + 1}), {}, leaves, static_cast<std::uint32_t>(i)));
  }
  const KernelCall zero = add({});
  std::uint32_t block = 0;
  while (level.size() > 1) {
    std::vector<TaskId> above;
    for (std::size_t i = 0; i < level.size(); i += 3) {
      const std::size_t end = std::min(level.size(), i + 3);
      above.push_back(graph.add_task(zero, std::span(level).subspan(i, end - i), sums, block++));
    }
    level = above;
  }
  graph.add_output(level.front());
  return graph;
}

TEST_P(Executors, AddNumbersOverATree) {
  const std::vector<Value> values = executor().run(sum_graph(10000), {});
  ASSERT_EQ(values.size(), 1u);
  EXPECT_EQ(values[0].as<NdArray>().item<std::int64_t>(), 10000 * 10001 / 2);
}

TEST_P(Executors, SayWhichTaskFailedAndWhy) {
  Graph graph;
  const LayerId data = graph.add_layer({.name = "data-1", .op = "data"});
  const LayerId layer =
      graph.add_layer({.name = "pour-1", .op = "pour", .grid = {2, 3}, .source = "bar.py:7, in serve: wine.pour()"});
  const TaskId input = graph.add_value(Value::of(array("[1.5, 2.5]")), data, 0);
  const std::vector<TaskId> inputs = {input, input};
  graph.add_output(graph.add_task(fail(), inputs, layer, 4));
  try {
    executor().run(graph, {});
    FAIL();
  } catch (const TaskError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::value);
    EXPECT_EQ(error.fault.key, "('pour-1', 1, 1)");
    EXPECT_STREQ(error.what(),
                 "the cellar is empty\n"
                 "  while running ('pour-1', 1, 1)\n"
                 "  made by bar.py:7, in serve: wine.pour()\n"
                 "  from float64 array of shape (2,) and float64 array of shape (2,)");
  }
}

TEST_P(Executors, CarryTheDetailOfAnError) {
  Graph graph;
  const LayerId layer = graph.add_layer({.name = "pour-1", .op = "pour"});
  graph.add_output(graph.add_task(fail_with_detail(), {}, layer, 0));
  try {
    executor().run(graph, {});
    FAIL();
  } catch (const TaskError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::io);
    EXPECT_EQ(error.fault.message, "the cellar is wet");
    EXPECT_EQ(error.fault.detail.as<NdArray>().item<std::int64_t>(), 7);
  }
}

TEST_P(Executors, RefuseATaskThatCanNeverFit) {
  Graph graph;
  const LayerId layer = graph.add_layer({.name = "big-1", .op = "big"});
  graph.add_output(graph.add_task(add({}), {}, layer, 0, 3'000'000));
  try {
    executor().run(graph, {.memory_budget_bytes = 1'000'000});
    FAIL();
  } catch (const TaskError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::memory);
    EXPECT_THAT(error.what(), HasSubstr("'big' can never fit the memory budget"));
    EXPECT_THAT(error.what(), HasSubstr("chunks of at most"));
  }
}

TEST_P(Executors, RunAFailedTaskAgainAsOftenAsTheyWereTold) {
  for (const std::uint32_t retries : {1u, 2u}) {
    Graph graph;
    const LayerId layer = graph.add_layer({.name = "shy-1", .op = "shy", .grid = {2}});
    const std::vector<TaskId> input = {graph.add_task(add({1}), {}, layer, 0)};
    const std::string marker = testing::TempDir() + fmt::format("plait_shy_{}_{}_{}", GetParam(), retries, ::getpid());
    graph.add_output(graph.add_task(fail_twice({marker}), input, layer, 1));
    if (retries < 2)
      EXPECT_THROW(executor().run(graph, {.retries = retries}), TaskError);
    else
      EXPECT_EQ(executor().run(graph, {.retries = retries})[0].as<NdArray>().item<std::int64_t>(), 1);
    for (const char* mark : {"-1", "-2"}) std::filesystem::remove(marker + mark);
  }
}

TEST_P(Executors, ReportWhatIsNoException) {
  Graph graph;
  const LayerId layer = graph.add_layer({.name = "odd-1", .op = "odd"});
  graph.add_output(graph.add_task(throw_odd(), {}, layer, 0));
  try {
    executor().run(graph, {});
    FAIL();
  } catch (const TaskError& error) {
    EXPECT_STREQ(error.what(), "the kernel threw something that is not an exception\n  while running odd-1");
  }
}

// Blocks that are all made before the first is used: the mean of means over `n` arrays of 800 kB, taken in several
// ways.
Graph block_graph(std::int64_t n, std::uint64_t declared_bytes) {
  Graph graph;
  const LayerId blocks = graph.add_layer({.name = "block-1", .op = "block", .grid = {n}});
  const LayerId pairs = graph.add_layer({.name = "pair-1", .op = "pair", .grid = {n}});
  const LayerId all = graph.add_layer({.name = "all-1", .op = "all"});
  std::vector<TaskId> made;
  for (std::int64_t i = 0; i < n; ++i) {
    made.push_back(graph.add_task(fill({i}), {}, blocks, static_cast<std::uint32_t>(i), declared_bytes));
  }
  std::vector<TaskId> means;
  for (std::int64_t i = 0; i < n; ++i) {
    const std::vector<TaskId> two = {made[static_cast<std::size_t>(i)],
                                     made[static_cast<std::size_t>((i * 7 + 3) % n)]};
    means.push_back(graph.add_task(mean(), two, pairs, static_cast<std::uint32_t>(i), 8));
  }
  graph.add_output(graph.add_task(mean(), means, all, 0, 8));
  return graph;
}

struct SpillCounter : Observer {
  int num_spilled = 0;
  int num_loaded = 0;
  void value_spilled(const Graph&, TaskId, std::size_t) override { ++num_spilled; }
  void value_loaded(const Graph&, TaskId, std::size_t) override { ++num_loaded; }
};

TEST_P(Executors, SpillWhatDoesNotFit) {
  for (const std::uint64_t declared_bytes : {std::uint64_t{800'000}, std::uint64_t{0}}) {
    SpillCounter counter;
    const auto values = executor().run(block_graph(20, declared_bytes),
                                       {.num_workers = 2, .memory_budget_bytes = 4'500'000, .observers = {&counter}});
    EXPECT_DOUBLE_EQ(values[0].as<NdArray>().item<double>(), 9.5);
    EXPECT_GT(counter.num_spilled, 0);
    EXPECT_GT(counter.num_loaded, 0);
  }
}

// Overwrites the spill file of this process: it has no name, but a descriptor.
void damage_spill_file(const std::string& directory) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code error;
    const std::string target = std::filesystem::read_symlink(entry.path(), error).string();
    if (!target.starts_with(directory) || target.find("(deleted)") == std::string::npos) continue;
    const int descriptor = std::stoi(entry.path().filename());
    const auto size = static_cast<off_t>(std::filesystem::file_size(entry.path()));
    for (off_t at = 100; at < size; at += 1000) ASSERT_EQ(::pwrite(descriptor, "!", 1, at), 1);
  }
}

struct Saboteur : SpillCounter {
  std::string directory;
  std::size_t num_finished = 0;
  void task_finished(const Graph&, TaskId, int, Clock::time_point, const TaskYield&) override { ++num_finished; }
  void value_spilled(const Graph& graph, TaskId task, std::size_t bytes) override {
    SpillCounter::value_spilled(graph, task, bytes);
    if (num_spilled <= 3) damage_spill_file(directory);
  }
};

TEST_P(Executors, ComputeAgainWhatWasDamagedOnDisk) {
  Saboteur saboteur;
  saboteur.directory = testing::TempDir();
  const Graph graph = block_graph(20, 800'000);
  const auto values = executor().run(graph, {.num_workers = 2,
                                             .memory_budget_bytes = 4'500'000,
                                             .spill_directory = saboteur.directory,
                                             .observers = {&saboteur}});
  EXPECT_DOUBLE_EQ(values[0].as<NdArray>().item<double>(), 9.5);
  EXPECT_GT(saboteur.num_finished, graph.size()) << "nothing was made twice";
}

TEST_P(Executors, SayWhereToSpillInsteadOfAFolderThatIsNotThere) {
  try {
    executor().run(block_graph(20, 800'000),
                   {.num_workers = 2, .memory_budget_bytes = 4'500'000, .spill_directory = "/nowhere/at/all"});
    FAIL();
  } catch (const TaskError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::io);
    EXPECT_THAT(error.what(), HasSubstr("cannot spill to /nowhere/at/all: No such file or directory"));
    EXPECT_THAT(error.what(), HasSubstr("spill.directory"));
  }
}

TEST_P(Executors, GiveOutputsInTheOrderAsked) {
  Graph graph = sum_graph(3);
  graph.add_output(2);
  graph.add_output(0);
  graph.add_output(2);
  const auto values = executor().run(graph, {});
  std::vector<std::int64_t> numbers;
  for (const Value& value : values) numbers.push_back(value.as<NdArray>().item<std::int64_t>());
  EXPECT_THAT(numbers, testing::ElementsAre(6, 3, 1, 3));
}

struct Interrupt {};

Graph endless_graph(const KernelCall& call) {
  Graph graph;
  const LayerId layer = graph.add_layer({.name = "endless-1", .op = "endless", .grid = {4}});
  for (std::uint32_t i = 0; i < 4; ++i) graph.add_output(graph.add_task(call, {}, layer, i));
  return graph;
}

TEST_P(Executors, StopInTheMiddleOfAKernelWhenPollThrows) {
  const auto start = Observer::Clock::now();
  EXPECT_THROW(executor().run(endless_graph(endless()), {.poll = [] { throw Interrupt(); }}), Interrupt);
  EXPECT_LT(Observer::Clock::now() - start, std::chrono::seconds(5));
  // What runs next is not disturbed.
  EXPECT_EQ(executor().run(sum_graph(10), {}).at(0).as<NdArray>().item<std::int64_t>(), 55);
}

TEST_P(Executors, EndWorkersThatDoNotStop) {
  if (!is_processes()) GTEST_SKIP() << "threads cannot be ended";
  EXPECT_THROW(executor().run(endless_graph(hang()), {.poll = [] { throw Interrupt(); }}), Interrupt);
  EXPECT_EQ(executor().run(sum_graph(10), {}).at(0).as<NdArray>().item<std::int64_t>(), 55);
}

TEST_P(Executors, RunATaskAgainWhenItsWorkerWasKilledOnce) {
  if (!is_processes()) GTEST_SKIP() << "threads do not outlive their process";
  const std::string marker = testing::TempDir() + "plait_died_" + std::to_string(::getpid());
  Graph graph;
  const LayerId layer = graph.add_layer({.name = "once-1", .op = "once"});
  const TaskId first = graph.add_task(die_once({marker}), {}, layer, 0);
  const std::vector<TaskId> inputs = {first};
  graph.add_output(graph.add_task(add({1}), inputs, layer, 0));
  EXPECT_EQ(executor().run(graph, {}).at(0).as<NdArray>().item<std::int64_t>(), 6);
  std::filesystem::remove(marker);
}

TEST_P(Executors, NameTheTaskThatKillsItsWorkerTwice) {
  if (!is_processes()) GTEST_SKIP() << "threads do not outlive their process";
  Graph graph = sum_graph(100);
  const LayerId layer = graph.add_layer({.name = "bomb-1", .op = "bomb", .grid = {10}});
  graph.add_output(graph.add_task(die(), {}, layer, 7));
  try {
    executor().run(graph, {});
    FAIL();
  } catch (const TaskError& error) {
    EXPECT_EQ(error.fault.key, "('bomb-1', 7)");
    EXPECT_THAT(error.what(),
                HasSubstr("('bomb-1', 7) was lost twice with its worker process, the last time exited with code 3"));
  }
  EXPECT_EQ(executor().run(sum_graph(10), {}).at(0).as<NdArray>().item<std::int64_t>(), 55);
}

TEST_P(Executors, RefuseAFunctionThatCannotTravel) {
  if (!is_processes()) GTEST_SKIP() << "any function runs here";
  Graph graph;
  const Function local("my_lambda", [](Inputs, const TaskContext&) { return Value(); });
  const LayerId layer = graph.add_layer({.name = "mine-1", .op = "mine"});
  graph.add_output(graph.add_task(call_kernel(local), {}, layer, 0));
  try {
    executor().run(graph, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::type);
    EXPECT_THAT(error.what(), HasSubstr("'my_lambda' of task mine-1"));
    EXPECT_THAT(error.what(), HasSubstr("register it by name"));
  }
}

INSTANTIATE_TEST_SUITE_P(All, Executors, testing::Values("sync", "threads", "processes", "records"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace plait
