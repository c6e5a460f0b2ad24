#include "graph/graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/draw.h"
#include "graph/inputs_first.h"

namespace plait {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

KernelCall any_call() {
  static const KernelCall call = [] {
    register_graph_kernels();
    static constinit KernelId<> any{"graph_test_any"};
    define(any, "", [](Inputs, const TaskContext&) { return Value(); });
    return any();
  }();
  return call;
}

TaskId add(Graph& graph, LayerId layer, std::uint32_t block, const std::vector<TaskId>& inputs = {}) {
  return graph.add_task(any_call(), inputs, layer, block);
}

TEST(Graph, WritesKeysAsDaskDoes) {
  Graph graph;
  const LayerId blocks = graph.add_layer({.name = "sum-1f3a", .op = "sum", .grid = {2, 4}});
  const LayerId row = graph.add_layer({.name = "read-csv-22", .op = "read_csv", .grid = {3}});
  const LayerId single = graph.add_layer({.name = "total-9", .op = "total"});
  EXPECT_EQ(graph.key(add(graph, blocks, 0)), "('sum-1f3a', 0, 0)");
  EXPECT_EQ(graph.key(add(graph, blocks, 7)), "('sum-1f3a', 1, 3)");
  EXPECT_EQ(graph.key(add(graph, row, 2)), "('read-csv-22', 2)");
  EXPECT_EQ(graph.key(add(graph, single, 0)), "total-9");
}

TEST(Graph, TakesInputsThatExistOnly) {
  Graph graph;
  const LayerId layer = graph.add_layer({.name = "a", .op = "a"});
  EXPECT_THROW(add(graph, layer, 0, {0}), Error);
}

TEST(Graph, ListsDependentsOnce) {
  Graph graph;
  const LayerId layer = graph.add_layer({.name = "a", .op = "a", .grid = {3}});
  add(graph, layer, 0);
  add(graph, layer, 1, {0, 0});
  add(graph, layer, 2, {0, 1});
  const Dependents users = dependents(graph);
  EXPECT_THAT(users.of(0), ElementsAre(1, 2));
  EXPECT_THAT(users.of(1), ElementsAre(2));
  EXPECT_TRUE(users.of(2).empty());
}

Graph graph_to_draw() {
  Graph graph;
  const LayerId data = graph.add_layer({.name = "array-1", .op = "array", .grid = {2}});
  const LayerId sums = graph.add_layer({.name = "sum-<1>", .op = "sum"});
  any_call();
  const TaskId a = graph.add_value(Value(), data, 0);
  const TaskId b = graph.add_value(Value(), data, 1);
  add(graph, sums, 0, {a, b});
  return graph;
}

TEST(Draw, GivesTasksTheAttributesOfTheCaller) {
  const Graph graph = graph_to_draw();
  DrawOptions options{.graph = {{"bgcolor", "pink"}}};
  options.functions.resize(graph.size());
  options.functions[2] = {{"color", "red"}, {"label", "mine"}};
  EXPECT_THAT(dot_text(graph, options), HasSubstr("f2 [color=\"red\" label=\"mine\" shape=circle]"));
  EXPECT_THAT(dot_text(graph, options), HasSubstr("graph [bgcolor=\"pink\"]"));
  EXPECT_THAT(svg_text(graph, options), HasSubstr("stroke=\"red\""));
}

TEST(Draw, GroupsTheTasksOfALayer) {
  Graph graph;
  const LayerId numbers = graph.add_layer({.name = "numbers-1", .op = "numbers", .grid = {3}, .source = ""});
  const LayerId sums = graph.add_layer({.name = "sum-1", .op = "sum", .grid = {3}, .source = ""});
  for (std::uint32_t block = 0; block < 3; ++block) {
    const TaskId number = graph.add_value(Value::of(Sequence{}), numbers, block);
    graph.add_task(item_kernel({.of = 1}), std::vector{number}, sums, block);
  }
  const GroupedGraph grouped = grouped_by_layer(graph);
  ASSERT_EQ(grouped.graph.size(), 2u);
  EXPECT_EQ(grouped.functions[0].at("label"), "numbers x3");
  EXPECT_EQ(grouped.functions[1].at("label"), "sum x3");
  EXPECT_THAT(grouped.graph.inputs(1), testing::ElementsAre(0u));
}

TEST(Draw, MakesBoxesOfDataAndCirclesOfFunctions) {
  const std::string dot = dot_text(graph_to_draw());
  EXPECT_THAT(dot, HasSubstr("rankdir=BT"));
  EXPECT_THAT(dot, HasSubstr("v0 [label=\"0\" shape=box tooltip=\"('array-1', 0)\"]"));
  EXPECT_THAT(dot, HasSubstr("f2 [label=\"sum\" shape=circle]"));
  EXPECT_THAT(dot, HasSubstr("v0 -> f2"));
  EXPECT_THAT(dot, HasSubstr("f2 -> v2"));
  EXPECT_THAT(dot, Not(HasSubstr("f0 "))) << "data has no function";
}

TEST(Draw, MakesAnSvgWithoutGraphviz) {
  const std::string svg = svg_text(graph_to_draw());
  EXPECT_THAT(svg, testing::StartsWith("<svg xmlns="));
  EXPECT_THAT(svg, HasSubstr("sum-&lt;1&gt;"));
  std::size_t num_circles = 0;
  for (std::size_t at = 0; (at = svg.find("<circle", at)) != std::string::npos; ++at) ++num_circles;
  EXPECT_EQ(num_circles, 1u);
}

TEST(Draw, RefusesOtherEndings) {
  try {
    draw(graph_to_draw(), "graph.docx");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("'graph.docx': expected a path that ends in .svg, .png, .pdf or .dot"));
  }
}

TEST(Draw, DrawsTheEmptyGraph) {
  EXPECT_THAT(svg_text(Graph()), HasSubstr("</svg>"));
  EXPECT_THAT(dot_text(Graph()), HasSubstr("digraph"));
}

std::string letter(std::uint32_t i) { return std::string(1, static_cast<char>('a' + i)); }

TEST(InputsFirst, OrdersWhatWasGivenInAnyOrder) {
  // a needs c, b needs a, c needs nothing.
  EXPECT_THAT(inputs_first({{2}, {0}, {}}, letter), ElementsAre(2, 0, 1));
  EXPECT_THAT(inputs_first({{}, {}, {}}, letter), ElementsAre(0, 1, 2));
}

TEST(InputsFirst, NamesTheKeysOfACycle) {
  try {
    inputs_first({{3}, {0}, {1}, {2}, {0}}, letter);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::runtime);
    EXPECT_THAT(error.what(), HasSubstr("a -> d -> c -> b -> a"));
  }
  EXPECT_THROW(inputs_first({{0}}, letter), Error);
}

TEST(InputsFirst, WalksAMillionTasksInARow) {
  std::vector<std::vector<std::uint32_t>> needs(1'000'000);
  for (std::uint32_t i = 0; i + 1 < needs.size(); ++i) needs[i] = {i + 1};
  EXPECT_EQ(inputs_first(needs, letter).back(), 0u);
}

}  // namespace
}  // namespace plait
