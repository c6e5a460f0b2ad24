#include "plait/array/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <mutex>

#include "plait/array.h"
#include "runtime/record_executor.h"

namespace plait {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Remembers what is written where.
struct Written {
  std::mutex mutex;
  std::map<std::string, std::string> blocks;

  BlockTarget target() {
    return [this](const TargetPlace& place, const NdArray& block) {
      std::string text;
      for (const auto& [start, stop, step] : place)
        text += std::to_string(start) + ":" + std::to_string(stop) + ":" + std::to_string(step) + " ";
      const std::lock_guard lock(mutex);
      blocks[text] = to_string(block);
    };
  }
};

template <class F>
std::string error_of(const F& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

const Array& grid() {
  static const Array array = arange(0, 6, 1, chunks({6})).reshape({2, 3}).rechunk(chunks({2, 2}));
  return array;
}

TEST(Store, WritesEveryBlockToItsPlace) {
  Written written;
  store(grid(), written.target());
  EXPECT_EQ(written.blocks.size(), 2U);
  EXPECT_EQ(written.blocks["0:2:1 0:2:1 "], "[[0 1]\n [3 4]]");
  EXPECT_EQ(written.blocks["0:2:1 2:3:1 "], "[[2]\n [5]]");
}

TEST(Store, IntoARegionCountsItsSteps) {
  Written written;
  store(grid(), written.target(), {.region = {slice(10, 12), slice(1, {}, 2)}});
  EXPECT_TRUE(written.blocks.contains("10:12:1 1:5:2 "));
  EXPECT_TRUE(written.blocks.contains("10:12:1 5:7:2 "));
  written.blocks.clear();
  store(grid(), written.target(), {.target_shape = Shape{9, 6}, .region = {slice(-2, {}), slice({}, {}, 2)}});
  EXPECT_TRUE(written.blocks.contains("7:9:1 0:4:2 "));
}

TEST(Store, IsLazyUntilItIsComputed) {
  Written written;
  const Array later = lazy_store(grid(), written.target());
  EXPECT_TRUE(written.blocks.empty());
  EXPECT_EQ(to_string(later.compute()), "True");
  EXPECT_EQ(written.blocks.size(), 2U);
}

TEST(Store, RefusesWhatWouldBeLost) {
  Written written;
  const BlockTarget target = written.target();
  EXPECT_THAT(error_of([&] { store(grid(), target, {.target_shape = Shape{2, 9}}); }),
              HasSubstr("the array has shape (2, 3), but the target has (2, 9); give a region"));
  EXPECT_THAT(error_of([&] { store(grid(), target, {.region = {slice(0, 2), slice(0, 2)}}); }),
              HasSubstr("the array has shape (2, 3), but the region has (2, 2)"));
  EXPECT_THAT(error_of([&] { store(grid(), target, {.target_shape = Shape{2, 3}, .region = {all, slice(1, {})}}); }),
              HasSubstr("the region has (2, 2)"));
  EXPECT_THAT(error_of([&] { store(grid(), target, {.region = {all}}); }), HasSubstr("has 1 slices"));
  EXPECT_THAT(error_of([&] { store(grid(), target, {.region = {1, all}}); }), HasSubstr("made of slices forwards"));
  EXPECT_THAT(error_of([&] { store(grid(), target, {.region = {slice(-2, {}), all}}); }),
              HasSubstr("needs a target whose shape is known"));
  EXPECT_THAT(error_of([&] { store(grid()[grid() > 2], target); }), HasSubstr("blocks of unknown extent"));
}

TEST(Store, ATargetWithANameTravelsAndAnotherSaysThatItCannot) {
  register_record_executor();
  static Written far;
  const BlockTarget named = BlockTarget::registered("far", far.target().write());
  store(grid(), named, {}, {.scheduler = "records"});
  EXPECT_EQ(far.blocks.size(), 2U);
  EXPECT_THAT(error_of([&] { store(grid(), far.target(), {}, {.scheduler = "records"}); }),
              HasSubstr("register it by name"));
}

}  // namespace
}  // namespace plait
