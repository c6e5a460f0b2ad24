#include "kernels/array/random/counter_lanes.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/array/random/counter_lanes.cpp"
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace plait::HWY_NAMESPACE {

void fill_pairs_one_by_one(CounterKey key, std::uint64_t first, std::uint64_t* out, std::int64_t num_blocks) {
  for (std::int64_t i = 0; i < num_blocks; ++i) {
    const std::uint64_t counter = first + i;
    const PhiloxBlock block =
        philox({static_cast<std::uint32_t>(counter), static_cast<std::uint32_t>(counter >> 32), 0, 0}, key);
    out[2 * i] = block[0] | std::uint64_t{block[1]} << 32;
    out[2 * i + 1] = block[2] | std::uint64_t{block[3]} << 32;
  }
}

#if HWY_TARGET <= HWY_AVX2

namespace hn = hwy::HWY_NAMESPACE;

// Each 32-bit word of a block has a vector of 64-bit lanes, whose upper halves hold leftovers that no product reads.
void fill_pairs(CounterKey key, std::uint64_t first, std::uint64_t* out, std::int64_t num_blocks) {
  const hn::ScalableTag<std::uint64_t> d;
  const hn::Repartition<std::uint32_t, decltype(d)> halves;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  const auto product = [&](auto a, auto b) { return hn::MulEven(hn::BitCast(halves, a), hn::BitCast(halves, b)); };
  const auto factor0 = hn::Set(d, kPhiloxFactor0);
  const auto factor1 = hn::Set(d, kPhiloxFactor1);
  const auto low_half = hn::Set(d, 0xffffffff);

  std::int64_t i = 0;
  for (; i + lanes <= num_blocks; i += lanes) {
    const auto counter = hn::Iota(d, first + i);
    auto c0 = counter;
    auto c1 = hn::ShiftRight<32>(counter);
    auto c2 = hn::Zero(d);
    auto c3 = hn::Zero(d);
    std::uint32_t key0 = key.low;
    std::uint32_t key1 = key.high;
    for (int round = 0; round < kPhiloxRounds; ++round) {
      const auto product0 = product(factor0, c0);
      const auto product1 = product(factor1, c2);
      c0 = hn::Xor(hn::Xor(hn::ShiftRight<32>(product1), c1), hn::Set(d, key0));
      c2 = hn::Xor(hn::Xor(hn::ShiftRight<32>(product0), c3), hn::Set(d, key1));
      c1 = product1;
      c3 = product0;
      key0 += kPhiloxKeyStep0;
      key1 += kPhiloxKeyStep1;
    }
    const auto even = hn::Or(hn::And(c0, low_half), hn::ShiftLeft<32>(c1));
    const auto odd = hn::Or(hn::And(c2, low_half), hn::ShiftLeft<32>(c3));
    hn::StoreInterleaved2(even, odd, d, out + 2 * i);
  }
  fill_pairs_one_by_one(key, first + i, out + 2 * i, num_blocks - i);
}

#else

void fill_pairs(CounterKey key, std::uint64_t first, std::uint64_t* out, std::int64_t num_blocks) {
  fill_pairs_one_by_one(key, first, out, num_blocks);
}

#endif

void to_uniform_doubles(const std::uint64_t* words, double* out, std::int64_t n) {
  std::int64_t i = 0;
#if HWY_TARGET <= HWY_AVX3
  const hwy::HWY_NAMESPACE::ScalableTag<double> d;
  const hwy::HWY_NAMESPACE::RebindToSigned<decltype(d)> integers;
  const hwy::HWY_NAMESPACE::RebindToUnsigned<decltype(d)> unsigned_integers;
  const auto scale = Set(d, 0x1p-53);
  const auto lanes = static_cast<std::int64_t>(Lanes(d));
  for (; i + lanes <= n; i += lanes) {
    const auto bits = BitCast(integers, hwy::HWY_NAMESPACE::ShiftRight<11>(LoadU(unsigned_integers, words + i)));
    StoreU(Mul(ConvertTo(d, bits), scale), d, out + i);
  }
#endif
  for (; i < n; ++i) out[i] = static_cast<double>(static_cast<std::int64_t>(words[i] >> 11)) * 0x1p-53;
}

}  // namespace plait::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace plait {

HWY_EXPORT(fill_pairs);
HWY_EXPORT(to_uniform_doubles);

void fill_counter_pairs(CounterKey key, std::uint64_t first, std::uint64_t* out, std::int64_t num_blocks) {
  HWY_DYNAMIC_DISPATCH(fill_pairs)(key, first, out, num_blocks);
}

void uniform_of_words(const std::uint64_t* words, double* out, std::int64_t n) {
  HWY_DYNAMIC_DISPATCH(to_uniform_doubles)(words, out, n);
}

}  // namespace plait
#endif
