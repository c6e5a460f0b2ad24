#include "kernels/array/sort_elements.h"

#include <hwy/contrib/sort/vqsort.h>

#include <algorithm>
#include <array>
#include <complex>
#include <limits>

#include "kernels/array/element_order.h"

namespace plait {
namespace {

template <class T>
constexpr bool is_vectorised = !std::is_same_v<T, bool> && std::is_arithmetic_v<T> && sizeof(T) >= 2;

// One byte an element: counting is fastest.
template <class T>
void sort_by_counting(T* data, std::int64_t n) {
  constexpr int kLowest = std::is_same_v<T, bool> ? 0 : static_cast<int>(std::numeric_limits<T>::min());
  std::array<std::int64_t, 256> counts{};
  for (std::int64_t i = 0; i < n; ++i) ++counts[static_cast<std::size_t>(static_cast<int>(data[i]) - kLowest)];
  for (std::size_t value = 0; value < counts.size(); ++value)
    data = std::fill_n(data, counts[value], static_cast<T>(static_cast<int>(value) + kLowest));
}

}  // namespace

template <class T>
void sort_elements(T* data, std::int64_t n) {
  if constexpr (sizeof(T) == 1) {
    sort_by_counting(data, n);
  } else if constexpr (is_vectorised<T>) {
    T* end = data + n;
    if constexpr (std::is_floating_point_v<T>) end = std::partition(data, end, [](T x) { return x == x; });
    hwy::Sorter()(data, static_cast<std::size_t>(end - data), hwy::SortAscending());
  } else {
    std::sort(data, data + n, [](T a, T b) { return element::sorts_before(a, b); });
  }
}

template void sort_elements(bool*, std::int64_t);
template void sort_elements(std::int8_t*, std::int64_t);
template void sort_elements(std::int16_t*, std::int64_t);
template void sort_elements(std::int32_t*, std::int64_t);
template void sort_elements(std::int64_t*, std::int64_t);
template void sort_elements(std::uint8_t*, std::int64_t);
template void sort_elements(std::uint16_t*, std::int64_t);
template void sort_elements(std::uint32_t*, std::int64_t);
template void sort_elements(std::uint64_t*, std::int64_t);
template void sort_elements(Half*, std::int64_t);
template void sort_elements(float*, std::int64_t);
template void sort_elements(double*, std::int64_t);
template void sort_elements(std::complex<float>*, std::int64_t);
template void sort_elements(std::complex<double>*, std::int64_t);

}  // namespace plait
