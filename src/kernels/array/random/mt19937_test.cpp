#include "kernels/array/random/mt19937.h"

#include <gtest/gtest.h>

#include <vector>

#include "kernels/array/random/checksum_testing.h"
#include "kernels/array/random/processor_testing.h"

namespace plait {
namespace {

TEST(Mt19937, FillsRandomStatesUniforms) {
  on_every_processor([] {
    NdArray uniforms = NdArray::empty(DType::float64, {100003});
    Mt19937(42u).fill_uniform(uniforms.mutable_data<double>(), uniforms.size());
    EXPECT_EQ(checksum(uniforms), 17485232032015943704u);
    EXPECT_EQ(uniforms.at<double>({1}), 0.9507143064099162);
  });
}

TEST(Mt19937, TakesAnArrayAsSeed) {
  const std::uint32_t key[] = {1, 2, 3};
  EXPECT_EQ(Mt19937(std::span<const std::uint32_t>(key)).next_uint32(), 0x9c1fde5eu);
}

TEST(Mt19937, NumbersThatStraddleTwoBlocksAreRandomStates) {
  Mt19937 generator(42u);
  double start[3];
  generator.fill_uniform(start, 3);
  EXPECT_EQ(generator.next_uint32(), 0x9941aebcu);
  NdArray uniforms = NdArray::empty(DType::float64, {1001});
  generator.fill_uniform(uniforms.mutable_data<double>(), uniforms.size());
  EXPECT_EQ(checksum(uniforms), 12458584754903193721u);
}

TEST(Mt19937, AFillOfAnyLengthLeavesTheStateAsSingleDrawsDo) {
  on_every_processor([] {
    Mt19937 filling(7u);
    Mt19937 drawing(7u);
    for (const std::int64_t n : {0, 1, 3, 8, 299, 1, 311, 312, 313, 624, 625, 2048}) {
      std::vector<double> uniforms(n);
      std::vector<std::uint32_t> words(n);
      filling.fill_uniform(uniforms.data(), n);
      for (const double uniform : uniforms) ASSERT_EQ(uniform, drawing.next_double()) << n;
      filling.fill_uint32(words.data(), n);
      for (const std::uint32_t word : words) ASSERT_EQ(word, drawing.next_uint32()) << n;
    }
  });
}

TEST(Mt19937, SkippingABlockIsDrawing624Words) {
  Mt19937 skipping(7u);
  Mt19937 drawing(7u);
  for (int i = 0; i < 100; ++i) ASSERT_EQ(skipping.next_uint32(), drawing.next_uint32());
  skipping.skip_block();
  for (int i = 0; i < Mt19937::kWords; ++i) drawing.next_uint32();
  EXPECT_EQ(skipping.position(), drawing.position());
  EXPECT_EQ(skipping.next_uint32(), drawing.next_uint32());
}

}  // namespace
}  // namespace plait
