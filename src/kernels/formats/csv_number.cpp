#include "kernels/formats/csv_number.h"

#include <fast_float/fast_float.h>
#include <immintrin.h>

#include <cstring>

#include "kernels/formats/csv_index.h"

namespace plait {
namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::uint64_t load8(const char* from) {
  std::uint64_t bytes;
  std::memcpy(&bytes, from, 8);
  return bytes;
}

// Up to eight digits that start at `from`, `count` of them, as if padded with zeros on the left; the values of single
// digits, or something above 9 where there is no digit.
std::uint64_t digit_bytes(const char* from, unsigned count) {
  return (load8(from) ^ 0x3030303030303030u) << (64 - 8 * count);
}

bool all_digits(std::uint64_t digits) { return (((digits + 0x7676767676767676u) | digits) & 0x8080808080808080u) == 0; }

std::uint64_t eight_digits(std::uint64_t digits) {
  digits = digits * 10 + (digits >> 8);
  return (((digits & 0x000000FF000000FFu) * 0x000F424000000064u) +
          (((digits >> 16) & 0x000000FF000000FFu) * 0x0000271000000001u)) >>
         32;
}

// 1 to 16 digits; false when there is anything else.
bool short_integer(const char* from, unsigned count, std::uint64_t& value) {
  if (count - 1 < 8) {
    const std::uint64_t digits = digit_bytes(from, count);
    value = eight_digits(digits);
    return all_digits(digits);
  }
  if (count - 1 >= 16) return false;
  const std::uint64_t high = digit_bytes(from, count - 8), low = digit_bytes(from + count - 8, 8);
  value = eight_digits(high) * 100000000u + eight_digits(low);
  return all_digits(high) && all_digits(low);
}

bool plain_float(const char* from, unsigned length, double& out) {
  const bool negative = *from == '-';
  const char* at = from + negative;
  const char* const end = from + length;
  std::uint64_t mantissa = 0;
  const char* dot = nullptr;
  unsigned num_digits = 0;
  for (; at < end; ++at) {
    const unsigned digit = static_cast<unsigned char>(*at) - unsigned{'0'};
    if (digit <= 9) {
      mantissa = mantissa * 10 + digit;
      ++num_digits;
    } else if (*at == '.' && dot == nullptr) {
      dot = at;
    } else {
      return false;
    }
  }
  if (num_digits == 0 || num_digits > 19) return false;
  const std::int64_t exponent = dot == nullptr ? 0 : dot + 1 - end;
  const auto rounded = fast_float::compute_float<fast_float::binary_format<double>>(exponent, mantissa);
  if (rounded.power2 < 0) return false;
  const std::uint64_t bits =
      rounded.mantissa | (static_cast<std::uint64_t>(rounded.power2) << 52) | (std::uint64_t{negative} << 63);
  std::memcpy(&out, &bits, 8);
  return true;
}

void floats_portable(CsvFields fields, double* out, std::vector<std::uint32_t>& odd_rows) {
  for (std::size_t row = 0; row < fields.num_rows; ++row) {
    const std::uint32_t begin = fields.begin(row);
    if (!plain_float(fields.text + begin, fields.end(row) - begin, out[row]))
      odd_rows.push_back(static_cast<std::uint32_t>(row));
  }
}

#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi2,bmi,bmi2,popcnt,lzcnt")

// All digits of a number at once: the point is squeezed out, the digits are moved to the right end of 32 bytes, and
// three multiply-adds make three groups of eight of them.
void floats_avx512(CsvFields fields, double* out, std::vector<std::uint32_t>& odd_rows) {
  const __m256i zero = _mm256_set1_epi8('0'), nine = _mm256_set1_epi8(9), point = _mm256_set1_epi8('.');
  const __m256i tens = _mm256_set1_epi16(0x010A), hundreds = _mm256_set1_epi32(0x00010064);
  const __m256i ten_thousands = _mm256_set1_epi32(0x00012710);
  for (std::size_t row = 0; row < fields.num_rows; ++row) {
    const std::uint32_t begin = fields.begin(row), length = fields.end(row) - begin;
    const char* const from = fields.text + begin;
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
    const __m256i digits = _mm256_sub_epi8(bytes, zero);
    const std::uint32_t valid = _bzhi_u32(~0u, length);
    const std::uint32_t digit_bits = _mm256_cmple_epu8_mask(digits, nine) & valid;
    const std::uint32_t point_bits = _mm256_cmpeq_epi8_mask(bytes, point) & valid;
    const std::uint32_t negative = *from == '-';
    const std::uint32_t num_digits = static_cast<std::uint32_t>(__builtin_popcount(digit_bits));
    const bool plain = ((digit_bits | point_bits | negative) == valid) & ((point_bits & (point_bits - 1)) == 0) &
                       (num_digits - 1 < 19) & (length <= 32);
    if (!plain) [[unlikely]] {
      odd_rows.push_back(static_cast<std::uint32_t>(row));
      continue;
    }
    const __m256i squeezed = _mm256_maskz_compress_epi8(digit_bits, digits);
    const __m256i right = _mm256_maskz_expand_epi8(~0u << (32 - num_digits), squeezed);
    const __m256i pairs = _mm256_maddubs_epi16(right, tens);
    const __m256i fours = _mm256_madd_epi16(pairs, hundreds);
    const __m256i packed = _mm256_packus_epi32(fours, fours);
    const __m256i eights = _mm256_madd_epi16(packed, ten_thousands);
    const std::uint64_t low = static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm256_extracti128_si256(eights, 1)));
    const std::uint64_t high = static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm256_castsi256_si128(eights))) >> 32;
    const std::uint64_t mantissa = high * 10000000000000000u + (low & 0xFFFFFFFFu) * 100000000u + (low >> 32);
    const std::int64_t exponent = point_bits == 0 ? 0 : static_cast<std::int64_t>(_tzcnt_u32(point_bits)) + 1 - length;
    const auto rounded = fast_float::compute_float<fast_float::binary_format<double>>(exponent, mantissa);
    if (rounded.power2 < 0) [[unlikely]] {
      odd_rows.push_back(static_cast<std::uint32_t>(row));
      continue;
    }
    const std::uint64_t bits =
        rounded.mantissa | (static_cast<std::uint64_t>(rounded.power2) << 52) | (std::uint64_t{negative} << 63);
    std::memcpy(out + row, &bits, 8);
  }
}

#pragma GCC pop_options

bool equal_ignoring_case(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((text[i] | 0x20) != lower[i]) return false;
  }
  return true;
}

}  // namespace

void parse_int64_column(CsvFields fields, std::int64_t* out, std::vector<std::uint32_t>& odd_rows) {
  for (std::size_t row = 0; row < fields.num_rows; ++row) {
    const std::uint32_t begin = fields.begin(row);
    const bool negative = fields.text[begin] == '-';
    std::uint64_t magnitude;
    if (short_integer(fields.text + begin + negative, fields.end(row) - begin - negative, magnitude)) [[likely]] {
      out[row] = static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
    } else {
      odd_rows.push_back(static_cast<std::uint32_t>(row));
    }
  }
}

void parse_float64_column(CsvFields fields, double* out, std::vector<std::uint32_t>& odd_rows) {
  static const bool have_avx512 = __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512bw") &&
                                  __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("bmi2");
  const bool use_avx512 = have_avx512 && std::strcmp(csv_index_target(), "avx512") == 0;
  return use_avx512 ? floats_avx512(fields, out, odd_rows) : floats_portable(fields, out, odd_rows);
}

std::optional<double> parse_csv_float(std::string_view text) {
  std::string_view number = trim(text);
  const bool plus = !number.empty() && number.front() == '+';
  if (plus) number.remove_prefix(1);
  const std::size_t first = !plus && !number.empty() && number.front() == '-';
  if (first >= number.size()) return std::nullopt;
  const char c = number[first];
  if ((c >= '0' && c <= '9') || c == '.') {
    double value;
    const auto result = fast_float::from_chars(number.data(), number.data() + number.size(), value);
    if (result.ptr != number.data() + number.size() || result.ec == std::errc::invalid_argument) return std::nullopt;
    return value;
  }
  std::string_view word = text;
  const bool negative = !word.empty() && word.front() == '-';
  if (negative || (!word.empty() && word.front() == '+')) word.remove_prefix(1);
  if (!equal_ignoring_case(word, "inf") && !equal_ignoring_case(word, "infinity")) return std::nullopt;
  const double infinity = std::numeric_limits<double>::infinity();
  return negative ? -infinity : infinity;
}

std::optional<bool> parse_csv_bool(std::string_view text) {
  if (equal_ignoring_case(text, "true")) return true;
  if (equal_ignoring_case(text, "false")) return false;
  return std::nullopt;
}

CsvInteger parse_csv_integer(std::string_view text) {
  CsvInteger result;
  std::string_view digits = trim(text);
  result.negative = !digits.empty() && digits.front() == '-';
  if (result.negative || (!digits.empty() && digits.front() == '+')) digits.remove_prefix(1);
  if (digits.empty()) return result;
  for (const char c : digits) {
    if (c < '0' || c > '9') return result;
    const std::uint64_t digit = static_cast<std::uint64_t>(c - '0');
    result.overflows |= __builtin_mul_overflow(result.magnitude, std::uint64_t{10}, &result.magnitude);
    result.overflows |= __builtin_add_overflow(result.magnitude, digit, &result.magnitude);
  }
  result.is_integer = true;
  return result;
}

}  // namespace plait
