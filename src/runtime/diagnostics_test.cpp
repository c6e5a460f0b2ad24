#include "plait/diagnostics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <thread>

#include "plait/graph.h"
#include "runtime/progress.h"

namespace plait {
namespace {

using testing::HasSubstr;

TEST(Progress, DrawsABarAsDaskDoes) {
  EXPECT_EQ(progress_text({.num_tasks = 4, .num_finished = 2, .elapsed_s = 7.14}, 10),
            "[#####     ] | 50% Completed |  7.1 s");
  EXPECT_EQ(progress_text({.num_tasks = 0, .num_finished = 0, .elapsed_s = 0.0123}, 4),
            "[####] | 100% Completed | 12.30 ms");
  EXPECT_EQ(progress_text({.num_tasks = 3, .num_finished = 1, .elapsed_s = 3725}, 3),
            "[#  ] | 33% Completed | 1h 2m 5s");
}

TEST(Progress, EndsTheLineWhenTheRunEnds) {
  std::string drawn;
  TaskGraph graph;
  graph.add_many("tick", 10, [] {});
  {
    ProgressBar bar(0, 10, [&](const std::string& text) { drawn += text; });
    graph.run_all();
    EXPECT_THAT(drawn, HasSubstr("\r[##########] | 100% Completed | "));
    EXPECT_EQ(drawn.back(), '\n');
  }
  drawn.clear();
  graph.run_all();
  EXPECT_EQ(drawn, "") << "the bar is gone";
}

TEST(Progress, CountsTasksByOperation) {
  const auto observer = std::make_shared<ProgressObserver>();
  const ObserverScope scope(observer);
  TaskGraph graph;
  graph.add_many("tick", 10, [] {});
  graph.add_many("tock", 5, [] {});
  graph.run_all({.scheduler = "sync"});
  const ProgressStatus status = observer->status();
  EXPECT_TRUE(status.is_over);
  EXPECT_FALSE(status.has_failed);
  EXPECT_EQ(status.num_finished, 15u);
  ASSERT_EQ(status.ops.size(), 2u);
  EXPECT_EQ(status.ops[1].op, "tock");
  EXPECT_EQ(status.ops[1].num_finished, 5u);
}

TEST(Profiler, NotesEveryTask) {
  Profiler profiler;
  TaskGraph graph;
  const auto one = graph.add("one", [] { return 1; });
  const auto bad = graph.add("bad", [](int) -> int { throw value_error("no"); }, one);
  EXPECT_THROW(graph.run(bad, {.num_workers = 2}), Error);
  const auto tasks = profiler.tasks();
  ASSERT_EQ(tasks.size(), 2u);
  EXPECT_EQ(tasks[0].key, "one");
  EXPECT_LE(tasks[0].start_s, tasks[0].end_s);
  EXPECT_LE(tasks[0].end_s, tasks[1].start_s);
  EXPECT_EQ(tasks[1].op, "bad");
  EXPECT_TRUE(tasks[1].has_failed);
  profiler.clear();
  EXPECT_TRUE(profiler.tasks().empty());
}

// A run in another thread, which is under way when the profiler goes.
TEST(Profiler, MayEndBeforeTheRunsThatItHears) {
  std::latch has_begun(1);
  std::latch profiler_is_gone(1);
  auto profiler = std::make_unique<Profiler>();
  std::thread other([&] {
    TaskGraph graph;
    graph.add("late", [&] {
      has_begun.count_down();
      profiler_is_gone.wait();
      return 1;
    });
    graph.run_all();
  });
  has_begun.wait();
  TaskGraph graph;
  graph.run(graph.add("early", [] { return 1; }), {.scheduler = "sync"});
  const auto tasks = profiler->tasks();
  ASSERT_EQ(tasks.size(), 1u);
  EXPECT_EQ(tasks[0].key, "early");
  profiler.reset();
  profiler_is_gone.count_down();
  other.join();
}

TEST(ResourceProfiler, SamplesTheProcess) {
  std::vector<ResourceSample> samples;
  ResourceProfiler profiler(0.001);
  while (samples.size() < 2) samples = profiler.samples();
  EXPECT_GT(samples[0].memory_bytes, 1'000'000u);
  EXPECT_LT(samples[0].time_s, samples[1].time_s);
}

}  // namespace
}  // namespace plait
