// MT19937: the Mersenne twister behind RandomState and the module's own functions, with exactly NumPy's numbers.
//
// A value of 2.5 KiB; one thread at a time. The twist and the conversion to doubles are vectorised for the processor at
// hand; the state is left as if the numbers were drawn one by one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace plait {

class Mt19937 {
 public:
  static constexpr int kWords = 624;
  using Words = std::array<std::uint32_t, kWords>;

  // RandomState(seed) for an integer.
  explicit Mt19937(std::uint32_t seed);
  // RandomState(key) for an array.
  explicit Mt19937(std::span<const std::uint32_t> key);
  // A state that was taken before; `position` is the number of words already drawn from it.
  Mt19937(const Words& words, int position);
  // From the operating system.
  static Mt19937 from_system();

  std::uint32_t next_uint32() {
    if (position_ == kWords) twist();
    return tempered(words_[position_++]);
  }
  // The high half comes first.
  std::uint64_t next_uint64() {
    const std::uint64_t high = next_uint32();
    return high << 32 | next_uint32();
  }
  // In [0, 1), a multiple of 2^-53 made of two words.
  double next_double() {
    const std::uint32_t high = next_uint32() >> 5;
    const std::uint32_t low = next_uint32() >> 6;
    return (high * 67108864.0 + low) * 0x1p-53;
  }

  void fill_uniform(double* out, std::int64_t n);
  void fill_uint32(std::uint32_t* out, std::int64_t n);

  Words words() const;
  int position() const { return position_; }
  // As if 624 words had been drawn.
  void skip_block();

 private:
  Mt19937() = default;
  void start_from(std::uint32_t seed);
  void twist();
  static std::uint32_t tempered(std::uint32_t word) {
    word ^= word >> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return word ^ (word >> 18);
  }

  // The words after the last repeat the first ones during a twist, so that its vectors need no wrapping around.
  alignas(64) std::array<std::uint32_t, kWords + 16> words_;
  int position_ = kWords;
};

}  // namespace plait
