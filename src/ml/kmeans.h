// The algorithm of plait/ml/kmeans.h, and its kernels.
#pragma once

#include <optional>

#include "expr/plan.h"
#include "plait/ml/kmeans.h"

namespace plait::ml {

KMeans fit_kmeans(const Array& rows, const std::optional<Array>& weights, const KMeansOptions& options,
                  const ComputeOptions& run);

void register_kmeans_kernels();

}  // namespace plait::ml
