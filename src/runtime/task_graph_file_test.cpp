// Raw graphs written by one process and run by another.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "plait/graph.h"

struct Point {
  double x = 0;
  double y = 0;
};
template <>
struct plait::Travel<Point> : plait::TravelAsBytes<Point> {
  static constexpr auto name = "point";
};

namespace plait {
namespace {

using testing::HasSubstr;

const auto halve = register_function<std::vector<long>>("test_halve", [](const std::vector<long>& all) {
  std::vector<double> halves;
  for (const long one : all) halves.push_back(static_cast<double>(one) / 2);
  return halves;
});
const auto corner =
    register_function<std::vector<double>, Point>("test_corner", [](const std::vector<double>& sides, Point origin) {
      return Point{origin.x + sides.at(0), origin.y + sides.at(1)};
    });

std::string temporary_path(const std::string& name) {
  return (std::filesystem::temp_directory_path() / ("plait-" + std::to_string(::getpid()) + "-" + name)).string();
}

std::string saved_graph() {
  TaskGraph graph;
  const auto sides = graph.value("sides", std::vector<long>{3, 5});
  const auto halves = graph.add("halves", halve, sides);
  const auto origin = graph.value("origin", Point{10, 20});
  const auto far = graph.add("far", corner, halves, origin);
  graph.value("unneeded", std::string(1000, 'x'));
  const std::string path = temporary_path("raw.graph");
  graph.save(path, far, halves);
  return path;
}

TEST(SavedTaskGraph, IsTheSameGraph) {
  const std::string path = saved_graph();
  auto [graph, far, halves] = TaskGraph::load<Point, std::vector<double>>(path);
  EXPECT_EQ(graph.size(), 4u) << "what the wanted tasks do not need is not saved";
  EXPECT_EQ(graph.run(far).y, 22.5);
  EXPECT_EQ(graph.run(halves).at(0), 1.5);
  const auto more = graph.add("more", [](const Point& p) { return p.x; }, far);
  EXPECT_EQ(graph.run(more), 11.5);
  EXPECT_THROW(graph.value("far", 1), Error) << "names of loaded tasks are taken";
  std::filesystem::remove(path);
}

// Run by the next test in another process: prints what the file's graph gives.
TEST(SavedTaskGraph, DISABLED_InAnotherProcess) {
  auto [graph, far, halves] = TaskGraph::load<Point, std::vector<double>>(std::getenv("PLAIT_TEST_GRAPH"));
  const Point point = graph.run(far);
  std::cout << "far " << point.x << " " << point.y << std::endl;
}

TEST(SavedTaskGraph, IsRunByAnotherProcess) {
  const std::string path = saved_graph();
  const std::string output = temporary_path("output");
  const std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
  const std::string command = "PLAIT_TEST_GRAPH=" + path + " " + program +
                              " --gtest_also_run_disabled_tests --gtest_filter=*DISABLED_InAnotherProcess > " + output;
  ASSERT_EQ(std::system(command.c_str()), 0);
  std::stringstream text;
  text << std::ifstream(output).rdbuf();
  EXPECT_THAT(text.str(), HasSubstr("far 11.5 22.5"));
  std::filesystem::remove(path);
  std::filesystem::remove(output);
}

TEST(SavedTaskGraph, RefusesWhatCannotBeReadElsewhere) {
  TaskGraph graph;
  const auto local = graph.add("local", [] { return 1; });
  const std::string path = temporary_path("refused.graph");
  try {
    graph.save(path, local);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::type);
    EXPECT_THAT(error.what(), HasSubstr("local"));
  }
  const std::string saved = saved_graph();
  EXPECT_THROW(TaskGraph::load<Point>(saved), Error) << "it holds two wanted tasks";
  std::filesystem::resize_file(saved, std::filesystem::file_size(saved) / 2);
  EXPECT_THROW((TaskGraph::load<Point, std::vector<double>>(saved)), Error);
  EXPECT_THROW(TaskGraph::load<Point>(path + "-that-is-not-there"), Error);
  std::filesystem::remove(saved);
}

TEST(NamesInRecords, SayWhatAValueIsRatherThanItsCppType) {
  EXPECT_EQ(detail::ops_of<long>()->name, "int64");
  EXPECT_EQ(detail::ops_of<long long>()->name, "int64");
  EXPECT_EQ(detail::ops_of<unsigned char>()->name, "uint8");
  EXPECT_EQ(detail::ops_of<float>()->name, "float32");
  EXPECT_EQ(detail::ops_of<bool>()->name, "bool");
  EXPECT_EQ(detail::ops_of<std::string>()->name, "text");
  EXPECT_EQ(detail::ops_of<std::vector<double>>()->name, "vector of float64");
  EXPECT_EQ(detail::ops_of<std::vector<Point>>()->name, "vector of point");
}

}  // namespace
}  // namespace plait
