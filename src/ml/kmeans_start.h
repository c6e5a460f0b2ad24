// Where the centers of k-means begin.
#pragma once

#include <vector>

#include "ml/kmeans_rows.h"
#include "plait/ml/kmeans.h"

namespace plait::ml {

// The given ones, or those that `options.init` chooses among the rows: one after the other. Throws Error(value) for an
// `init` that has no meaning, and for centers of another shape.
std::vector<double> first_centers(const KMeansRows& rows, const KMeansOptions& options);

}  // namespace plait::ml
