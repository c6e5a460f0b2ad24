#include "kernels/array/random/ziggurat.h"

#include <numpy/random/distributions.h>

#include <algorithm>
#include <array>
#include <bit>

namespace plait {
namespace {

struct Layers {
  std::array<double, 256> widths;
  // Multiples of a width below this limit are accepted; 0 for a layer without any.
  std::array<std::uint64_t, 256> limits;
};

// A word is a layer, for normal numbers a sign, and a multiple of the layer's width.
struct NormalWord {
  static constexpr int kMultipleBits = 52;
  static std::uint64_t layer(std::uint64_t word) { return word & 0xff; }
  static std::uint64_t multiple(std::uint64_t word) { return word << 3 >> 12; }
  static double signed_like(std::uint64_t word, double number) {
    return std::bit_cast<double>(std::bit_cast<std::uint64_t>(number) ^ ((word & 0x100) << 55));
  }
  static std::uint64_t word(std::uint64_t layer, std::uint64_t multiple) { return multiple << 9 | layer; }
  static double draw(bitgen* words) { return random_standard_normal(words); }
};

struct ExponentialWord {
  static constexpr int kMultipleBits = 53;
  static std::uint64_t layer(std::uint64_t word) { return word >> 3 & 0xff; }
  static std::uint64_t multiple(std::uint64_t word) { return word >> 11; }
  static double signed_like(std::uint64_t, double number) { return number; }
  static std::uint64_t word(std::uint64_t layer, std::uint64_t multiple) { return multiple << 11 | layer << 3; }
  static double draw(bitgen* words) { return random_standard_exponential(words); }
};

// Shows the library one word and sees what it makes of it, and whether it asks for more.
template <class Word>
class Probe {
 public:
  double draw(std::uint64_t layer, std::uint64_t multiple) {
    words_ = {Word::word(layer, multiple), Word::word(100, 0)};
    num_asked_ = 0;
    bitgen interface{
        .state = this, .next_uint64 = next_word, .next_uint32 = nullptr, .next_double = next_half, .next_raw = nullptr};
    return Word::draw(&interface);
  }
  bool is_accepted(std::uint64_t layer, std::uint64_t multiple) {
    draw(layer, multiple);
    return num_asked_ == 1;
  }

 private:
  // The word in question, then one that every ziggurat accepts.
  static std::uint64_t next_word(void* probe) {
    auto& self = *static_cast<Probe*>(probe);
    return self.words_[self.num_asked_++ == 0 ? 0 : 1];
  }
  static double next_half(void* probe) {
    ++static_cast<Probe*>(probe)->num_asked_;
    return 0.5;
  }

  std::array<std::uint64_t, 2> words_{};
  int num_asked_ = 0;
};

template <class Word>
Layers learnt_layers() {
  Probe<Word> probe;
  Layers layers{};
  for (std::uint64_t layer = 0; layer < 256; ++layer) {
    std::uint64_t limit = 0;
    for (int bit = Word::kMultipleBits - 1; bit >= 0; --bit) {
      if (probe.is_accepted(layer, limit + (std::uint64_t{1} << bit) - 1)) limit += std::uint64_t{1} << bit;
    }
    layers.limits[layer] = limit;
    layers.widths[layer] = limit > 1 ? probe.draw(layer, 1) : 0;
  }
  return layers;
}

template <class Word>
const Layers& layers_of() {
  static const Layers layers = learnt_layers<Word>();
  return layers;
}

// True with the number that `word` gives by itself, false if it takes more.
template <class Word>
inline bool draw_quickly(const Layers& layers, std::uint64_t word, double& number) {
  const std::uint64_t layer = Word::layer(word);
  const std::uint64_t multiple = Word::multiple(word);
  number = Word::signed_like(word, static_cast<double>(static_cast<std::int64_t>(multiple)) * layers.widths[layer]);
  return multiple < layers.limits[layer];
}

template <class Word>
void fill(Pcg64Words& words, double* out, std::int64_t n) {
  const Layers& layers = layers_of<Word>();
  for (std::int64_t i = 0; i < n; ++i) {
    if (draw_quickly<Word>(layers, words.next_uint64(), out[i])) [[likely]]
      continue;
    words.put_back();
    out[i] = Word::draw(words.interface());
  }
}

template <class Word>
void fill(CounterWords& words, std::uint64_t first_position, double* out, std::int64_t n) {
  const Layers& layers = layers_of<Word>();
  std::array<std::uint64_t, 256> first_words;
  for (std::int64_t at = 0; at < n; at += first_words.size()) {
    const std::int64_t count = std::min<std::int64_t>(n - at, first_words.size());
    fill_counter_words(words.key(), first_position + at, first_words.data(), count);
    for (std::int64_t i = 0; i < count; ++i) {
      if (draw_quickly<Word>(layers, first_words[i], out[at + i])) [[likely]]
        continue;
      words.start(first_position + at + i, first_words[i]);
      out[at + i] = Word::draw(words.interface());
    }
  }
}

}  // namespace

void fill_from_ziggurat(Ziggurat ziggurat, Pcg64Words& words, double* out, std::int64_t n) {
  ziggurat == Ziggurat::normal ? fill<NormalWord>(words, out, n) : fill<ExponentialWord>(words, out, n);
}

void fill_from_ziggurat(Ziggurat ziggurat, CounterWords& words, std::uint64_t first_position, double* out,
                        std::int64_t n) {
  ziggurat == Ziggurat::normal ? fill<NormalWord>(words, first_position, out, n)
                               : fill<ExponentialWord>(words, first_position, out, n);
}

}  // namespace plait
