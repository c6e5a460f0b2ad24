#include "ml/column_products.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <span>

#include "ml/row_tiles.h"

namespace plait::ml {
namespace {

double element(std::int64_t row, std::int64_t column) { return static_cast<double>((row * 7 + column * 5) % 11 - 5); }

TEST(ColumnProducts, SumsUpWhateverTheNumbersOfRowsAndColumns) {
  for (const std::int64_t columns : {1, 7, 8, 10, 12, 13, 50, 200}) {
    for (const std::int64_t rows : {0, 1, 255, 257, 1500}) {
      std::vector<double> square(static_cast<std::size_t>(columns * columns), 0.0);
      ColumnProducts products(columns, square.data());
      for (std::int64_t first = 0; first < rows; first += kTileRows) {
        const std::int64_t count = std::min(kTileRows, rows - first);
        double* room = products.next_rows(count, std::as_bytes(std::span(square)));
        for (std::int64_t i = 0; i < count; ++i)
          for (std::int64_t j = 0; j < columns; ++j) room[i * products.stride() + j] = element(first + i, j);
      }
      products.finish();
      for (std::int64_t i = 0; i < columns; ++i) {
        for (std::int64_t j = 0; j <= i; ++j) {
          double expected = 0;
          for (std::int64_t row = 0; row < rows; ++row) expected += element(row, i) * element(row, j);
          ASSERT_EQ(square[static_cast<std::size_t>(i * columns + j)], expected)
              << columns << " columns, " << rows << " rows, at " << i << ", " << j;
        }
      }
    }
  }
}

}  // namespace
}  // namespace plait::ml
