// The algorithm of plait/ml/kmeans.h, and its kernels.
#pragma once

#include <optional>

#include "expr/plan.h"
#include "plait/ml/kmeans.h"

namespace plait::ml {

KMeans fit_kmeans(const Array& rows, const std::optional<Array>& weights, const KMeansOptions& options,
                  const ComputeOptions& run);

// The nearest of `count` centers (in C order) of each row of a tile, and its squared distance. The tile holds column
// after column, `stride` apart; rows are a multiple of 16 (those beyond the last are never looked at).
void nearest_of_tile(const double* tile, std::int64_t stride, std::int64_t rows, std::int64_t columns,
                     const double* centers, std::int64_t count, std::int32_t* labels, double* distances);

void register_kmeans_kernels();

}  // namespace plait::ml
