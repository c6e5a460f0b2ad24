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

// What is found of the rows of a tile: the nearest center, the row's squared length less the table's origin, and half
// of how much the squared distances of the nearest and of the second nearest center exceed that.
struct NearestCenters {
  std::vector<std::int32_t> labels = std::vector<std::int32_t>(kTileRows);
  std::vector<double> norms = std::vector<double>(kTileRows);
  std::vector<double> firsts = std::vector<double>(kTileRows);
  std::vector<double> seconds = std::vector<double>(kTileRows);
};
// `tile`: column after column, kTileRows apart, less the table's origin. Up to 15 rows beyond the last are read, and
// something is found of them.
void nearest_of_tile(const double* tile, std::int64_t rows, const CenterTable& table, NearestCenters& found);

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
  NearestCenters found;
  for (std::int64_t first = 0; first < rows; first += kTileRows) {
    if (first % (16 * kTileRows) == 0) context.check_cancelled();
    const std::int64_t count = std::min(kTileRows, rows - first);
    load_columns(block, first, count, tile.data(), kTileRows);
    for (std::int64_t j = 0; j < columns; ++j) {
      double* column = tile.data() + j * kTileRows;
      for (std::int64_t i = 0; i < count; ++i) column[i] -= table.origin[static_cast<std::size_t>(j)];
    }
    nearest_of_tile(tile.data(), count, table, found);
    f(first, count, found.labels.data());
  }
}

}  // namespace plait::ml
