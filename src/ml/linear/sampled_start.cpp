// Where to begin where rows are many: at the optimum of some of them, which costs next to nothing and is as near the
// optimum of all as chance allows.
#include <algorithm>
#include <cmath>

#include "ml/kept_rows.h"
#include "ml/linear/objective.h"
#include "ml/row_sample.h"

namespace plait::ml {
namespace {

// A sample has a sixteenth of the rows of the next larger one.
constexpr std::int64_t kShare = 16;
// One that says little is not looked at.
constexpr std::int64_t kFewestRows = 2000, kRowsPerCoefficient = 20;
// The Hessian of more coefficients costs more than it saves.
constexpr std::size_t kMostCoefficients = 640;
constexpr std::int64_t kMostIterations = 20;

}  // namespace

Start sampled_start(const Objective& objective, std::int64_t num_rows, Coefficients given, const Limits& limits) {
  Start start{given, {}};
  if (given.size() > kMostCoefficients) return start;
  const std::int64_t fewest = std::max(kFewestRows, kRowsPerCoefficient * static_cast<std::int64_t>(objective.size()));
  std::int64_t every = 1;
  while (num_rows / (every * kShare) >= fewest) every *= kShare;
  for (; every > 1; every /= kShare) {
    Objective of_sample = objective.on(kept_rows(sampled_rows(objective.rows(), every), objective.options()));
    // Chance alone moves the slope of a sample by about this much.
    const double noise = 0.1 / std::sqrt(static_cast<double>(num_rows) / static_cast<double>(every));
    Solution found = newton(of_sample, std::move(start), {std::max(limits.tolerance, noise), kMostIterations});
    // One that has no optimum, as where its classes are separated, tells nothing of the whole.
    if (!found.is_converged) return {std::move(given), {}};
    start = {std::move(found.coefficients), std::move(found.hessian)};
  }
  return start;
}

}  // namespace plait::ml
