#include "kernels/array/random/uniform_stream.h"

#include <algorithm>
#include <array>
#include <type_traits>

#include "plait/error.h"

namespace plait {

std::variant<Pcg64, Mt19937, UniformStream::Counter> UniformStream::start(const StreamSeed& seed,
                                                                          const BlockPlacement& placement) {
  switch (seed.kind) {
    case StreamKind::pcg64:
      return seed.pcg64();
    case StreamKind::mt19937:
      return seed.mt19937();
    case StreamKind::counter:
      break;
  }
  return Counter{counter_key(seed), BlockPositions(placement)};
}

UniformStream::UniformStream(const StreamSeed& seed, const BlockPlacement& placement)
    : generator_(start(seed, placement)) {}

void UniformStream::fill(double* out, std::int64_t n) {
  std::visit([&](auto& generator) { generator.fill_uniform(out, n); }, generator_);
}

void UniformStream::fill(float* out, std::int64_t n) {
  std::visit(
      [&]<class G>(G& generator) {
        if constexpr (!std::is_same_v<G, Mt19937>) return generator.fill_uniform(out, n);
        throw type_error("random: RandomState draws float64; use astype(\"float32\") or default_rng");
      },
      generator_);
}

void UniformStream::Counter::fill_uniform(double* out, std::int64_t n) {
  while (n > 0) {
    const BlockPositions::Run run = positions.next(n);
    fill_counter_uniform(key, run.first, out, run.count);
    out += run.count;
    n -= run.count;
  }
}

void UniformStream::Counter::fill_uniform(float* out, std::int64_t n) {
  std::array<std::uint64_t, 512> words;
  while (n > 0) {
    const BlockPositions::Run run = positions.next(std::min<std::int64_t>(n, words.size()));
    fill_counter_words(key, run.first, words.data(), run.count);
    for (std::int64_t i = 0; i < run.count; ++i) {
      out[i] = static_cast<float>(static_cast<std::int32_t>(static_cast<std::uint32_t>(words[i]) >> 8)) * 0x1p-24F;
    }
    out += run.count;
    n -= run.count;
  }
}

}  // namespace plait
