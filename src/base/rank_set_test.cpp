#include "base/rank_set.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace plait {
namespace {

TEST(RankSet, FindsFirstLastAndNext) {
  std::mt19937 random(1);
  for (const std::uint32_t size : {1u, 64u, 65u, 5000u, 300000u}) {
    RankSet set(size);
    std::set<std::uint32_t> reference;
    for (int i = 0; i < 2000; ++i) {
      const std::uint32_t rank = random() % size;
      if (random() % 2) {
        set.insert(rank);
        reference.insert(rank);
      } else {
        set.erase(rank);
        reference.erase(rank);
      }
      ASSERT_EQ(set.count(), reference.size());
      ASSERT_EQ(set.first(), reference.empty() ? RankSet::kNone : *reference.begin());
      ASSERT_EQ(set.last(), reference.empty() ? RankSet::kNone : *reference.rbegin());
      const auto above = reference.upper_bound(rank);
      ASSERT_EQ(set.next(rank), above == reference.end() ? RankSet::kNone : *above);
    }
  }
}

}  // namespace
}  // namespace plait
