// The sum of many numbers as a tree of additions: `tree_plait delayed|graph <leaves>` prints seconds and the sum.
//
// "delayed" are calls of the public face, "graph" the tasks of the engine that they become. Leaves are a power of two.
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "graph/graph.h"
#include "plait/delayed.h"
#include "runtime/executor.h"

namespace {

using namespace plait;
using Number = std::int64_t;

Number by_delayed(Number num_leaves) {
  const auto leaf = delayed("leaf", [](Number i) { return i; });
  const auto add = delayed("add", [](Number a, Number b) { return a + b; });
  std::vector<Delayed<Number>> row;
  for (Number i = 0; i < num_leaves; ++i) row.push_back(leaf(i));
  while (row.size() > 1) {
    std::vector<Delayed<Number>> sums;
    for (std::size_t i = 0; i < row.size(); i += 2) sums.push_back(add(row[i], row[i + 1]));
    row = std::move(sums);
  }
  return row[0].compute();
}

constinit KernelId<> leaf_kernel{"leaf"};
constinit KernelId<> add_kernel{"add"};

Number number(const Value& value) { return value.as<NdArray>().item<Number>(); }

Number by_graph(Number num_leaves) {
  Graph graph;
  const LayerId layer = graph.add_layer({.name = "tree", .op = "tree", .grid = {2 * num_leaves}, .source = ""});
  const CallId leaf = graph.add_call(leaf_kernel());
  const CallId add = graph.add_call(add_kernel());
  std::vector<TaskId> row;
  std::uint32_t block = 0;
  for (Number i = 0; i < num_leaves; ++i) row.push_back(graph.add_task(leaf, {}, layer, block++));
  while (row.size() > 1) {
    std::vector<TaskId> sums;
    for (std::size_t i = 0; i < row.size(); i += 2)
      sums.push_back(graph.add_task(add, std::array{row[i], row[i + 1]}, layer, block++));
    row = std::move(sums);
  }
  graph.add_output(row[0]);
  return number(executor_named("threads").run(std::move(graph), {}).front());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const auto run = std::string_view(argv[1]) == "delayed" ? by_delayed : by_graph;
  const Number num_leaves = std::atoll(argv[2]);
  register_base_value_types();
  register_graph_kernels();
  define(leaf_kernel, "Its own number.",
         [](Inputs, const TaskContext& context) { return Value::of(NdArray::scalar(Number{context.block()})); });
  define(add_kernel, "The sum of two.", [](Inputs inputs, const TaskContext&) {
    return Value::of(NdArray::scalar(number(inputs[0]) + number(inputs[1])));
  });
  run(num_leaves);  // The threads exist now, and the memory.
  const auto start = std::chrono::steady_clock::now();
  const Number sum = run(num_leaves);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("{\"seconds\": %.9f, \"answer\": %lld}\n", seconds, static_cast<long long>(sum));
}
