#include "kernels/array/random/bounded_integers.h"

#include <numpy/random/distributions.h>

#include "base/check.h"

namespace plait {
namespace {

template <class T>
T mask_over(T range) {
  return range == 0 ? T{0} : static_cast<T>(~std::uint64_t{0} >> __builtin_clzll(range));
}

std::uint64_t draw_one(Draws& d, bool masked, std::uint64_t low, std::uint64_t range) {
  return random_bounded_uint64(d.words(), low, range, masked ? mask_over(range) : 0, masked);
}
std::uint32_t draw_one(Draws& d, bool masked, std::uint32_t low, std::uint32_t range) {
  return random_buffered_bounded_uint32(d.words(), low, range, masked ? mask_over(range) : 0, masked, &d.num_small_left,
                                        &d.small_bits);
}
std::uint16_t draw_one(Draws& d, bool masked, std::uint16_t low, std::uint16_t range) {
  return random_buffered_bounded_uint16(d.words(), low, range, masked ? mask_over(range) : 0, masked, &d.num_small_left,
                                        &d.small_bits);
}
std::uint8_t draw_one(Draws& d, bool masked, std::uint8_t low, std::uint8_t range) {
  return random_buffered_bounded_uint8(d.words(), low, range, masked ? mask_over(range) : 0, masked, &d.num_small_left,
                                       &d.small_bits);
}
bool draw_one(Draws& d, bool masked, bool low, bool range) {
  return random_buffered_bounded_bool(d.words(), low, range, masked && range, masked, &d.num_small_left,
                                      &d.small_bits) != 0;
}

// Calls f with the unsigned type as wide as `dtype`.
template <class F>
void visit_unsigned(DType dtype, F f) {
  switch (dtype) {
    case DType::bool_:
      return f(TypeTag<bool>{});
    case DType::int8:
    case DType::uint8:
      return f(TypeTag<std::uint8_t>{});
    case DType::int16:
    case DType::uint16:
      return f(TypeTag<std::uint16_t>{});
    case DType::int32:
    case DType::uint32:
      return f(TypeTag<std::uint32_t>{});
    default:
      break;
  }
  PLAIT_CHECK(dtype == DType::int64 || dtype == DType::uint64);
  f(TypeTag<std::uint64_t>{});
}

}  // namespace

void fill_integers(Draws& draws, BoundMethod method, DType dtype, std::int64_t low, std::uint64_t range, void* out,
                   std::int64_t n) {
  const bool masked = method == BoundMethod::masked;
  visit_unsigned(dtype, [&]<class T>(TypeTag<T>) {
    auto* to = static_cast<T*>(out);
    const auto start = static_cast<T>(low);
    const auto width = static_cast<T>(range);
    // Wide numbers take whole words, so the library's loops may run over any part; narrow ones share a word between
    // them.
    if constexpr (sizeof(T) == 8) {
      random_bounded_uint64_fill(draws.words(), start, width, n, masked, reinterpret_cast<uint64_t*>(to));
    } else if constexpr (sizeof(T) == 4) {
      random_bounded_uint32_fill(draws.words(), start, width, n, masked, to);
    } else {
      for (std::int64_t i = 0; i < n; ++i) to[i] = draw_one(draws, masked, start, width);
    }
  });
}

void fill_integers(Draws& draws, BoundMethod method, DType dtype, const std::int64_t* lows, const std::uint64_t* ranges,
                   void* out, std::int64_t n) {
  visit_unsigned(dtype, [&]<class T>(TypeTag<T>) {
    auto* to = static_cast<T*>(out);
    for (std::int64_t i = 0; i < n; ++i) {
      to[i] = draw_one(draws, method == BoundMethod::masked, static_cast<T>(lows[i]), static_cast<T>(ranges[i]));
    }
  });
}

}  // namespace plait
