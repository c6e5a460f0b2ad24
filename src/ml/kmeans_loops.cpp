#include <cstdint>
#include <limits>

#include "ml/kmeans.h"

namespace plait::ml {
namespace {

constexpr int kLanes = 16;

}  // namespace

// Rows side by side in vector registers: no lane has to ask another one for the smallest distance.
__attribute__((target_clones("avx512f", "avx2", "default"))) void nearest_of_tile(
    const double* tile, std::int64_t stride, std::int64_t rows, std::int64_t columns, const double* centers,
    std::int64_t count, std::int32_t* labels, double* distances) {
  for (std::int64_t row = 0; row < rows; row += kLanes) {
    double best[kLanes];
    double label[kLanes];
    for (int i = 0; i < kLanes; ++i) {
      best[i] = std::numeric_limits<double>::infinity();
      label[i] = 0;
    }
    for (std::int64_t c = 0; c < count; ++c) {
      double sum[kLanes] = {};
      const double* center = centers + c * columns;
      for (std::int64_t j = 0; j < columns; ++j) {
        const double* x = tile + j * stride + row;
        for (int i = 0; i < kLanes; ++i) {
          const double apart = x[i] - center[j];
          sum[i] += apart * apart;
        }
      }
      const auto number = static_cast<double>(c);
      for (int i = 0; i < kLanes; ++i) {
        label[i] = sum[i] < best[i] ? number : label[i];
        best[i] = sum[i] < best[i] ? sum[i] : best[i];
      }
    }
    for (int i = 0; i < kLanes; ++i) {
      labels[row + i] = static_cast<std::int32_t>(label[i]);
      distances[row + i] = best[i];
    }
  }
}

}  // namespace plait::ml
