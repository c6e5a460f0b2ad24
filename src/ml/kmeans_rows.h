// The rows that k-means looks at, kept, and what one pass over them finds: sums of the rows nearest to each center, and
// rows that chance or their distance from the centers draws.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "expr/plan.h"
#include "ml/kmeans_step.h"
#include "plait/array.h"

namespace plait::ml {

// Which rows are drawn.
struct Drawing {
  std::vector<double> centers;
  std::int64_t wanted = 0;
  bool by_distance = true;  // the farther, the likelier; else by weight alone
  bool farthest = false;    // no chance: those farthest away
  std::uint64_t key = 0;
  static constexpr auto fields =
      std::tuple{&Drawing::centers, &Drawing::wanted, &Drawing::by_distance, &Drawing::farthest, &Drawing::key};
};

class KMeansRows {
 public:
  // Makes the rows and keeps them. Throws Error(value) for fewer of them than `clusters`, and for negative weights.
  KMeansRows(const Array& rows, const std::optional<Array>& weights, std::int64_t clusters,
             const ComputeOptions& options);

  // The rows, and their weights if there are any.
  const std::vector<ExprPtr>& exprs() const { return rows_; }
  std::int64_t columns() const { return columns_; }
  bool has_weights() const { return rows_.size() > 1; }
  const FixedScales& scales() const { return scales_; }
  double mean_variance() const { return mean_variance_; }

  // For each center the sums of its rows' columns and their weight, and at the end the inertia: whole numbers.
  NdArray sums(const std::vector<double>& centers) const;
  // The columns of the rows drawn, one after the other; fewer than wanted where no others have a chance.
  std::vector<double> drawn(Drawing drawing) const;

 private:
  void set_scales();

  ComputeOptions options_;
  std::int64_t columns_ = 0;
  std::vector<std::int64_t> row_starts_{0};
  std::vector<ExprPtr> rows_;
  FixedScales scales_;
  double mean_variance_ = 0;
};

void register_kmeans_row_kernels();

}  // namespace plait::ml
