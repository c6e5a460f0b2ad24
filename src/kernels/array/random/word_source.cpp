#include "kernels/array/random/word_source.h"

#include <numpy/random/bitgen.h>

namespace plait {
namespace {

double uniform_of(std::uint64_t word) { return static_cast<double>(static_cast<std::int64_t>(word >> 11)) * 0x1p-53; }

template <class Source>
std::uint64_t next_uint64_of(void* source) {
  return static_cast<Source*>(source)->next_uint64();
}
template <class Source>
std::uint32_t next_uint32_of(void* source) {
  return static_cast<Source*>(source)->next_uint32();
}
template <class Source>
double next_double_of(void* source) {
  return uniform_of(next_uint64_of<Source>(source));
}
// Two words of 27 and 26 bits.
template <>
double next_double_of<Mt19937Words>(void* source) {
  auto* words = static_cast<Mt19937Words*>(source);
  const std::int64_t high = words->next_uint32() >> 5;
  const std::int64_t low = words->next_uint32() >> 6;
  return static_cast<double>(high << 26 | low) * 0x1p-53;
}

template <class Source>
void connect(bitgen& interface, Source* source) {
  interface = {.state = source,
               .next_uint64 = next_uint64_of<Source>,
               .next_uint32 = next_uint32_of<Source>,
               .next_double = next_double_of<Source>,
               .next_raw = next_uint64_of<Source>};
}

// The low half of a word; the high half is kept.
template <class Source>
std::uint32_t next_half(Source& source, std::uint32_t& half, bool& has_half) {
  has_half = !has_half;
  if (!has_half) return half;
  const std::uint64_t word = source.next_uint64();
  half = static_cast<std::uint32_t>(word >> 32);
  return static_cast<std::uint32_t>(word);
}

}  // namespace

WordSource::WordSource() : interface_(std::make_unique<bitgen>()) {}
WordSource::~WordSource() = default;

Pcg64Words::Pcg64Words(Pcg64 generator) : generator_(generator) { connect(*interface_, this); }
void Pcg64Words::refill() {
  generator_.fill_uint64(words_.data(), kWords);
  next_ = 0;
}
std::uint32_t Pcg64Words::next_uint32() { return next_half(*this, half_, has_half_); }

Mt19937Words::Mt19937Words(const Mt19937& generator) : generator_(generator) { connect(*interface_, this); }
void Mt19937Words::refill() {
  generator_.fill_uint32(words_.data(), kWords);
  next_ = 0;
}

CounterWords::CounterWords(CounterKey key) : key_(key) { connect(*interface_, this); }
std::uint32_t CounterWords::next_uint32() { return next_half(*this, half_, has_half_); }

}  // namespace plait
