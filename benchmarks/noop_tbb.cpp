// A million tasks that do nothing, on oneTBB: `noop_tbb task_group|parallel_for <tasks>` prints seconds and tasks run.
//
// Both make their tasks while they run; neither knows dependencies or keeps results.
#include <oneapi/tbb/enumerable_thread_specific.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_group.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string_view>

namespace {

// One counter a thread, so that counting is not what is measured; their sum proves that every task ran.
oneapi::tbb::enumerable_thread_specific<std::int64_t> done;

void no_op() { ++done.local(); }

void by_task_group(int num_tasks) {
  oneapi::tbb::task_group group;
  for (int i = 0; i < num_tasks; ++i) group.run(no_op);
  group.wait();
}

void by_parallel_for(int num_tasks) {
  // The simple partitioner with grain 1 makes one task an element.
  oneapi::tbb::parallel_for(
      oneapi::tbb::blocked_range<int>(0, num_tasks, 1), [](const auto&) { no_op(); },
      oneapi::tbb::simple_partitioner());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::string_view way = argv[1];
  const int num_tasks = std::atoi(argv[2]);
  const auto run = way == "task_group" ? by_task_group : by_parallel_for;
  run(num_tasks);  // The threads exist now, and the memory.
  done.clear();
  const auto start = std::chrono::steady_clock::now();
  run(num_tasks);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const std::int64_t count = done.combine(std::plus<>());
  std::printf("{\"seconds\": %.9f, \"answer\": %lld}\n", seconds, static_cast<long long>(count));
}
