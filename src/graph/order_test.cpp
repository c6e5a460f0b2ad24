#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "base/function.h"
#include "graph/graph.h"

namespace plait {
namespace {

Graph graph_of(const std::vector<std::vector<TaskId>>& inputs, const std::vector<TaskId>& outputs) {
  register_graph_kernels();
  Graph graph;
  const LayerId layer = graph.add_layer({.name = "t", .op = "t", .grid = {static_cast<std::int64_t>(inputs.size())}});
  for (std::size_t i = 0; i < inputs.size(); ++i)
    graph.add_task(call_kernel(Function()), inputs[i], layer, static_cast<std::uint32_t>(i));
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
      inputs.emplace_back(level.begin() + static_cast<std::ptrdiff_t>(i),
                          level.begin() + static_cast<std::ptrdiff_t>(std::min(i + fan_in, level.size())));
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

TEST(Order, OfTasksWithoutInputsIsThatOfTheirMaking) {
  EXPECT_EQ(order(graph_of({{}, {}, {}}, {2, 0, 1})), (std::vector<std::uint32_t>{0, 1, 2}));
  EXPECT_TRUE(order(graph_of({}, {})).empty());
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

// Tasks of known size.
class OrderOfSizes : public testing::Test {
 protected:
  OrderOfSizes() {
    register_graph_kernels();
    layer_ = graph_.add_layer({.name = "t", .op = "t", .grid = {100}});
  }

  TaskId task(const std::vector<TaskId>& inputs, std::uint64_t bytes) {
    return graph_.add_task(call_kernel(Function()), inputs, layer_, static_cast<std::uint32_t>(graph_.size()), bytes);
  }

  Graph graph_;
  LayerId layer_;
};

TEST_F(OrderOfSizes, CutsABlockIntoPiecesBeforeTheNextIsMade) {
  // 4 blocks of 400 bytes, each cut into 4 pieces of 100; piece j of every block makes column j.
  std::vector<TaskId> blocks;
  std::vector<std::vector<TaskId>> columns(4);
  for (int i = 0; i < 4; ++i) blocks.push_back(task({}, 400));
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j < 4; ++j) columns[j].push_back(task({blocks[i]}, 100));
  }
  for (int j = 0; j < 4; ++j) graph_.add_output(task(columns[j], 400));
  const std::vector<std::uint32_t> ranks = order(graph_);
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 4; ++j) EXPECT_LT(ranks[columns[j][i]], ranks[blocks[i + 1]]);
  }
}

TEST_F(OrderOfSizes, CutsAFewBlocksIntoTilesBeforeTheNextAreMade) {
  // Blocks 2 i and 2 i + 1 together make tiles i, 0 to 3, of 200 bytes; a column of tiles is added up at once.
  std::vector<TaskId> blocks;
  std::vector<std::vector<TaskId>> columns(4);
  for (int i = 0; i < 8; ++i) blocks.push_back(task({}, 400));
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j < 4; ++j) columns[j].push_back(task({blocks[2 * i], blocks[2 * i + 1]}, 200));
  }
  std::vector<TaskId> whole;
  std::vector<TaskId> sums;
  for (int j = 0; j < 4; ++j) {
    whole.push_back(task(columns[j], 800));
    sums.push_back(task({whole.back()}, 8));
  }
  graph_.add_output(task(sums, 8));
  const std::vector<std::uint32_t> ranks = order(graph_);
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 4; ++j) EXPECT_LT(ranks[columns[j][i]], ranks[blocks[2 * i + 2]]);
  }
  for (int j = 0; j < 4; ++j) EXPECT_EQ(ranks[sums[j]], ranks[whole[j]] + 1);
}

TEST_F(OrderOfSizes, DoesNotMakeManyLargeValuesOfASmallOne) {
  const TaskId small = task({}, 1);
  std::vector<TaskId> large;
  std::vector<TaskId> used;
  for (int i = 0; i < 10; ++i) large.push_back(task({small}, 1000));
  for (int i = 0; i < 10; ++i) used.push_back(task({large[i]}, 1));
  graph_.add_output(task(used, 1));
  const std::vector<std::uint32_t> ranks = order(graph_);
  for (int i = 0; i + 1 < 10; ++i) EXPECT_LT(ranks[used[i]], ranks[large[i + 1]]);
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
