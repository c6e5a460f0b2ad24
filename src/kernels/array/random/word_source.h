// WordSource: the random words of one chunk behind the interface that NumPy's distributions draw from (`bitgen`). Words
// are made in vectors, ahead of their use.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "kernels/array/random/counter_random.h"
#include "kernels/array/random/stream_seed.h"

extern "C" {
struct bitgen;
}

namespace plait {

// Not movable: the interface points to it.
class WordSource {
 public:
  virtual ~WordSource();
  WordSource(const WordSource&) = delete;
  WordSource& operator=(const WordSource&) = delete;

  bitgen* interface() { return interface_.get(); }

 protected:
  WordSource();
  std::unique_ptr<bitgen> interface_;
};

class Pcg64Words final : public WordSource {
 public:
  explicit Pcg64Words(Pcg64 generator);

  std::uint64_t next_uint64() {
    if (next_ == kWords) refill();
    return words_[next_++];
  }
  // The last word that next_uint64 gave will be given again.
  void put_back() { --next_; }
  std::uint32_t next_uint32();

 private:
  static constexpr int kWords = 128;
  void refill();

  Pcg64 generator_;
  std::array<std::uint64_t, kWords> words_;
  int next_ = kWords;
  std::uint32_t half_ = 0;
  bool has_half_ = false;
};

class Mt19937Words final : public WordSource {
 public:
  explicit Mt19937Words(const Mt19937& generator);

  std::uint32_t next_uint32() {
    if (next_ == kWords) refill();
    return words_[next_++];
  }
  std::uint64_t next_uint64() {
    const std::uint64_t high = next_uint32();
    return high << 32 | next_uint32();
  }

 private:
  static constexpr int kWords = Mt19937::kWords;
  void refill();

  Mt19937 generator_;
  std::array<std::uint32_t, kWords> words_;
  int next_ = kWords;
};

// The words of one element after the other: `start` says of which.
class CounterWords final : public WordSource {
 public:
  explicit CounterWords(CounterKey key);

  CounterKey key() const { return key_; }
  // `first_word` is the element's word number 0, made together with its neighbours'.
  void start(std::uint64_t position, std::uint64_t first_word) {
    position_ = position;
    first_word_ = first_word;
    num_drawn_ = 0;
    has_half_ = false;
  }
  std::uint64_t next_uint64() {
    return num_drawn_++ == 0 ? first_word_ : counter_word(key_, position_, num_drawn_ - 1);
  }
  std::uint32_t next_uint32();

 private:
  CounterKey key_;
  std::uint64_t position_ = 0;
  std::uint64_t first_word_ = 0;
  std::uint32_t num_drawn_ = 0;
  std::uint32_t half_ = 0;
  bool has_half_ = false;
};

}  // namespace plait
