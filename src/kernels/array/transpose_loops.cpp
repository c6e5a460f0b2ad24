// Square blocks of one vector's length a side are transposed in registers, so that every cache line that is read or
// written is used up at once.
#include <cstring>
#include <utility>

#include "kernels/array/loop_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/array/transpose_loops.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/array/transpose_loops.h"

HWY_BEFORE_NAMESPACE();
namespace plait::HWY_NAMESPACE {
namespace {

#if HWY_TARGET <= HWY_AVX3
constexpr int kVectorBytes = 64;
#elif HWY_TARGET <= HWY_AVX2
constexpr int kVectorBytes = 32;
#else
constexpr int kVectorBytes = 16;
#endif

// A block has at most eight rows: sixteen would not fit the registers together with what is made of them.
template <class T>
constexpr int kSide = kVectorBytes / sizeof(T) > 8 ? 8 : kVectorBytes / sizeof(T);

template <class T>
struct Block {
  static constexpr int side = kSide<T>;
  using Row [[gnu::vector_size(side * sizeof(T))]] = T;
  Row rows[side];

  // Swaps bit `Distance` of the row's number with that bit of the column's number.
  template <int Distance, std::size_t... I>
  HWY_INLINE void swap_bit(std::index_sequence<I...>) {
    for (int i = 0; i < side; ++i) {
      if (i & Distance) continue;
      const Row a = rows[i];
      const Row b = rows[i + Distance];
      rows[i] = __builtin_shufflevector(
          a, b, (I & Distance ? static_cast<int>(I) - Distance + side : static_cast<int>(I))...);
      rows[i + Distance] = __builtin_shufflevector(
          a, b, (I & Distance ? static_cast<int>(I) + side : static_cast<int>(I) + Distance)...);
    }
  }

  HWY_INLINE void transpose() {
    constexpr auto lanes = std::make_index_sequence<side>();
    if constexpr (side > 1) swap_bit<1>(lanes);
    if constexpr (side > 2) swap_bit<2>(lanes);
    if constexpr (side > 4) swap_bit<4>(lanes);
  }
};

template <class T>
void transpose(std::byte* to_, const std::byte* from, std::int64_t column_stride, std::int64_t rows,
               std::int64_t columns) {
  constexpr std::int64_t side = kSide<T>;
  constexpr auto item = static_cast<std::int64_t>(sizeof(T));
  T* to = reinterpret_cast<T*>(to_);
  const std::int64_t whole_rows = rows / side * side;
  const std::int64_t whole_columns = columns / side * side;
  for (std::int64_t column = 0; column < whole_columns; column += side) {
    for (std::int64_t row = 0; row < whole_rows; row += side) {
      Block<T> block;
      for (std::int64_t c = 0; c < side; ++c)
        std::memcpy(&block.rows[c], from + (column + c) * column_stride + row * item, side * item);
      block.transpose();
      for (std::int64_t r = 0; r < side; ++r)
        std::memcpy(to + (row + r) * columns + column, &block.rows[r], side * item);
    }
  }
  // What is left over at the lower and the right edge.
  for (std::int64_t column = 0; column < columns; ++column) {
    for (std::int64_t row = column < whole_columns ? whole_rows : 0; row < rows; ++row)
      std::memcpy(to + row * columns + column, from + column * column_stride + row * item, sizeof(T));
  }
}

}  // namespace

void transpose_in_target(std::byte* to, const std::byte* from, std::int64_t column_stride, std::int64_t rows,
                         std::int64_t columns, std::size_t item) {
  if (item == 8)
    transpose<std::uint64_t>(to, from, column_stride, rows, columns);
  else
    transpose<std::uint32_t>(to, from, column_stride, rows, columns);
}

}  // namespace plait::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace plait {
HWY_EXPORT(transpose_in_target);
void transpose_columns(std::byte* to, const std::byte* from, std::int64_t column_stride, std::int64_t rows,
                       std::int64_t columns, std::size_t item) {
  HWY_DYNAMIC_DISPATCH(transpose_in_target)(to, from, column_stride, rows, columns, item);
}
}  // namespace plait
#endif
