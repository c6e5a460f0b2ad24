// A million tasks that do nothing, on Plait's threads: `noop_plait <tasks>` prints seconds and tasks run.
//
// The time holds making the graph and running it. As in noop_tbb, one counter a thread proves that every task ran.
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <utility>

#include "graph/graph.h"
#include "runtime/executor.h"

namespace {

using namespace plait;

// One counter a thread, on cache lines of their own.
struct alignas(64) Counter {
  std::int64_t count = 0;
};
std::array<Counter, 64> counters;
std::atomic<std::size_t> num_threads = 0;

std::int64_t& counter_of_this_thread() {
  static thread_local const std::size_t mine = num_threads++;
  return counters.at(mine).count;
}

std::int64_t num_done() {
  return std::accumulate(counters.begin(), counters.end(), std::int64_t{0},
                         [](std::int64_t sum, const Counter& counter) { return sum + counter.count; });
}

constinit KernelId<> no_op{"no_op"};

void run_no_ops(int num_tasks) {
  Graph graph;
  graph.reserve(static_cast<std::size_t>(num_tasks), 0);
  const LayerId layer = graph.add_layer({.name = "no-op", .op = "no_op", .grid = {num_tasks}, .source = ""});
  const CallId call = graph.add_call(no_op());
  for (int i = 0; i < num_tasks; ++i) graph.add_task(call, {}, layer, static_cast<std::uint32_t>(i));
  executor_named("threads").run(std::move(graph), {});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  register_base_value_types();
  register_graph_kernels();
  define(no_op, "Does nothing.", [](Inputs, const TaskContext&) {
    ++counter_of_this_thread();
    return Value();
  });
  const int num_tasks = std::atoi(argv[1]);
  run_no_ops(num_tasks);  // The threads exist now, and the memory.
  const std::int64_t before = num_done();
  const auto start = std::chrono::steady_clock::now();
  run_no_ops(num_tasks);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("{\"seconds\": %.9f, \"answer\": %lld}\n", seconds, static_cast<long long>(num_done() - before));
}
