#include "kernels/array/random/pcg64.h"

#include <gtest/gtest.h>

#include <vector>

#include "kernels/array/random/checksum_testing.h"
#include "kernels/array/random/processor_testing.h"

namespace plait {
namespace {

Pcg64 seeded() { return Pcg64(SeedSequence(seed_words(42)).pool()); }

TEST(Pcg64, DrawsNumPysWords) {
  Pcg64 generator = seeded();
  EXPECT_EQ(generator.next_uint64(), 0xc621fbcd16d92688);
  EXPECT_EQ(generator.next_uint64(), 0x705a5661a791ffc1);
  EXPECT_EQ(generator.next_uint64(), 0xdbcd12c26eda1624);
}

TEST(Pcg64, KeepsTheUpperHalfOfAWordForTheNextHalf) {
  Pcg64 generator = seeded();
  EXPECT_EQ(generator.next_uint32(), 0x16d92688u);
  EXPECT_EQ(generator.next_uint32(), 0xc621fbcdu);
  EXPECT_EQ(generator.next_uint32(), 0xa791ffc1u);
  EXPECT_EQ(generator.next_uint64(), 0xdbcd12c26eda1624);
  EXPECT_EQ(generator.next_uint32(), 0x705a5661u);
}

TEST(Pcg64, JumpsAhead) {
  Pcg64 generator = seeded();
  generator.advance(uint128{100'000'000'000} * 1'000'000'000);
  EXPECT_EQ(generator.next_uint64(), 0x7725e5fca069b4adu);
}

TEST(Pcg64, FillsNumPysUniforms) {
  NdArray doubles = NdArray::empty(DType::float64, {100003});
  seeded().fill_uniform(doubles.mutable_data<double>(), doubles.size());
  EXPECT_EQ(checksum(doubles), 17683324997309219378u);
  NdArray floats = NdArray::empty(DType::float32, {1001});
  seeded().fill_uniform(floats.mutable_data<float>(), floats.size());
  EXPECT_EQ(checksum(floats), 1054935427379006u);
}

void expect_fills_equal_draws(std::int64_t n) {
  Pcg64 filling = seeded();
  Pcg64 drawing = seeded();
  std::vector<double> uniforms(n);
  std::vector<std::uint64_t> words(n);
  std::vector<float> floats(n);
  filling.fill_uniform(uniforms.data(), n);
  for (const double uniform : uniforms) ASSERT_EQ(uniform, drawing.next_double()) << n;
  filling.fill_uint64(words.data(), n);
  for (const std::uint64_t word : words) ASSERT_EQ(word, drawing.next_uint64()) << n;
  filling.fill_uniform(floats.data(), n);
  for (const float uniform : floats) ASSERT_EQ(uniform, static_cast<float>(drawing.next_uint32() >> 8) * 0x1p-24F) << n;
  ASSERT_EQ(filling.next_uint32(), drawing.next_uint32()) << n;
  ASSERT_EQ(filling.next_uint64(), drawing.next_uint64()) << n;
}

TEST(Pcg64, AFillOfAnyLengthLeavesTheStateAsSingleDrawsDo) {
  on_every_processor([] {
    for (const std::int64_t n : {0, 1, 7, 8, 63, 64, 65, 79, 80, 95, 96, 97, 1000, 2048}) expect_fills_equal_draws(n);
  });
}

}  // namespace
}  // namespace plait
