// Products of each two columns, summed over rows: X'X of whatever many rows, tile by tile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace plait::ml {

class ColumnProducts {
 public:
  // Adds to the lower triangle of `square`, which is in C order and has `columns` a side.
  ColumnProducts(std::int64_t columns, double* square);

  // Room for up to kTileRows rows of `stride()` doubles each, whose first `columns` the caller writes before anything
  // else is asked of this. `source`: where the caller reads them, which is fetched beside products that wait.
  double* next_rows(std::int64_t count, std::span<const std::byte> source = {});
  std::int64_t stride() const { return stride_; }

  // Adds what waits.
  void finish();

 private:
  void multiply(std::span<const std::byte> next);

  std::int64_t columns_, stride_;
  bool is_wide_;
  double* square_;
  std::int64_t num_rows_ = 0;  // that wait
  std::vector<double> rows_, sums_;
};

}  // namespace plait::ml
