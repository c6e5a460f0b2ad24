// The nearest center of each row, found for a tile of rows at once.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/kernel.h"
#include "ml/row_tiles.h"

namespace plait::ml {

// Centers as tiles are compared with them: less `origin`, a place amid them, so that products keep their digits; padded
// to a multiple of four with centers that nothing is near.
struct CenterTable {
  CenterTable(const std::vector<double>& centers, std::int64_t columns);

  std::int64_t columns;
  std::int64_t padded;
  std::vector<double> origin;
  std::vector<double> centers;
  std::vector<double> half_norms;  // of the squares
};

// The nearest center of each row of a tile that holds column after column, less the table's origin, `stride` apart; and
// the score of the second nearest: half of how much its squared distance exceeds the row's squared length.
// Results are written for up to 15 rows beyond the last, whose columns are read.
void nearest_of_tile(const double* tile, std::int64_t stride, std::int64_t rows, const CenterTable& table,
                     std::int32_t* labels, double* seconds);

inline double squared_distance(const double* a, const double* b, std::int64_t columns) {
  double sum = 0;
  for (std::int64_t j = 0; j < columns; ++j) sum += (a[j] - b[j]) * (a[j] - b[j]);
  return sum;
}

// Calls f(first row, rows, labels) for each tile of a block, with the numbers of the rows' nearest centers.
template <class F>
void for_each_tile(const NdArray& block, const std::vector<double>& centers, const TaskContext& context, F&& f) {
  const std::int64_t rows = num_rows(block), columns = num_columns(block);
  const CenterTable table(centers, columns);
  std::vector<double> tile(static_cast<std::size_t>(kTileRows * columns));
  std::vector<std::int32_t> labels(kTileRows);
  std::vector<double> seconds(kTileRows);
  for (std::int64_t first = 0; first < rows; first += kTileRows) {
    if (first % (16 * kTileRows) == 0) context.check_cancelled();
    const std::int64_t count = std::min(kTileRows, rows - first);
    load_columns(block, first, count, tile.data(), kTileRows);
    for (std::int64_t j = 0; j < columns; ++j) {
      double* column = tile.data() + j * kTileRows;
      for (std::int64_t i = 0; i < count; ++i) column[i] -= table.origin[static_cast<std::size_t>(j)];
    }
    nearest_of_tile(tile.data(), kTileRows, count, table, labels.data(), seconds.data());
    f(first, count, labels.data());
  }
}

}  // namespace plait::ml
