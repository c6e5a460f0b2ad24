// The inner loops of passes over tiles of rows that stand one after the other, built for several instruction sets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace plait::ml {

// `stride`: doubles from one row to the next; `n` rows of `columns` numbers.
struct RowLoops {
  // z[i] += row i . coefficients
  void (*add_products)(double* z, const double* rows, std::int64_t stride, std::int64_t n, std::int64_t columns,
                       const double* coefficients);
  // sums += by[i] * row i, of all rows
  void (*add_rows)(double* sums, const double* rows, std::int64_t stride, std::int64_t n, std::int64_t columns,
                   const double* by);
  // out row i = by[i] * row i; `out` may be `rows`
  void (*scale_rows)(double* out, std::int64_t out_stride, const double* rows, std::int64_t stride, std::int64_t n,
                     std::int64_t columns, const double* by);
  // out row i = row i - centre
  void (*subtract)(double* out, std::int64_t out_stride, const double* rows, std::int64_t stride, std::int64_t n,
                   std::int64_t columns, const double* centre);
  // Rows that stand without gaps, column after column.
  void (*turn)(double* to, std::int64_t to_stride, const double* rows, std::int64_t n, std::int64_t columns);
  // square += rows' * rows, its lower triangle and some of what is above. Both `side`, the numbers from one row of the
  // square to the next, and what may be read of each row are `columns` up to the next multiple of kProductColumns.
  // `next`: what the caller reads afterwards, which is asked of memory meanwhile.
  void (*add_squares)(double* square, std::int64_t side, const double* rows, std::int64_t stride, std::int64_t n,
                      std::int64_t columns, std::span<const std::byte> next);
};
inline constexpr std::int64_t kProductColumns = 8;
const RowLoops& row_loops();

}  // namespace plait::ml
