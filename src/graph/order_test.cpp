#include <gmock/gmock.h>

#include <numeric>

#include "graph/graph.h"

namespace plait {
namespace {

class OrderTest : public testing::Test {
 protected:
  OrderTest() {
    kernel_ = graph_.keep_kernel(make_kernel("work", "", [](Inputs, const TaskContext&) { return Value(); }));
    layer_ = graph_.add_layer({.name = "work", .op = "work", .grid = {}, .source = ""});
  }

  TaskId task(const std::vector<TaskId>& inputs = {}, std::uint64_t bytes = 100) {
    return graph_.add_task(kernel_, nullptr, inputs, layer_, 0, bytes);
  }

  Graph graph_;
  const Kernel* kernel_;
  LayerId layer_;
};

TEST_F(OrderTest, RanksEveryTaskOnceAndInputsFirst) {
  const TaskId a = task();
  const TaskId b = task({a, a});
  const TaskId c = task({a});
  graph_.add_output(task({c, b}));
  const auto rank = order(graph_);
  std::vector<std::uint32_t> sorted = rank;
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::uint32_t> all(graph_.size());
  std::iota(all.begin(), all.end(), 0);
  EXPECT_EQ(sorted, all);
  EXPECT_LT(rank[a], rank[b]);
  EXPECT_LT(rank[a], rank[c]);
}

TEST_F(OrderTest, UsesAValueUpBeforeItMakesTheNext) {
  const TaskId a = task();
  const TaskId used_a = task({a}, 1);
  const TaskId b = task();
  const TaskId used_b = task({b}, 1);
  graph_.add_output(task({used_a, used_b}, 1));
  const auto rank = order(graph_);
  EXPECT_TRUE(rank[used_a] < rank[b] || rank[used_b] < rank[a]);
}

// Rows 0 and 1 make tiles of columns 0 to 3, and each column needs its tiles of all rows.
TEST_F(OrderTest, CutsRowsIntoAllTheirTilesBeforeItTakesTheNextRows) {
  std::vector<TaskId> rows;
  std::vector<std::vector<TaskId>> tiles;
  for (int row = 0; row < 4; ++row) rows.push_back(task({}, 400));
  for (int row = 0; row < 4; ++row) {
    auto& of_row = tiles.emplace_back();
    for (int column = 0; column < 4; ++column) of_row.push_back(task({rows[row]}, 100));
  }
  for (int column = 0; column < 4; ++column) {
    graph_.add_output(task({task({tiles[0][column], tiles[1][column], tiles[2][column], tiles[3][column]}, 400)}, 8));
  }
  const auto rank = order(graph_);
  for (int row = 0; row < 4; ++row) {
    for (TaskId tile : tiles[row]) {
      EXPECT_LT(rank[tile], row == 3 ? graph_.size() : rank[rows[row + 1]]) << "row " << row;
    }
  }
}

TEST_F(OrderTest, DoesNotMakeManyLargeValuesOfASmallOne) {
  const TaskId small = task({}, 1);
  std::vector<TaskId> large;
  std::vector<TaskId> used;
  for (int i = 0; i < 10; ++i) large.push_back(task({small}, 1000));
  for (int i = 0; i < 10; ++i) used.push_back(task({large[i]}, 1));
  graph_.add_output(task(used, 1));
  const auto rank = order(graph_);
  for (int i = 0; i + 1 < 10; ++i) EXPECT_LT(rank[used[i]], rank[large[i + 1]]);
}

}  // namespace
}  // namespace plait
