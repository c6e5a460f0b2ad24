#include "kernels/array/random/seed_sequence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plait {
namespace {

using testing::ElementsAre;

template <class Word>
std::vector<Word> generated(const SeedPool& pool, std::size_t count) {
  std::vector<Word> words(count);
  pool.generate(std::span(words));
  return words;
}

TEST(SeedSequence, GeneratesNumPysWords) {
  const SeedSequence seed(seed_words(42));
  EXPECT_THAT(generated<std::uint32_t>(seed.pool(), 4), ElementsAre(0xcd540ab7, 0x9f1e2e6d, 0x79fb94b6, 0xd57873dc));
  EXPECT_THAT(generated<std::uint64_t>(seed.pool(), 3),
              ElementsAre(0x9f1e2e6dcd540ab7, 0xd57873dc79fb94b6, 0x7d282a1b64d420b7));
}

TEST(SeedSequence, TakesSeedsOfAnySize) {
  const auto start = [](std::vector<std::uint32_t> words) {
    return generated<std::uint32_t>(SeedSequence(std::move(words)).pool(), 2);
  };
  EXPECT_THAT(start(seed_words(0)), ElementsAre(0xb0f478be, 0xdb2cd7e7));
  EXPECT_THAT(start(seed_words((1ull << 40) + 5)), ElementsAre(0xe08a170b, 0xdae41755));
  EXPECT_THAT(start({1, 2, 3, 4, 5, 6}), ElementsAre(0x1d1bca21, 0xebcd001d));
  // 2**200 + 12345678901234567890
  EXPECT_THAT(start({0xeb1f0ad2, 0xab54a98c, 0, 0, 0, 0, 0x100}), ElementsAre(0x7b564807, 0xaba6b490));
}

TEST(SeedSequence, SpawnsNumPysChildren) {
  SeedSequence seed(seed_words(42));
  EXPECT_EQ(seed.spawn(2), 0u);
  EXPECT_EQ(seed.spawn(1), 2u);
  EXPECT_EQ(seed.num_children_spawned(), 3u);
  const SeedPool child_of_child = seed.pool().child(2).child(1);
  EXPECT_THAT(generated<std::uint32_t>(child_of_child, 2), ElementsAre(0x9a338985, 0x668f04a1));
  EXPECT_EQ(SeedSequence(seed_words(42), {2, 1}).pool(), child_of_child);
}

TEST(SeedSequence, FromTheSystemIsNewEachTime) {
  EXPECT_NE(SeedSequence::from_system().pool(), SeedSequence::from_system().pool());
}

}  // namespace
}  // namespace plait
