#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <numeric>

#include "plait/graph.h"
#include "runtime/executor.h"
#include "runtime/worker_main.h"

namespace plait {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const auto multiply = register_function<int, int>("test_multiply", [](int a, int b) { return a * b; });
const auto repeat = register_function<std::string, int>("test_repeat", [](const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
});

TEST(TaskGraph, PassesResultsOfAnyType) {
  TaskGraph graph;
  const auto words = graph.add("words", [] { return std::vector<std::string>{"red", "green"}; });
  const auto count = graph.value("count", 2);
  const auto text = graph.add(
      "text", [](const std::vector<std::string>& all, int n) { return all.at(1) + std::to_string(n); }, words, count);
  EXPECT_EQ(graph.run(text), "green2");
  const auto numbers = graph.add("numbers", [] { return array("[1, 2, 3]"); });
  const auto first = graph.add("first", [](const NdArray& a) { return a.at<std::int64_t>({0}); }, numbers);
  EXPECT_EQ(graph.run(first), 1);
}

TEST(TaskGraph, GathersManyResults) {
  TaskGraph graph;
  const auto squares = graph.add_many("square", 100, [](std::size_t i) { return i * i; });
  const auto sum = graph.add(
      "sum",
      [](const std::vector<std::size_t>& all) { return std::accumulate(all.begin(), all.end(), std::size_t{0}); },
      squares);
  for (const char* scheduler : {"sync", "threads"}) EXPECT_EQ(graph.run(sum, {.scheduler = scheduler}), 328350u);
  EXPECT_THAT(graph.run(std::vector{squares[3], squares[1]}), ElementsAre(9, 1));
}

TEST(TaskGraph, RunsOnlyWhatIsAskedFor) {
  std::atomic<int> calls = 0;
  TaskGraph graph;
  graph.add("unneeded", [&] { return ++calls; });
  const auto needed = graph.add("needed", [] { return 1; });
  graph.run(needed);
  EXPECT_EQ(calls, 0);
  graph.add_many("each", 1000, [&] { ++calls; });
  graph.run_all();
  EXPECT_EQ(calls, 1001);
}

TEST(TaskGraph, RunsRegisteredFunctionsInOtherProcesses) {
  TaskGraph graph;
  const auto seven = graph.value("seven", 7);
  const auto product = graph.add("product", multiply, seven, graph.value("six", 6));
  const auto text = graph.add("text", repeat, graph.value("ab", std::string("ab")), seven);
  EXPECT_EQ(graph.run(product, {.scheduler = "processes"}), 42);
  EXPECT_EQ(graph.run(text, {.scheduler = "processes"}), "ababababababab");
}

TEST(TaskGraph, RefusesWhatCannotWork) {
  TaskGraph graph;
  const auto one = graph.add("one", [] { return 1; });
  try {
    graph.add("one", [] { return 2; });
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::key);
    EXPECT_THAT(error.what(), HasSubstr("'one'"));
  }
  TaskGraph other;
  EXPECT_THROW(other.run(one), Error);
  EXPECT_THROW(other.add("two", [](int i) { return i; }, one), Error);
  EXPECT_THROW(graph.run(one, {.scheduler = "processes"}), Error) << "a lambda cannot travel";
  EXPECT_THROW(graph.run(one, {.scheduler = "thread"}), Error);
}

TEST(TaskGraph, KeepsWhatHasNoFormOnDiskInMemory) {
  struct Opaque {
    std::vector<std::vector<char>> bytes;
  };
  TaskGraph graph;
  std::vector<TaskHandle<Opaque>> made;
  for (int i = 0; i < 10; ++i) made.push_back(graph.add("make" + std::to_string(i), [] { return Opaque{{{'x'}}}; }));
  const auto total =
      graph.add("total", [](const std::vector<Opaque>& all) { return static_cast<int>(all.size()); }, made);
  EXPECT_EQ(graph.run(total, {.memory_budget_bytes = 10 * sizeof(Opaque) + 100}), 10);
}

}  // namespace
}  // namespace plait
