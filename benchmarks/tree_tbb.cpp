// The sum of many numbers as a tree of additions, on oneTBB: `tree_tbb <leaves>` prints seconds and the sum.
//
// A flow graph: one node a number or addition, edges from what it takes. Leaves are a power of two.
#include <oneapi/tbb/flow_graph.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

namespace {

using Number = std::int64_t;
using Node = oneapi::tbb::flow::continue_node<oneapi::tbb::flow::continue_msg>;
using Message = oneapi::tbb::flow::continue_msg;

Number sum_of(Number num_leaves) {
  oneapi::tbb::flow::graph graph;
  std::vector<Number> values(static_cast<std::size_t>(2 * num_leaves));
  std::vector<std::unique_ptr<Node>> nodes;
  nodes.reserve(values.size());
  const auto add_row = [&](std::size_t begin, std::size_t size) {
    for (std::size_t i = begin; i < begin + size; i += 2) {
      const std::size_t place = nodes.size();
      nodes.push_back(std::make_unique<Node>(graph, [&values, place, i](const Message&) {
        values[place] = values[i] + values[i + 1];
        return Message();
      }));
      oneapi::tbb::flow::make_edge(*nodes[i], *nodes[place]);
      oneapi::tbb::flow::make_edge(*nodes[i + 1], *nodes[place]);
    }
  };
  for (Number leaf = 0; leaf < num_leaves; ++leaf) {
    const std::size_t place = nodes.size();
    nodes.push_back(std::make_unique<Node>(graph, [&values, place, leaf](const Message&) {
      values[place] = leaf;
      return Message();
    }));
  }
  std::size_t begin = 0;
  for (auto size = static_cast<std::size_t>(num_leaves); size > 1; size /= 2) {
    add_row(begin, size);
    begin += size;
  }
  for (Number leaf = 0; leaf < num_leaves; ++leaf) nodes[static_cast<std::size_t>(leaf)]->try_put(Message());
  graph.wait_for_all();
  return values[nodes.size() - 1];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const Number num_leaves = std::atoll(argv[1]);
  sum_of(num_leaves);  // The threads exist now, and the memory.
  const auto start = std::chrono::steady_clock::now();
  const Number sum = sum_of(num_leaves);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("{\"seconds\": %.9f, \"answer\": %lld}\n", seconds, static_cast<long long>(sum));
}
