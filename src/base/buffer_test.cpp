#include "base/buffer.h"

#include <gtest/gtest.h>

#include <cstring>

namespace plait {
namespace {

TEST(Buffer, IsAlignedAndWritableAtEverySize) {
  for (std::size_t size : {0ul, 1ul, 63ul, 4096ul, 300'000ul, 5'000'001ul}) {
    const auto buffer = Buffer::allocate(size);
    EXPECT_EQ(buffer->size(), size);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer->data()) % 64, 0u);
    std::memset(buffer->data(), 1, size);
  }
}

TEST(Buffer, LargeMemoryIsUsedAgain) {
  const std::byte* first = Buffer::allocate(3 << 20)->data();
  EXPECT_EQ(Buffer::allocate(3 << 20)->data(), first);
}

TEST(Buffer, ThePoolCountsWhatIsInUseAndKeepsNoMoreThanItsLimit) {
  const PoolStatus before = pool_status();
  auto buffer = Buffer::allocate(8 << 20);
  EXPECT_GE(pool_status().in_use_bytes, before.in_use_bytes + (8 << 20));
  set_pool_limit(1 << 20);
  buffer.reset();
  EXPECT_EQ(pool_status().in_use_bytes, before.in_use_bytes);
  EXPECT_LE(pool_status().cached_bytes, 1u << 20);
  set_pool_limit(std::size_t{1} << 30);
}

TEST(Buffer, WhatIsKeptIsNotMoreThanWhatWasOnceInUse) {
  constexpr std::size_t kMost = 96 << 20;
  const PoolStatus before = pool_status();
  Buffer::allocate(kMost).reset();
  // Sizes that have nothing in common: none of them is used again.
  for (const std::size_t size : {20u << 20, 24u << 20, 28u << 20, 40u << 20, 48u << 20, 56u << 20, 80u << 20}) {
    const auto buffer = Buffer::allocate(size);
    EXPECT_LE(pool_status().in_use_bytes + pool_status().cached_bytes, before.in_use_bytes + kMost) << size;
  }
}

TEST(Buffer, WrappedMemoryKeepsItsOwner) {
  auto owner = std::make_shared<int>(5);
  auto buffer = Buffer::wrap(owner.get(), sizeof(int), owner);
  EXPECT_EQ(owner.use_count(), 2);
  buffer.reset();
  EXPECT_EQ(owner.use_count(), 1);
}

}  // namespace
}  // namespace plait
