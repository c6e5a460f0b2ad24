#include "ml/column_products.h"

#include <cblas.h>

#include "kernels/array/blas_threads.h"
#include "ml/row_loops.h"
#include "ml/row_tiles.h"

namespace plait::ml {
namespace {

// Beyond as many columns BLAS is the quicker one: sums no longer stay in the caches.
constexpr std::int64_t kMostForLoops = 192;
// It takes several tiles at once, so that it has enough to do.
constexpr std::int64_t kRowsForBlas = 4 * kTileRows;

std::int64_t padded(std::int64_t columns) {
  return (columns + kProductColumns - 1) / kProductColumns * kProductColumns;
}

}  // namespace

ColumnProducts::ColumnProducts(std::int64_t columns, double* square)
    : columns_(columns),
      stride_(columns > kMostForLoops ? columns : padded(columns)),
      is_wide_(columns > kMostForLoops),
      square_(square),
      rows_(static_cast<std::size_t>((is_wide_ ? kRowsForBlas : kTileRows) * stride_)),
      sums_(is_wide_ ? 0 : static_cast<std::size_t>(stride_ * stride_)) {}

double* ColumnProducts::next_rows(std::int64_t count, std::span<const std::byte> source) {
  if ((num_rows_ + count) * stride_ > static_cast<std::int64_t>(rows_.size())) multiply(source);
  double* room = rows_.data() + num_rows_ * stride_;
  num_rows_ += count;
  return room;
}

void ColumnProducts::multiply(std::span<const std::byte> next) {
  if (num_rows_ == 0) return;
  if (is_wide_) {
    const BlasThreads one_thread;
    const auto side = static_cast<blasint>(stride_);
    scipy_cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, side, static_cast<blasint>(num_rows_), 1, rows_.data(),
                      side, 1, square_, side);
  } else {
    row_loops().add_squares(sums_.data(), stride_, rows_.data(), stride_, num_rows_, columns_, next);
  }
  num_rows_ = 0;
}

void ColumnProducts::finish() {
  multiply({});
  if (is_wide_) return;
  for (std::int64_t i = 0; i < columns_; ++i)
    for (std::int64_t j = 0; j <= i; ++j) square_[i * columns_ + j] += sums_[static_cast<std::size_t>(i * stride_ + j)];
}

}  // namespace plait::ml
