#include "runtime/executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plait {
namespace {

using testing::HasSubstr;

struct AddParams {
  std::int64_t number = 0;
  static constexpr auto fields = std::tuple{&AddParams::number};
};

const Kernel* add_kernel() {
  static const Kernel* kernel = register_kernel(make_kernel<AddParams>("test_add", "", [](Inputs inputs, const AddParams& params, const TaskContext&) {
    std::int64_t sum = params.number;
    for (const Value& input : inputs) sum += input.as<NdArray>().item<std::int64_t>();
    return Value::of(NdArray::scalar<std::int64_t>(sum));
  }));
  return kernel;
}

const Kernel* fail_kernel() {
  static const Kernel* kernel = register_kernel(make_kernel("test_fail", "", [](Inputs, const TaskContext&) -> Value {
    throw value_error("the cellar is empty");
  }));
  return kernel;
}

class Executors : public testing::TestWithParam<const char*> {
 protected:
  static void SetUpTestSuite() {
    register_base_value_types();
    register_graph_kernels();
  }
  Executor& executor() { return executor_named(GetParam()); }
};

// A sum of 1..n over a tree.
Graph sum_graph(std::int64_t n) {
  Graph graph;
  const LayerId leaves = graph.add_layer({.name = "leaf-1", .op = "leaf", .grid = {n}});
  const LayerId sums = graph.add_layer({.name = "sum-1", .op = "sum", .grid = {n}});
  std::vector<TaskId> level;
  for (std::int64_t i = 0; i < n; ++i) {
    level.push_back(graph.add_task(add_kernel(), std::make_shared<const AddParams>(AddParams{i + 1}), {}, leaves, static_cast<std::uint32_t>(i)));
  }
  const auto zero = std::make_shared<const AddParams>();
  std::uint32_t block = 0;
  while (level.size() > 1) {
    std::vector<TaskId> above;
    for (std::size_t i = 0; i < level.size(); i += 3) {
      const std::size_t end = std::min(level.size(), i + 3);
      above.push_back(graph.add_task(add_kernel(), zero, std::span(level).subspan(i, end - i), sums, block++));
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
  const LayerId layer = graph.add_layer({.name = "pour-1", .op = "pour", .grid = {2, 3}, .source = "bar.py:7, in serve: wine.pour()"});
  const TaskId input = graph.add_value(Value::of(array("[1.5, 2.5]")), data, 0);
  const std::vector<TaskId> inputs = {input, input};
  graph.add_output(graph.add_task(fail_kernel(), nullptr, inputs, layer, 4));
  try {
    executor().run(graph, {});
    FAIL();
  } catch (const TaskError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::value);
    EXPECT_EQ(error.key, "('pour-1', 1, 1)");
    EXPECT_STREQ(error.what(),
                 "the cellar is empty\n"
                 "  while running ('pour-1', 1, 1)\n"
                 "  made by bar.py:7, in serve: wine.pour()\n"
                 "  from float64 array of shape (2,) and float64 array of shape (2,)");
  }
}

TEST_P(Executors, RefuseATaskThatCanNeverFit) {
  Graph graph;
  const LayerId layer = graph.add_layer({.name = "big-1", .op = "big"});
  graph.add_output(graph.add_task(add_kernel(), std::make_shared<const AddParams>(), {}, layer, 0, 3'000'000));
  try {
    executor().run(graph, {.memory_budget_bytes = 1'000'000});
    FAIL();
  } catch (const TaskError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::memory);
    EXPECT_THAT(error.what(), HasSubstr("'big' can never fit the memory budget"));
    EXPECT_THAT(error.what(), HasSubstr("chunks of at most"));
  }
}

INSTANTIATE_TEST_SUITE_P(All, Executors, testing::Values("sync", "threads"), [](const auto& info) { return info.param; });

}  // namespace
}  // namespace plait
