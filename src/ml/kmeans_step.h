// A step of k-means that looks only at rows that may have changed their center.
//
// Each row keeps its label, a distance that it is not farther from its center than, and one that it is not nearer to
// any other than (Hamerly, "Making k-means even faster", 2010). Centers that move widen these bounds; where they still
// say that the center is the nearest one, the row's numbers are not read. Sums are whole numbers, so that they can be
// kept from step to step, and changed by the rows that have moved.
#pragma once

#include <cstdint>
#include <vector>

#include "base/kernel.h"
#include "expr/expr.h"

namespace plait::ml {

// Fixed point of sums, weights and squared distances.
struct FixedScales {
  double sum = 1, weight = 1, inertia = 1;
  static constexpr auto fields = std::tuple{&FixedScales::sum, &FixedScales::weight, &FixedScales::inertia};
};

struct StepParams {
  std::vector<double> centers;
  std::int64_t columns = 0;
  FixedScales scales;
  bool has_weights = false;
  // How far each center has moved since the last step, and the farthest that another one has; empty: the first step.
  std::vector<double> moves, moves_of_others;
  std::vector<double> half_gaps;  // half the distance of each center from the nearest other one
  static constexpr auto fields =
      std::tuple{&StepParams::centers, &StepParams::columns,         &StepParams::scales,   &StepParams::has_weights,
                 &StepParams::moves,   &StepParams::moves_of_others, &StepParams::half_gaps};
};

// With what is known of the centers themselves; `before`: those of the last step, or none.
StepParams step_params(std::vector<double> centers, const std::vector<double>& before, std::int64_t columns,
                       const FixedScales& scales, bool has_weights);

struct Step {
  ExprPtr states;  // a value a block: what the next step begins with
  ExprPtr sums;    // one value, int64: by how much the sums and weights of each center have changed
};
// `rows`: the rows, and their weights if there are any; `states`: kept ones of the last step, or null.
Step kmeans_step(std::vector<ExprPtr> rows, const ExprPtr& states, StepParams params);

void register_kmeans_step_kernels();

}  // namespace plait::ml
