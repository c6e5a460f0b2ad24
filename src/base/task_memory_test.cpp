#include "base/task_memory.h"

#include <gtest/gtest.h>

#include <cstring>
#include <thread>

#include "base/buffer.h"
#include "base/plain_pages.h"

namespace plait {
namespace {

TEST(TaskMemory, IsTheMostThatWasTakenAtOneTime) {
  const TaskMemory memory;
  auto first = Buffer::allocate(1 << 20);
  auto second = Buffer::allocate(2 << 20);
  first.reset();
  const auto third = Buffer::allocate(1 << 20);
  EXPECT_EQ(memory.peak_bytes(), std::uint64_t{3} << 20);
}

TEST(TaskMemory, OfATaskInsideAnotherOneCountsForBoth) {
  const TaskMemory outer;
  const auto mine = Buffer::allocate(1 << 20);
  {
    const TaskMemory inner;
    const auto buffer = Buffer::allocate(4 << 20);
    EXPECT_EQ(inner.peak_bytes(), std::uint64_t{4} << 20);
  }
  EXPECT_EQ(outer.peak_bytes(), std::uint64_t{5} << 20);
}

TEST(TaskMemory, LeavesOutWhatOtherThreadsTake) {
  const TaskMemory memory;
  std::thread([] { const auto buffer = Buffer::allocate(1 << 20); }).join();
  EXPECT_EQ(memory.peak_bytes(), 0u);
}

TEST(PlainPages, KeepTheirBytesWhenTheyAreResized) {
  const TaskMemory memory;
  auto* data = static_cast<char*>(take_plain_pages(1 << 20));
  std::memset(data, 7, 1 << 20);
  data = static_cast<char*>(resize_plain_pages(data, 1 << 20, 8 << 20));
  EXPECT_EQ(data[(1 << 20) - 1], 7);
  data[(8 << 20) - 1] = 7;
  data = static_cast<char*>(resize_plain_pages(data, 8 << 20, 1 << 19));
  EXPECT_EQ(data[(1 << 19) - 1], 7);
  give_plain_pages(data, 1 << 19);
  EXPECT_EQ(memory.peak_bytes(), std::uint64_t{8} << 20);
}

TEST(PlainPages, ThatAreKeptForLaterGoBackWhenMemoryIsShort) {
  give_plain_pages(take_plain_pages(1 << 20), 1 << 20);
  EXPECT_GE(pool_status().cached_bytes, std::size_t{1} << 20);
  drop_cached_memory();
  EXPECT_EQ(pool_status().cached_bytes, 0u);
}

TEST(PlainPages, UnusedForLongestGoFirstWhereThePoolIsFull) {
  set_pool_limit(8 << 20);
  void* old = take_plain_pages(1 << 20);
  void* recent = take_plain_pages(3 << 20);
  give_plain_pages(old, 1 << 20);
  give_plain_pages(recent, 3 << 20);
  EXPECT_EQ(take_plain_pages(3 << 20), recent);
  give_plain_pages(recent, 3 << 20);
  give_plain_pages(take_plain_pages(1 << 19), 1 << 19);
  EXPECT_EQ(pool_status().cached_bytes, (std::size_t{3} << 20) + (std::size_t{1} << 19));
  set_pool_limit(std::size_t{1} << 30);
  drop_cached_memory();
}

}  // namespace
}  // namespace plait
