#include "kernels/array/random/mt19937_blocks.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/array/random/mt19937_blocks.cpp"
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace plait::HWY_NAMESPACE {

constexpr int kBlock = 624;
constexpr int kAhead = 397;  // the word that each word is mixed with

#if HWY_TARGET <= HWY_AVX2

namespace hn = hwy::HWY_NAMESPACE;

// The words [begin, end) made new; `partner` is where the word to mix with stands, from the word's own place.
HWY_INLINE void twist_range(std::uint32_t* words, int begin, int end, int partner) {
  const hn::ScalableTag<std::uint32_t> d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const auto low_bits = hn::Set(d, 0x7fffffff);
  const auto one = hn::Set(d, 1);
  const auto zero = hn::Zero(d);
  const auto matrix = hn::Set(d, 0x9908b0df);
  for (int i = begin; i < end; i += lanes) {
    const auto here = hn::Load(d, words + i);
    const auto next = hn::LoadU(d, words + i + 1);
    const auto mixed = hn::Or(hn::AndNot(low_bits, here), hn::And(low_bits, next));
    const auto odd = hn::And(matrix, hn::Sub(zero, hn::And(mixed, one)));  // the low bit is that of `next`
    const auto with = hn::LoadU(d, words + i + partner);
    hn::Store(hn::Xor(hn::Xor(with, hn::ShiftRight<1>(mixed)), odd), d, words + i);
  }
}

void twist(std::uint32_t* words) {
  // The words after the block stand for its first 16, made new: the last word's neighbour and the partners of the words
  // from 227 on. The first part ends at 240, a whole number of vectors of any width.
  constexpr int kWide = 16;
  twist_range(words, 0, kWide, kAhead);
  std::copy_n(words, kWide, words + kBlock);
  twist_range(words, kWide, 240, kAhead);
  twist_range(words, 240, kBlock, kAhead - kBlock);
}

template <class V>
HWY_INLINE V tempered(V word) {
  const hn::DFromV<V> d;
  word = hn::Xor(word, hn::ShiftRight<11>(word));
  word = hn::Xor(word, hn::And(hn::ShiftLeft<7>(word), hn::Set(d, 0x9d2c5680)));
  word = hn::Xor(word, hn::And(hn::ShiftLeft<15>(word), hn::Set(d, 0xefc60000)));
  return hn::Xor(word, hn::ShiftRight<18>(word));
}

void to_drawn_words(const std::uint32_t* words, std::uint32_t* out, std::int64_t n) {
  const hn::ScalableTag<std::uint32_t> d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  std::int64_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(tempered(hn::LoadU(d, words + i)), d, out + i);
  if (i == n) return;
  alignas(64) std::uint32_t last[HWY_MAX_BYTES / 4] = {};
  std::copy(words + i, words + n, last);
  hn::Store(tempered(hn::Load(d, last)), d, last);
  std::copy_n(last, n - i, out + i);
}

// In a 64-bit lane the first word of a pair is the low half: its upper 27 bits go before the other's upper 26.
template <class D, class V>
HWY_INLINE auto uniform_of_pairs(D pairs, V words) {
  const hn::RebindToFloat<D> doubles;
  const auto pair = hn::BitCast(pairs, words);
  const auto upper = hn::Set(pairs, ((std::uint64_t{1} << 27) - 1) << 26);
  const auto bits = hn::Or(hn::And(hn::ShiftLeft<21>(pair), upper), hn::ShiftRight<38>(pair));
#if HWY_TARGET <= HWY_AVX3
  const hn::RebindToSigned<D> integers;
  return hn::Mul(hn::ConvertTo(doubles, hn::BitCast(integers, bits)), hn::Set(doubles, 0x1p-53));
#else
  // Without a conversion of 64-bit integers: the upper 27 bits and the lower 26 become mantissas of two large doubles.
  const auto low_mask = hn::Set(pairs, (std::uint64_t{1} << 26) - 1);
  const auto one = hn::Set(doubles, 1.0);
  const auto high = hn::BitCast(doubles, hn::Or(hn::ShiftLeft<25>(hn::ShiftRight<26>(bits)), hn::BitCast(pairs, one)));
  const auto low = hn::BitCast(doubles, hn::Or(hn::ShiftLeft<26>(hn::And(bits, low_mask)), hn::BitCast(pairs, one)));
  return hn::Add(hn::Sub(high, one), hn::Mul(hn::Sub(low, one), hn::Set(doubles, 0x1p-27)));
#endif
}

void to_uniform(const std::uint32_t* words, double* out, std::int64_t n) {
  const hn::ScalableTag<std::uint32_t> d;
  const hn::Repartition<std::uint64_t, decltype(d)> pairs;
  const hn::RebindToFloat<decltype(pairs)> doubles;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(pairs));
  std::int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    hn::StoreU(uniform_of_pairs(pairs, tempered(hn::LoadU(d, words + 2 * i))), doubles, out + i);
  }
  if (i == n) return;
  alignas(64) std::uint32_t last_words[HWY_MAX_BYTES / 4] = {};
  alignas(64) double last[HWY_MAX_BYTES / 8];
  std::copy(words + 2 * i, words + 2 * n, last_words);
  hn::Store(uniform_of_pairs(pairs, tempered(hn::Load(d, last_words))), doubles, last);
  std::copy_n(last, n - i, out + i);
}

#else

std::uint32_t twisted(std::uint32_t here, std::uint32_t next, std::uint32_t with) {
  const std::uint32_t mixed = (here & 0x80000000) | (next & 0x7fffffff);
  return with ^ (mixed >> 1) ^ (-(next & 1) & 0x9908b0df);
}

void twist(std::uint32_t* words) {
  for (int i = 0; i < kBlock - kAhead; ++i) words[i] = twisted(words[i], words[i + 1], words[i + kAhead]);
  words[kBlock] = words[0];
  for (int i = kBlock - kAhead; i < kBlock; ++i) words[i] = twisted(words[i], words[i + 1], words[i + kAhead - kBlock]);
}

std::uint32_t tempered(std::uint32_t word) {
  word ^= word >> 11;
  word ^= (word << 7) & 0x9d2c5680;
  word ^= (word << 15) & 0xefc60000;
  return word ^ (word >> 18);
}

void to_drawn_words(const std::uint32_t* words, std::uint32_t* out, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) out[i] = tempered(words[i]);
}

void to_uniform(const std::uint32_t* words, double* out, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t high = tempered(words[2 * i]) >> 5;
    const std::int64_t low = tempered(words[2 * i + 1]) >> 6;
    out[i] = static_cast<double>(high << 26 | low) * 0x1p-53;
  }
}

#endif

}  // namespace plait::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace plait {

HWY_EXPORT(twist);
HWY_EXPORT(to_drawn_words);
HWY_EXPORT(to_uniform);

void twist_block(std::uint32_t* words) { HWY_DYNAMIC_DISPATCH(twist)(words); }

void temper_block(const std::uint32_t* words, std::uint32_t* out, std::int64_t n) {
  HWY_DYNAMIC_DISPATCH(to_drawn_words)(words, out, n);
}

void temper_to_uniform(const std::uint32_t* words, double* out, std::int64_t n) {
  HWY_DYNAMIC_DISPATCH(to_uniform)(words, out, n);
}

}  // namespace plait
#endif
