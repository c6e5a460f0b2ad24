// K-means: centers to which every row is near one.
//
// Sums are whole numbers and random choices follow from the rows' positions, so that a seed gives the same centers
// whatever the blocks, workers and executor.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "plait/array.h"
#include "plait/compute.h"

namespace plait::ml {

struct KMeansOptions {
  std::int64_t clusters = 8;
  std::string init = "k-means||";  // or "random": rows
  std::optional<NdArray> centers;  // to begin with, in place of `init`
  double oversampling = 2;         // rows drawn in each round of k-means||, as a multiple of `clusters`
  std::int64_t init_rounds = 5;
  std::int64_t max_iterations = 300;
  double tolerance = 1e-4;  // of the centers' squared moves, as a share of the mean variance of the columns
  std::uint64_t seed = 0;
};

struct KMeans {
  NdArray centers;     // float64 (clusters, columns)
  double inertia = 0;  // weighted squared distances of the rows from their centers
  std::int64_t iterations = 0;
  bool has_converged = false;
};

// `weights`: one a row, none negative. Extents of the rows must be known. Throws Error(value) for fewer rows than
// clusters.
PLAIT_API KMeans fit_kmeans(const Array& rows, const std::optional<Array>& weights, const KMeansOptions& options,
                            const RunSettings& settings = {});
// The nearest center of each row: int32 (rows).
PLAIT_API Array nearest_centers(const Array& rows, const NdArray& centers, Location where = Location::current());

}  // namespace plait::ml
