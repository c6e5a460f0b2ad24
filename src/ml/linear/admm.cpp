// ADMM: every block of rows finds its own coefficients near those that all agree on, and what they agree on follows.
#include "ml/linear/admm.h"

#include <algorithm>
#include <cmath>

#include "kernels/array/lapack.h"
#include "ml/linear/objective.h"

namespace plait::ml {
namespace {

// A block's own problem: its loss over `weights` (of all rows), plus rho/2 times the distance from `towards`.
struct AdmmParams {
  GlmPoint model;
  double rho = 1, weights = 1;
  std::vector<double> towards;  // block after block
  std::vector<double> start;    // block after block
  static constexpr auto fields =
      std::tuple{&AdmmParams::model, &AdmmParams::rho, &AdmmParams::weights, &AdmmParams::towards, &AdmmParams::start};
};
constinit KernelId<AdmmParams> admm_kernel{"ml_admm"};
constinit KernelId<> join_blocks_kernel{"ml_join_coefficients"};

// A few steps of Newton's method, on one block.
Coefficients own_optimum(Inputs block, const AdmmParams& params, const double* towards, Coefficients c,
                         const TaskContext& context) {
  constexpr int kMostSteps = 20;
  const std::size_t n = c.size();
  GlmPoint at = params.model;
  at.wants_hessian = true;
  for (int step = 0; step < kMostSteps; ++step) {
    at.coefficients = c;
    GlmSums sums = glm_sums(block, at, context);
    double largest = 0;
    Coefficients move(n);
    for (std::size_t i = 0; i < n; ++i) {
      const double gradient = sums.gradient[i] / params.weights + params.rho * (c[i] - towards[i]);
      move[i] = -gradient;
      largest = std::max(largest, std::abs(gradient));
      for (std::size_t j = 0; j < n; ++j) sums.hessian[i * n + j] /= params.weights;
      sums.hessian[i * n + i] += params.rho;
    }
    if (largest < 1e-12) break;
    const auto side = static_cast<lapack_int>(n);
    const BlasThreads one_thread;
    if (scipy_LAPACKE_dposv(LAPACK_ROW_MAJOR, 'L', side, 1, sums.hessian.data(), side, move.data(), 1) != 0) break;
    for (std::size_t i = 0; i < n; ++i) c[i] += move[i];
  }
  return c;
}

Value of_block(Inputs inputs, const AdmmParams& params, const TaskContext& context) {
  const std::size_t n = params.model.coefficients.size();
  const std::size_t first = context.block() * n;
  const auto* own = params.start.data() + first;
  const Coefficients c = own_optimum(inputs, params, params.towards.data() + first, {own, own + n}, context);
  return Value::of(NdArray::from<double>({1, static_cast<std::int64_t>(n)}, std::span(c)));
}

Value joined(Inputs partials, const TaskContext&) {
  std::vector<double> all;
  for (const Value& each : partials) {
    const NdArray& rows = each.as<NdArray>();
    all.insert(all.end(), rows.data<double>(), rows.data<double>() + rows.size());
  }
  const std::int64_t width = partials[0].as<NdArray>().shape()[1];
  return Value::of(NdArray::from<double>({static_cast<std::int64_t>(all.size()) / width, width}, std::span(all)));
}

}  // namespace

Solution admm(Objective& objective, Start start, const Limits& limits) {
  const Penalty& penalty = objective.penalty();
  const std::size_t n = start.coefficients.size();
  const auto blocks = static_cast<std::size_t>(objective.rows().at(0)->meta().num_blocks());
  Coefficients agreed = std::move(start.coefficients);
  Slope slope = objective.at(agreed, true);
  // The scale of the curvature: with it, few iterations are needed whatever the units of the columns.
  double rho = 0;
  for (std::size_t i = 0; i < n; ++i) rho += slope.hessian[i * n + i] / static_cast<double>(n);
  rho = std::max(rho, 1e-6) / static_cast<double>(blocks);

  std::vector<double> own(blocks * n), dual(blocks * n, 0.0);
  for (std::size_t b = 0; b < blocks; ++b) std::ranges::copy(agreed, own.begin() + static_cast<std::ptrdiff_t>(b * n));
  Solution found;
  for (;; ++found.iterations) {
    found.value = slope.value + penalty.at(agreed) - penalty.squared_at(agreed);
    found.violation = violation(agreed, slope.gradient, penalty);
    if (limits.watch) limits.watch(found.iterations, found.value, found.violation);
    found.is_converged = found.violation <= limits.tolerance;
    if (found.is_converged || found.iterations >= limits.max_iterations || !std::isfinite(found.value)) break;

    AdmmParams params{objective.model(), rho, objective.weights(), dual, own};
    params.model.coefficients.assign(n, 0.0);
    for (std::size_t b = 0; b < blocks; ++b)
      for (std::size_t i = 0; i < n; ++i) params.towards[b * n + i] = agreed[i] - dual[b * n + i];
    const ExprPtr fold = row_fold(objective.rows(), "admm", {admm_kernel(std::move(params)), join_blocks_kernel()});
    const Value made = compute({fold}, objective.options())[0];
    const NdArray& all = made.as<NdArray>();
    own.assign(all.data<double>(), all.data<double>() + all.size());

    const Coefficients before = agreed;
    double apart = 0, moved = 0;
    for (std::size_t i = 0; i < n; ++i) {
      double sum = 0;
      for (std::size_t b = 0; b < blocks; ++b) sum += own[b * n + i] + dual[b * n + i];
      const double weight = rho * static_cast<double>(blocks);
      agreed[i] = shrunk(rho * sum, penalty.absolute[i]) / (weight + penalty.squared[i]);
      moved += std::pow(agreed[i] - before[i], 2) * static_cast<double>(blocks);
      for (std::size_t b = 0; b < blocks; ++b) {
        dual[b * n + i] += own[b * n + i] - agreed[i];
        apart += std::pow(own[b * n + i] - agreed[i], 2);
      }
    }
    // Both distances shrink together where rho fits.
    const double change = apart > 100 * moved ? 2 : moved > 100 * apart ? 0.5 : 1;
    if (change != 1) {
      rho *= change;
      for (double& each : dual) each /= change;
    }
    slope = objective.at(agreed, false);
  }
  found.coefficients = std::move(agreed);
  return found;
}

void register_admm_kernels() {
  define(admm_kernel, "The coefficients of a block of rows near those that all blocks agree on.", of_block);
  define(join_blocks_kernel, "Coefficients of blocks below each other.", joined);
}

}  // namespace plait::ml
