// The algorithm of plait/ml/kmeans.h, and its kernels.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "expr/plan.h"
#include "plait/ml/kmeans.h"

namespace plait::ml {

KMeans fit_kmeans(const Array& rows, const std::optional<Array>& weights, const KMeansOptions& options,
                  const ComputeOptions& run);

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

void register_kmeans_kernels();

}  // namespace plait::ml
