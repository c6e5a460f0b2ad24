#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "graph/graph.h"

namespace plait {
namespace {

Graph graph_of(const std::vector<std::vector<TaskId>>& inputs, const std::vector<TaskId>& outputs) {
  static const Kernel* kernel = register_kernel(make_kernel("order_test_any", "", [](Inputs, const TaskContext&) { return Value(); }));
  Graph graph;
  const LayerId layer = graph.add_layer({.name = "t", .op = "t", .grid = {static_cast<std::int64_t>(inputs.size())}});
  for (std::size_t i = 0; i < inputs.size(); ++i) graph.add_task(kernel, nullptr, inputs[i], layer, static_cast<std::uint32_t>(i));
  for (TaskId output : outputs) graph.add_output(output);
  return graph;
}

// How many values are alive at most when tasks run by rank, one after the other.
std::size_t most_values_alive(const Graph& graph) {
  const std::vector<std::uint32_t> ranks = order(graph);
  std::vector<TaskId> by_rank(graph.size());
  for (TaskId id = 0; id < graph.size(); ++id) by_rank[ranks[id]] = id;
  const Dependents users = dependents(graph);
  std::vector<std::size_t> uses_left(graph.size());
  for (TaskId id = 0; id < graph.size(); ++id) uses_left[id] = users.of(id).size();
  std::size_t alive = 0;
  std::size_t most = 0;
  for (TaskId id : by_rank) {
    most = std::max(most, ++alive);
    std::vector<TaskId> inputs(graph.inputs(id).begin(), graph.inputs(id).end());
    std::sort(inputs.begin(), inputs.end());
    inputs.erase(std::unique(inputs.begin(), inputs.end()), inputs.end());
    for (TaskId input : inputs) alive -= --uses_left[input] == 0;
  }
  return most;
}

// A tree over `num_leaves` leaves, all leaves made first.
Graph tree(std::size_t num_leaves, std::size_t fan_in) {
  std::vector<std::vector<TaskId>> inputs(num_leaves);
  std::vector<TaskId> level(num_leaves);
  for (std::size_t i = 0; i < num_leaves; ++i) level[i] = static_cast<TaskId>(i);
  while (level.size() > 1) {
    std::vector<TaskId> above;
    for (std::size_t i = 0; i < level.size(); i += fan_in) {
      above.push_back(static_cast<TaskId>(inputs.size()));
      inputs.emplace_back(level.begin() + static_cast<std::ptrdiff_t>(i), level.begin() + static_cast<std::ptrdiff_t>(std::min(i + fan_in, level.size())));
    }
    level = above;
  }
  return graph_of(inputs, level);
}

TEST(Order, IsAPermutationThatPutsInputsFirst) {
  std::mt19937 random(7);
  for (int run = 0; run < 200; ++run) {
    const std::size_t size = 1 + random() % 80;
    std::vector<std::vector<TaskId>> inputs(size);
    for (std::size_t i = 1; i < size; ++i) {
      for (std::size_t k = random() % 4; k > 0; --k) inputs[i].push_back(static_cast<TaskId>(random() % i));
    }
    const Graph graph = graph_of(inputs, {static_cast<TaskId>(size - 1)});
    const std::vector<std::uint32_t> ranks = order(graph);
    std::vector<std::uint32_t> sorted = ranks;
    std::sort(sorted.begin(), sorted.end());
    for (std::uint32_t i = 0; i < size; ++i) ASSERT_EQ(sorted[i], i);
    for (TaskId id = 0; id < size; ++id) {
      for (TaskId input : graph.inputs(id)) ASSERT_LT(ranks[input], ranks[id]);
    }
  }
}

TEST(Order, KeepsFewValuesAliveOnTrees) {
  EXPECT_EQ(most_values_alive(tree(1024, 2)), 11u + 1u);  // one a level, and the task's own
  EXPECT_LE(most_values_alive(tree(10000, 16)), 16u * 4u);
  EXPECT_LE(most_values_alive(tree(1000, 1000)), 1001u);
}

TEST(Order, FinishesOneOutputBeforeTheNext) {
  // Two chains of three.
  const Graph graph = graph_of({{}, {}, {0}, {1}, {2}, {3}}, {4, 5});
  EXPECT_EQ(most_values_alive(graph), 3u);
}

TEST(Order, CutsABlockIntoPiecesBeforeTheNextIsMade) {
  // 4 blocks of 400 bytes, each cut into 4 pieces of 100; piece j of every block makes column j.
  register_graph_kernels();
  Graph graph;
  const Kernel* kernel = graph.keep_kernel(make_kernel("piece", "", [](Inputs, const TaskContext&) { return Value(); }));
  const LayerId layer = graph.add_layer({.name = "t", .op = "t", .grid = {100}});
  std::vector<TaskId> blocks;
  std::vector<std::vector<TaskId>> columns(4);
  for (std::uint32_t i = 0; i < 4; ++i) blocks.push_back(graph.add_task(kernel, nullptr, {}, layer, i, 400));
  for (std::uint32_t i = 0; i < 4; ++i) {
    for (std::uint32_t j = 0; j < 4; ++j) columns[j].push_back(graph.add_task(kernel, nullptr, std::vector{blocks[i]}, layer, 10 + 4 * i + j, 100));
  }
  for (std::uint32_t j = 0; j < 4; ++j) graph.add_output(graph.add_task(kernel, nullptr, columns[j], layer, 50 + j, 400));
  const std::vector<std::uint32_t> ranks = order(graph);
  for (std::uint32_t i = 0; i < 4; ++i) {
    EXPECT_EQ(ranks[blocks[i]], 5 * i);
    for (std::uint32_t j = 0; j < 4; ++j) EXPECT_EQ(ranks[columns[j][i]], 5 * i + 1 + j);
  }
}

TEST(Cull, DropsWhatNoOutputNeeds) {
  const Graph graph = graph_of({{}, {}, {0}, {1}, {2, 2}, {3}}, {4});
  const Graph culled = cull(graph);
  EXPECT_EQ(culled.size(), 3u);
  EXPECT_THAT(culled.outputs(), testing::ElementsAre(2));
  EXPECT_THAT(culled.inputs(2), testing::ElementsAre(1, 1));
  EXPECT_EQ(culled.key(2), "('t', 4)");
}

TEST(Cull, MakesTheGivenTasksTheOutputs) {
  const Graph graph = graph_of({{}, {}, {0}, {1}}, {2});
  const std::vector<TaskId> wanted = {3, 1};
  const Graph culled = cull(graph, wanted);
  EXPECT_EQ(culled.size(), 2u);
  EXPECT_THAT(culled.outputs(), testing::ElementsAre(1, 0));
}

}  // namespace
}  // namespace plait
