#include "kernels/formats/csv_index.h"

#include <immintrin.h>

#include <atomic>
#include <cstring>

namespace plait {

// What one pass carries from one 64-byte step to the next.
struct CsvIndexer {
  struct Masks {
    std::uint64_t sep, line_feed, carriage_return, quote;
  };

  std::uint32_t* out;
  std::uint64_t num_records = 0;
  std::uint64_t inside = 0;        // all ones while inside quotes
  std::uint64_t may_open = 1;      // bit 0: a quote at the next byte opens a quoted part
  std::uint64_t stray_quotes = 0;  // quotes that parity takes for opening ones but pandas for plain text
  std::uint64_t any_quote = 0;
  std::uint64_t any_carriage_return = 0;

  static std::uint64_t prefix_xor(std::uint64_t bits) {
    for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
    return bits;
  }

  // The bits of separators and ends of records outside quotes. `next` is the byte after the 64.
  __attribute__((always_inline)) inline std::uint64_t delimiters(Masks m, char next) {
    std::uint64_t newline = m.line_feed;
    if ((m.quote | m.carriage_return | inside) != 0) [[unlikely]] {
      const std::uint64_t followed = (m.line_feed >> 1) | (std::uint64_t{next == '\n'} << 63);
      newline |= m.carriage_return & ~followed;
      any_carriage_return |= m.carriage_return;
      any_quote |= m.quote;
      const std::uint64_t quoted = prefix_xor(m.quote) ^ inside;
      const std::uint64_t opening = m.quote & quoted;
      const std::uint64_t before_opening = m.sep | newline | m.quote;
      stray_quotes |= opening & ~((before_opening << 1) | may_open);
      may_open = before_opening >> 63;
      inside = static_cast<std::uint64_t>(static_cast<std::int64_t>(quoted) >> 63);
      newline &= ~quoted;
      m.sep &= ~quoted;
    } else {
      may_open = (m.sep | newline) >> 63;
    }
    num_records += static_cast<std::uint64_t>(__builtin_popcountll(newline));
    return m.sep | newline;
  }

  __attribute__((always_inline)) inline void write_bits(std::uint64_t bits, std::uint32_t base) {
    while (bits != 0) {
      *out++ = base + static_cast<std::uint32_t>(__builtin_ctzll(bits));
      bits &= bits - 1;
    }
  }

  static Masks first_bytes(Masks m, std::size_t count) {
    const std::uint64_t valid = (std::uint64_t{1} << count) - 1;
    return {m.sep & valid, m.line_feed & valid, m.carriage_return & valid, m.quote & valid};
  }
};

namespace {

using Masks = CsvIndexer::Masks;

// Where "\r" is plain text, the end of a line stands for it, too: that changes nothing.
char return_of(CsvDialect dialect) { return dialect.takes_returns ? '\r' : dialect.line_end; }

// One that has no meaning.
char neutral_byte(CsvDialect dialect) {
  char byte = '\0';
  while (byte == dialect.sep || byte == dialect.quote || byte == dialect.line_end || byte == '\r') ++byte;
  return byte;
}

bool has_high_bit(__m128i bytes) { return _mm_movemask_epi8(bytes) != 0; }

struct Sse2Matcher {
  __m128i sep, quote, line_feed, carriage_return, seen = _mm_setzero_si128();

  explicit Sse2Matcher(CsvDialect d)
      : sep(_mm_set1_epi8(d.sep)),
        quote(_mm_set1_epi8(d.quote)),
        line_feed(_mm_set1_epi8(d.line_end)),
        carriage_return(_mm_set1_epi8(return_of(d))) {}

  Masks match(const char* text) {
    Masks m{};
    for (int part = 0; part < 4; ++part) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + 16 * part));
      seen = _mm_or_si128(seen, bytes);
      const auto bits = [&](__m128i wanted) {
        return std::uint64_t(static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, wanted)))) << (16 * part);
      };
      m.sep |= bits(sep);
      m.quote |= bits(quote);
      m.line_feed |= bits(line_feed);
      m.carriage_return |= bits(carriage_return);
    }
    return m;
  }
};

bool index_sse2(CsvIndexer& indexer, const char* text, std::size_t size, CsvDialect dialect) {
  Sse2Matcher matcher(dialect);
  std::size_t at = 0;
  for (; at + 64 <= size; at += 64) {
    const std::uint64_t bits = indexer.delimiters(matcher.match(text + at), text[at + 64]);
    indexer.write_bits(bits, static_cast<std::uint32_t>(at + 1));
  }
  bool high = has_high_bit(matcher.seen);
  if (at < size) {
    const Masks m = CsvIndexer::first_bytes(matcher.match(text + at), size - at);
    indexer.write_bits(indexer.delimiters(m, '\0'), static_cast<std::uint32_t>(at + 1));
    for (; at < size; ++at) high |= (text[at] & 0x80) != 0;
  }
  return high;
}

#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2,popcnt,lzcnt")

bool index_avx2(CsvIndexer& indexer, const char* text, std::size_t size, CsvDialect dialect) {
  const __m256i sep = _mm256_set1_epi8(dialect.sep), quote = _mm256_set1_epi8(dialect.quote);
  const __m256i line_feed = _mm256_set1_epi8(dialect.line_end), carriage_return = _mm256_set1_epi8(return_of(dialect));
  __m256i seen = _mm256_setzero_si256();
  std::size_t at = 0;
  for (; at + 64 <= size; at += 64) {
    const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + at));
    const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + at + 32));
    seen = _mm256_or_si256(seen, _mm256_or_si256(low, high));
#define PLAIT_MATCH(wanted)                                                                     \
  (std::uint64_t(static_cast<unsigned>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted)))) | \
   (std::uint64_t(static_cast<unsigned>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted)))) << 32))
    const Masks m{PLAIT_MATCH(sep), PLAIT_MATCH(line_feed), PLAIT_MATCH(carriage_return), PLAIT_MATCH(quote)};
#undef PLAIT_MATCH
    const std::uint64_t bits = indexer.delimiters(m, text[at + 64]);
    indexer.write_bits(bits, static_cast<std::uint32_t>(at + 1));
  }
  bool high = _mm256_movemask_epi8(seen) != 0;
  if (at < size) {
    const Masks m = CsvIndexer::first_bytes(Sse2Matcher(dialect).match(text + at), size - at);
    indexer.write_bits(indexer.delimiters(m, '\0'), static_cast<std::uint32_t>(at + 1));
    for (; at < size; ++at) high |= (text[at] & 0x80) != 0;
  }
  return high;
}

#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // false ones in GCC's own header
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi2,bmi,bmi2,popcnt,lzcnt")

// Writes the positions of the set bits: vpcompressb squeezes their numbers together, sixteen are widened at a time.
__attribute__((always_inline)) inline void compress_bits(CsvIndexer& indexer, std::uint64_t bits, std::uint32_t base,
                                                         __m512i numbers) {
  const __m512i squeezed = _mm512_maskz_compress_epi8(bits, numbers);
  const __m512i offset = _mm512_set1_epi32(static_cast<int>(base));
  const int count = __builtin_popcountll(bits);
  const auto store = [&](int at, __m128i bytes) __attribute__((always_inline)) {
    _mm512_storeu_si512(indexer.out + at, _mm512_add_epi32(offset, _mm512_cvtepu8_epi32(bytes)));
  };
  store(0, _mm512_castsi512_si128(squeezed));
  if (count > 16) [[unlikely]] {
    store(16, _mm512_extracti32x4_epi32(squeezed, 1));
    store(32, _mm512_extracti32x4_epi32(squeezed, 2));
    store(48, _mm512_extracti32x4_epi32(squeezed, 3));
  }
  indexer.out += count;
}

bool index_avx512(CsvIndexer& shared, const char* text, std::size_t size, CsvDialect dialect) {
  CsvIndexer indexer = shared;  // a local copy stays in registers
  const __m512i sep = _mm512_set1_epi8(dialect.sep), quote = _mm512_set1_epi8(dialect.quote);
  const __m512i line_feed = _mm512_set1_epi8(dialect.line_end), carriage_return = _mm512_set1_epi8(return_of(dialect));
  alignas(64) char iota[64];
  for (int i = 0; i < 64; ++i) iota[i] = static_cast<char>(i);
  const __m512i numbers = _mm512_load_si512(iota);
  __m512i seen = _mm512_setzero_si512();
  std::size_t at = 0;
  const auto step = [&](__m512i bytes, char next) __attribute__((always_inline)) {
    seen = _mm512_or_si512(seen, bytes);
    const Masks m{_mm512_cmpeq_epi8_mask(bytes, sep), _mm512_cmpeq_epi8_mask(bytes, line_feed),
                  _mm512_cmpeq_epi8_mask(bytes, carriage_return), _mm512_cmpeq_epi8_mask(bytes, quote)};
    compress_bits(indexer, indexer.delimiters(m, next), static_cast<std::uint32_t>(at + 1), numbers);
  };
  for (; at + 64 <= size; at += 64) step(_mm512_loadu_si512(text + at), text[at + 64]);
  if (at < size) {
    const __mmask64 valid = (std::uint64_t{1} << (size - at)) - 1;
    step(_mm512_mask_loadu_epi8(_mm512_set1_epi8(neutral_byte(dialect)), valid, text + at), '\0');
  }
  shared = indexer;
  return _mm512_movepi8_mask(seen) != 0;
}

#pragma GCC pop_options

enum class Target { sse2, avx2, avx512 };

Target best_target() {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")) {
    return Target::avx512;
  }
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") ? Target::avx2 : Target::sse2;
}

std::atomic<Target>& chosen_target() {
  static std::atomic<Target> target{best_target()};
  return target;
}

bool run_index(CsvIndexer& indexer, const char* text, std::size_t size, CsvDialect dialect) {
  switch (chosen_target().load(std::memory_order_relaxed)) {
    case Target::avx512:
      return index_avx512(indexer, text, size, dialect);
    case Target::avx2:
      return index_avx2(indexer, text, size, dialect);
    case Target::sse2:
      break;
  }
  return index_sse2(indexer, text, size, dialect);
}

}  // namespace

const char* csv_index_target() {
  static const char* const names[] = {"sse2", "avx2", "avx512"};
  return names[static_cast<int>(chosen_target().load())];
}

void set_csv_index_target(const char* name) {
  const Target wanted = std::strcmp(name, "sse2") == 0   ? Target::sse2
                        : std::strcmp(name, "avx2") == 0 ? Target::avx2
                                                         : Target::avx512;
  chosen_target() = std::min(wanted, best_target());
}

void CsvIndex::reserve(std::size_t size) {
  // Every byte may be a separator, and a step writes up to 64 positions beyond the last one.
  const std::size_t wanted = (size + 2 + 64) * sizeof(std::uint32_t);
  if (!memory_ || memory_->size() < wanted) memory_ = Buffer::allocate(wanted);
  starts_ = reinterpret_cast<std::uint32_t*>(memory_->data());
}

void CsvIndex::build(const char* text, std::size_t size, CsvDialect dialect) {
  reserve(size);
  starts_[0] = 0;
  CsvIndexer indexer{starts_ + 1};
  has_non_ascii_ = run_index(indexer, text, size, dialect);
  has_quotes_ = indexer.any_quote != 0;
  has_carriage_returns_ = dialect.takes_returns && indexer.any_carriage_return != 0;
  if (indexer.stray_quotes != 0) {
    build_by_state_machine(text, size, dialect);
  } else {
    num_fields_ = static_cast<std::size_t>(indexer.out - starts_ - 1);
    num_records_ = indexer.num_records;
    ends_in_quotes_ = indexer.inside != 0;
  }
  leave_out_last_record(text, dialect);
}

void CsvIndex::leave_out_last_record(const char* text, CsvDialect dialect) {
  while (num_fields_ > 0 && !dialect.ends_record(text[starts_[num_fields_] - 1])) --num_fields_;
}

// Text with quotes in the middle of fields: there parity is not enough.
void CsvIndex::build_by_state_machine(const char* text, std::size_t size, CsvDialect dialect) {
  enum class State { field_start, plain, quoted, quote_in_quoted } state = State::field_start;
  std::uint32_t* out = starts_ + 1;
  num_records_ = 0;
  for (std::size_t at = 0; at < size; ++at) {
    const char c = text[at];
    if (state == State::quoted) {
      if (c == dialect.quote) state = State::quote_in_quoted;
      continue;
    }
    const bool ends_record = dialect.ends_record(c) && !(at + 1 < size && dialect.is_return_before(c, text[at + 1]));
    if (c == dialect.sep || ends_record) {
      *out++ = static_cast<std::uint32_t>(at + 1);
      num_records_ += ends_record;
      state = State::field_start;
    } else if (c == dialect.quote && state != State::plain) {
      state = State::quoted;
    } else {
      state = State::plain;
    }
  }
  num_fields_ = static_cast<std::size_t>(out - starts_ - 1);
  ends_in_quotes_ = state == State::quoted;
}

}  // namespace plait
