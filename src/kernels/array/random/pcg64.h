// PCG64 (XSL-RR 128/64): the generator behind default_rng, with exactly NumPy's numbers.
//
// A value with a state of 40 bytes; one thread at a time. Filling many uniforms runs several jumped-ahead copies of the
// generator side by side where the processor has AVX-512, and leaves the state as if the numbers were drawn one by one.
#pragma once

#include <cstdint>
#include <optional>

#include "kernels/array/random/seed_sequence.h"

namespace plait {

__extension__ typedef unsigned __int128 uint128;

class Pcg64 {
 public:
  explicit Pcg64(const SeedPool& pool);
  // A state that was taken before.
  Pcg64(uint128 state, uint128 increment, std::optional<std::uint32_t> kept_half = {})
      : state_(state), increment_(increment), half_(kept_half.value_or(0)), has_half_(kept_half.has_value()) {}

  std::uint64_t next_uint64() {
    state_ = state_ * kMultiplier + increment_;
    return output(state_);
  }
  // Halves of 64-bit words: the low half first, the high one is kept for the next call.
  std::uint32_t next_uint32() {
    if (has_half_) {
      has_half_ = false;
      return half_;
    }
    const std::uint64_t word = next_uint64();
    has_half_ = true;
    half_ = static_cast<std::uint32_t>(word >> 32);
    return static_cast<std::uint32_t>(word);
  }
  // In [0, 1), a multiple of 2^-53.
  double next_double() { return static_cast<double>(next_uint64() >> 11) * 0x1p-53; }

  void fill_uint64(std::uint64_t* out, std::int64_t n);
  void fill_uniform(double* out, std::int64_t n);
  // NumPy's random(dtype=float32): 24 bits of each half word.
  void fill_uniform(float* out, std::int64_t n);

  // As if `count` 64-bit words had been drawn; forgets a kept half.
  void advance(uint128 count);

  uint128 state() const { return state_; }
  uint128 increment() const { return increment_; }
  std::optional<std::uint32_t> kept_half() const { return has_half_ ? std::optional(half_) : std::nullopt; }

  static constexpr uint128 kMultiplier = uint128{0x2360ed051fc65da4} << 64 | 0x4385df649fccf645;

  static std::uint64_t output(uint128 state) {
    const auto high = static_cast<std::uint64_t>(state >> 64);
    const std::uint64_t folded = high ^ static_cast<std::uint64_t>(state);
    const auto rotation = static_cast<unsigned>(high >> 58);
    return folded >> rotation | folded << (-rotation & 63);
  }

 private:
  uint128 state_;
  uint128 increment_;
  std::uint32_t half_ = 0;
  bool has_half_ = false;
};

}  // namespace plait
