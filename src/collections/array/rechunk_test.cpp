#include "collections/array/rechunk.h"

#include <gmock/gmock.h>

#include "collections/array/array_testing.h"
#include "collections/array/layout.h"
#include "collections/array/rechunk_plan.h"
#include "collections/array/slicing.h"
#include "plait/config.h"

namespace plait {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

// Nothing can be pushed through a reversed slice of a transposed one into memory: blocks are really cut.
ExprPtr opaque(ExprPtr x) {
  ComputeOptions options;
  options.scheduler = "sync";
  return persist({std::move(x)}, options)[0];
}

TEST(Rechunk, PastesNewBlocksFromOldOnes) {
  const ExprPtr x = opaque(numbered(4, 6, {{1, 2, 1}, {4, 2}}));
  const std::string whole = computed_text(numbered(4, 6, {{4}, {6}}));
  EXPECT_EQ(computed_text(rechunk(x, {{4}, {6}})), whole);
  EXPECT_EQ(computed_text(rechunk(x, {{2, 2}, {1, 1, 4}})), whole);
  EXPECT_EQ(computed_text(rechunk(rechunk(x, {{2, 2}, {1, 1, 4}}), {{1, 1, 1, 1}, {6}})), whole);
}

TEST(Rechunk, ToTheSameChunksIsTheArrayItself) {
  const ExprPtr x = numbered(4, 6, {{2, 2}, {6}});
  EXPECT_EQ(rechunk(x, {{2, 2}, {6}}), x);
  EXPECT_EQ(optimize({rechunk(rechunk(opaque(x), {{4}, {6}}), {{2, 2}, {6}})})[0]->op(), "array");
}

TEST(Rechunk, GoesThroughTilesWhereATaskMayHoldLittleMemory) {
  const std::map<std::string, std::string> settings = {{"array.rechunk.task-size", "1000"}};
  const config::Scope scope(settings);
  const ExprPtr x = opaque(numbered(16, 16, {std::vector<std::int64_t>(16, 1), {16}}));
  const ExprPtr columns = rechunk(x, {{16}, std::vector<std::int64_t>(16, 1)});
  EXPECT_EQ(computed_text(columns), computed_text(numbered(16, 16, {{16}, {16}})));
  EXPECT_EQ(optimize({columns})[0]->operands()[0]->op(), "rechunk");
}

struct TaskCounter : Observer {
  std::size_t num_tasks = 0;
  void run_started(const Graph& graph, int) override { num_tasks = graph.size(); }
};

TEST(Rechunk, IsPlannedWithTheBudgetOfItsRun) {
  const ExprPtr x = opaque(numbered(16, 16, {std::vector<std::int64_t>(16, 1), {16}}));
  const ExprPtr columns = rechunk(x, {{16}, std::vector<std::int64_t>(16, 1)});
  auto num_tasks = [&](std::uint64_t budget_bytes) {
    TaskCounter counter;
    ComputeOptions options;
    options.scheduler = "sync";
    options.run = {.memory_budget_bytes = budget_bytes, .observers = {&counter}};
    compute({columns}, options);
    return counter.num_tasks;
  };
  EXPECT_EQ(num_tasks(1'000'000), 16u + 16u);
  EXPECT_GT(num_tasks(4'000), 16u + 16u) << "there are tiles in between";
}

TEST(IntermediateChunks, KeepEveryTaskWithinItsMemory) {
  const std::vector<std::int64_t> thin(400, 100);
  const ArrayMeta rows(DType::float64, {thin, {40000}});
  const Chunks columns = {{40000}, thin};
  constexpr std::uint64_t kLimit = 512 << 20;
  const auto between = intermediate_chunks(rows, columns, kLimit);
  ASSERT_THAT(between, SizeIs(1));
  const std::int64_t tile_rows = between[0][0][0];
  const std::int64_t tile_columns = between[0][1][0];
  EXPECT_LE(tile_rows * (40000 + tile_columns) * 8, static_cast<std::int64_t>(kLimit));
  EXPECT_LE((tile_columns + 100) * 40000 * 8, static_cast<std::int64_t>(kLimit));
  EXPECT_GE(tile_rows, 400);
  EXPECT_GE(tile_columns, 400);
}

TEST(Rechunk, NamesSumsThatDoNotFit) {
  const ExprPtr x = numbered(4, 6, {{4}, {6}});
  EXPECT_EQ(error_text([&] { rechunk(x, {{3}, {6}}); }),
            "rechunk: chunks along axis 0 sum to 3, but the array has 4 rows");
  EXPECT_THAT(error_text([&] { rechunk(x, {{4}, {7, -1}}); }), HasSubstr("along axis 1 are (7, -1)"));
}

TEST(CommonChunks, HoldEveryBoundaryAndNameShapesThatDoNotBroadcast) {
  EXPECT_EQ(common_chunks("add", {{{3, 3}, {4}}, {{2, 2}}}), (Chunks{{3, 3}, {2, 2}}));
  EXPECT_EQ(common_chunks("add", {{{3, 3}}, {{2, 4}}}), (Chunks{{2, 1, 3}}));
  EXPECT_EQ(common_chunks("add", {{{0, 1, 0}}, {{0, 1, 0}}}), (Chunks{{0, 1, 0}}));
  EXPECT_EQ(common_chunks("add", {{{0, 1, 0}}, {{1}}}), (Chunks{{1}}));
  EXPECT_EQ(common_chunks("add", {{{0, 1, 0}}, {{2, 2}}}), (Chunks{{2, 2}}));
  EXPECT_THAT(error_text([] { common_chunks("add", {{{3}}, {{4}}}); }),
              HasSubstr("add: operands could not be broadcast together with shapes (3,) and (4,)"));
}

}  // namespace
}  // namespace plait
