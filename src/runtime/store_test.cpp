#include "runtime/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <thread>

#include "plait/ndarray.h"
#include "runtime/open_descriptors.h"
#include "runtime/parcel.h"

namespace plait {
namespace {

class StoreTest : public testing::Test {
 protected:
  void SetUp() override { register_base_value_types(); }

  Store store{10, testing::TempDir()};
};

Value filled(std::int64_t number) {
  return Value::of(NdArray::from<std::int64_t>({8'000}, std::vector<std::int64_t>(8'000, number)));
}

std::int64_t number_in(const Value& value) { return value.as<NdArray>().at<std::int64_t>({7'999}); }

TEST_F(StoreTest, CopiesOnDiskAreReadBack) {
  for (TaskId task = 0; task < 10; ++task) store.write_copy(task, filled(task));
  for (TaskId task = 0; task < 10; ++task) EXPECT_EQ(number_in(store.read_copy(task)), task);
  EXPECT_EQ(number_in(store.read_copy(3)), 3) << "as often as one likes";
}

TEST_F(StoreTest, ATakenCopyIsOutOfTheBooks) {
  EXPECT_FALSE(store.take_copy(1)) << "none was written";
  store.write_copy(1, filled(1));
  EXPECT_FALSE(store.take_copy(2));
  const auto taken = store.take_copy(1);
  ASSERT_TRUE(taken);
  EXPECT_FALSE(store.take_copy(1));
  store.forget(*taken);
}

TEST_F(StoreTest, ForgottenSpaceIsUsedAgain) {
  store.write_copy(0, filled(0));
  store.write_copy(1, filled(1));
  const std::uint64_t size = store.spill_files().front().size_bytes();
  for (int round = 0; round < 10; ++round) {
    store.forget(*store.take_copy(0));
    store.write_copy(0, filled(round));
    EXPECT_EQ(number_in(store.read_copy(0)), round);
  }
  EXPECT_EQ(store.spill_files().front().size_bytes(), size);
  EXPECT_EQ(number_in(store.read_copy(1)), 1);
}

TEST_F(StoreTest, ADamagedCopyIsNoticed) {
  store.write_copy(0, filled(0x0123456789));
  const int file = store.spill_files().front().descriptor();
  const std::string damage(static_cast<std::size_t>(store.spill_files().front().size_bytes()), 'x');
  ASSERT_EQ(::pwrite(file, damage.data(), damage.size(), 0), static_cast<ssize_t>(damage.size()));
  EXPECT_THROW(store.read_copy(0), Error);
}

TEST_F(StoreTest, WhatLiesInSharedMemoryComesBackThere) {
  register_parcels();
  const Value value = filled(7);
  store.write_copy(2, Value::of(Parcel::of_value(value)));
  const Value back = store.read_copy(2);
  const auto& parcel = back.as<Parcel>();
  EXPECT_EQ(parcel.value_bytes(), value.num_bytes());
  EXPECT_EQ(number_in(parcel.value()), 7);
  const int file = store.spill_files().front().descriptor();
  const std::string damage(100, 'x');
  ASSERT_EQ(::pwrite(file, damage.data(), damage.size(), 0), static_cast<ssize_t>(damage.size()));
  EXPECT_THROW(store.read_copy(2), Error);
}

TEST_F(StoreTest, WithoutSpillingThereIsNoFile) {
  const std::size_t before = num_open_descriptors();
  store[3] = filled(3);
  EXPECT_EQ(number_in(store[3]), 3);
  EXPECT_TRUE(store.spill_files().empty());
  store.write_copy(3, store[3]);
  EXPECT_EQ(store.spill_files().size(), 1);
  EXPECT_EQ(num_open_descriptors(), before + 1);
}

TEST_F(StoreTest, ManyThreadsWriteAndReadCopies) {
  std::vector<std::thread> threads;
  for (TaskId first = 0; first < 4; ++first) {
    threads.emplace_back([&, first] {
      for (int round = 0; round < 20; ++round) {
        for (TaskId task = first; task < 8; task += 4) store.write_copy(task, filled(task + round));
        for (TaskId task = first; task < 8; task += 4) EXPECT_EQ(number_in(store.read_copy(task)), task + round);
        for (TaskId task = first; task < 8; task += 4) store.forget(*store.take_copy(task));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_LE(store.spill_files().size(), threads.size());
}

}  // namespace
}  // namespace plait
