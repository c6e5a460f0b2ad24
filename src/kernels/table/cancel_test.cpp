// Long work on rows ends once its task is cancelled, far below the kernel.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <random>

#include "base/kernel.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/distinct.h"
#include "kernels/table/elementwise.h"
#include "kernels/table/groupby.h"
#include "kernels/table/join.h"
#include "kernels/table/reduce.h"
#include "kernels/table/sort.h"

namespace plait {
namespace {

// Hardly any two keys are equal.
const Table& long_table() {
  static const Table table = [] {
    NdArray keys = NdArray::empty(DType::int64, {600'000});
    std::mt19937_64 engine(1);
    for (std::int64_t& key : std::span(keys.mutable_data<std::int64_t>(), 600'000))
      key = static_cast<std::int64_t>(engine() >> 1);
    return table_of({{"k", chunked(arrow_array_of(keys))}});
  }();
  return table;
}

// How often `work` looks at its task when nobody cancels it; and that it ends at the last of these looks when somebody
// does.
int looks_of(const std::function<void()>& work) {
  int looks = 0;
  const std::function<void()> count = [&] { ++looks; };
  {
    const TaskContext context(nullptr, nullptr, &count);
    const RunningTask running(context);
    work();
  }
  std::atomic<bool> cancelled = false;
  int left = looks;
  const std::function<void()> cancel_at_last = [&] { cancelled = --left <= 1; };
  const TaskContext context(&cancelled, nullptr, &cancel_at_last);
  const RunningTask running(context);
  EXPECT_THROW(work(), Error);
  return looks;
}

TEST(Cancelling, ReachesLongWorkOnRows) {
  const Table& table = long_table();
  EXPECT_GT(
      looks_of([&] { groupby(table, {.keys = {"k"}, .aggregates = {{"", Aggregation::size, "n"}}, .sort = false}); }),
      30);
  EXPECT_GT(looks_of([&] { reduce(table["k"], {.reduction = Reduction::nunique}); }), 30);
  EXPECT_GT(looks_of([&] { astype(table, {.types = {{"k", parse_column_type("string")}}}); }), 30);
  EXPECT_GE(looks_of([&] { sort(table, {.by = {"k"}}); }), 8);
  EXPECT_GE(looks_of([&] { drop_duplicates(table, {}); }), 3);
  EXPECT_GE(looks_of([&] { join(table, table, {.left_on = {"k"}, .right_on = {"k"}}); }), 10);
}

}  // namespace
}  // namespace plait
