#include "kernels/array/random/pcg64_lanes.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/array/random/pcg64_lanes.cpp"
// Only AVX-512 has 64-bit multiplication, rotation and conversion in vectors; below it scalar copies are faster.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX2 | HWY_AVX3_DL)
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace plait::HWY_NAMESPACE {

// How a jump of several steps acts: state -> state * factor + increment * addend_factor.
struct Jump {
  uint128 factor = 1;
  uint128 addend_factor = 0;
};

constexpr Jump jump_by(int steps) {
  Jump jump;
  for (int i = 0; i < steps; ++i) {
    jump.addend_factor = jump.addend_factor * Pcg64::kMultiplier + 1;
    jump.factor *= Pcg64::kMultiplier;
  }
  return jump;
}

#if HWY_TARGET <= HWY_AVX3

namespace hn = hwy::HWY_NAMESPACE;
using Words = hn::FixedTag<std::uint64_t, 8>;
using Vec = hn::Vec<Words>;

// Eight 128-bit numbers.
struct Lanes {
  Vec low;
  Vec high;
};

HWY_INLINE Lanes every_lane(uint128 number) {
  const Words d;
  return {hn::Set(d, static_cast<std::uint64_t>(number)), hn::Set(d, static_cast<std::uint64_t>(number >> 64))};
}

HWY_INLINE Lanes next_states(uint128& state, uint128 increment) {
  alignas(64) std::uint64_t low[8];
  alignas(64) std::uint64_t high[8];
  for (int i = 0; i < 8; ++i) {
    state = state * Pcg64::kMultiplier + increment;
    low[i] = static_cast<std::uint64_t>(state);
    high[i] = static_cast<std::uint64_t>(state >> 64);
  }
  const Words d;
  return {hn::Load(d, low), hn::Load(d, high)};
}

HWY_INLINE Vec product_of_halves(Vec a, Vec b) {
  const hn::Repartition<std::uint32_t, Words> halves;
  return hn::MulEven(hn::BitCast(halves, a), hn::BitCast(halves, b));
}

HWY_INLINE Lanes multiplied_and_added(Lanes x, Lanes factor, Vec factor_low_high_half, Lanes addend) {
  const Words d;
  const Vec x_high_half = hn::ShiftRight<32>(x.low);
  const Vec low_low = product_of_halves(x.low, factor.low);
  const Vec low_high = product_of_halves(x.low, factor_low_high_half);
  const Vec high_low = product_of_halves(x_high_half, factor.low);
  const Vec high_high = product_of_halves(x_high_half, factor_low_high_half);
  const Vec half_mask = hn::Set(d, 0xffffffffu);

  const Vec middle = hn::Add(high_low, hn::ShiftRight<32>(low_low));
  const Vec middle_low = hn::Add(hn::And(middle, half_mask), low_high);
  const Vec low = hn::Mul(x.low, factor.low);
  Vec high = hn::Add(hn::Add(high_high, hn::ShiftRight<32>(middle)), hn::ShiftRight<32>(middle_low));
  high = hn::Add(high, hn::Add(hn::Mul(x.low, factor.high), hn::Mul(x.high, factor.low)));

  const Vec sum_low = hn::Add(low, addend.low);
  const Vec carry = hn::VecFromMask(d, hn::Lt(sum_low, addend.low));  // -1 where there is one
  const Vec sum_high = hn::Sub(hn::Add(high, addend.high), carry);
  return {sum_low, sum_high};
}

HWY_INLINE Vec outputs(Lanes x) {
  const Vec rotation = hn::ShiftRight<58>(x.high);
  return Vec{_mm512_rorv_epi64(hn::Xor(x.low, x.high).raw, rotation.raw)};
}

template <class Store>
HWY_INLINE std::int64_t fill_in_lanes(uint128& state, uint128 increment, std::int64_t n, Store store) {
  constexpr std::int64_t kStep = 16;
  if (n < 4 * kStep) return 0;
  constexpr Jump jump = jump_by(kStep);
  const uint128 jump_addend = increment * jump.addend_factor;
  const Lanes factor = every_lane(jump.factor);
  const Vec factor_low_high_half = hn::ShiftRight<32>(factor.low);
  const Lanes addend = every_lane(jump_addend);

  uint128 at = state;
  Lanes a = next_states(at, increment);
  Lanes b = next_states(at, increment);
  std::int64_t filled = 0;
  for (; filled + 2 * kStep <= n; filled += kStep) {
    store(filled, outputs(a));
    store(filled + 8, outputs(b));
    a = multiplied_and_added(a, factor, factor_low_high_half, addend);
    b = multiplied_and_added(b, factor, factor_low_high_half, addend);
  }
  store(filled, outputs(a));
  store(filled + 8, outputs(b));
  state = uint128{hn::ExtractLane(b.high, 7)} << 64 | hn::ExtractLane(b.low, 7);
  return filled + kStep;
}

std::int64_t fill_uint64(uint128& state, uint128 increment, std::uint64_t* out, std::int64_t n) {
  return fill_in_lanes(state, increment, n,
                       [out](std::int64_t at, Vec words) { hn::StoreU(words, Words(), out + at); });
}

std::int64_t fill_uniform(uint128& state, uint128 increment, double* out, std::int64_t n) {
  const hn::RebindToSigned<Words> integers;
  const hn::RebindToFloat<Words> doubles;
  const auto scale = hn::Set(doubles, 0x1p-53);
  return fill_in_lanes(state, increment, n, [=](std::int64_t at, Vec words) {
    const auto integral = hn::ConvertTo(doubles, hn::BitCast(integers, hn::ShiftRight<11>(words)));
    hn::StoreU(hn::Mul(integral, scale), doubles, out + at);
  });
}

#else

// Four copies hide the latency of the 128-bit multiplication.
template <class Store>
std::int64_t fill_in_lanes(uint128& state, uint128 increment, std::int64_t n, Store store) {
  constexpr std::int64_t kStep = 4;
  if (n < 2 * kStep) return 0;
  constexpr Jump jump = jump_by(kStep);
  const uint128 jump_addend = increment * jump.addend_factor;
  uint128 at[kStep];
  for (auto& each : at) each = state = state * Pcg64::kMultiplier + increment;
  std::int64_t filled = 0;
  for (; filled + 2 * kStep <= n; filled += kStep) {
    for (int i = 0; i < kStep; ++i) {
      store(filled + i, Pcg64::output(at[i]));
      at[i] = at[i] * jump.factor + jump_addend;
    }
  }
  for (int i = 0; i < kStep; ++i) store(filled + i, Pcg64::output(at[i]));
  state = at[kStep - 1];
  return filled + kStep;
}

std::int64_t fill_uint64(uint128& state, uint128 increment, std::uint64_t* out, std::int64_t n) {
  return fill_in_lanes(state, increment, n, [out](std::int64_t at, std::uint64_t word) { out[at] = word; });
}

std::int64_t fill_uniform(uint128& state, uint128 increment, double* out, std::int64_t n) {
  return fill_in_lanes(state, increment, n, [out](std::int64_t at, std::uint64_t word) {
    out[at] = static_cast<double>(static_cast<std::int64_t>(word >> 11)) * 0x1p-53;
  });
}

#endif

}  // namespace plait::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace plait {

HWY_EXPORT(fill_uint64);
HWY_EXPORT(fill_uniform);

std::int64_t fill_uint64_in_lanes(uint128& state, uint128 increment, std::uint64_t* out, std::int64_t n) {
  return HWY_DYNAMIC_DISPATCH(fill_uint64)(state, increment, out, n);
}

std::int64_t fill_uniform_in_lanes(uint128& state, uint128 increment, double* out, std::int64_t n) {
  return HWY_DYNAMIC_DISPATCH(fill_uniform)(state, increment, out, n);
}

}  // namespace plait
#endif
