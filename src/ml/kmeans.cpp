#include "ml/kmeans.h"

#include <fmt/format.h>

#include <algorithm>

#include "collections/compute_options.h"
#include "collections/source_line.h"
#include "ml/center_tiles.h"
#include "ml/kept_rows.h"
#include "ml/kmeans_rows.h"
#include "ml/kmeans_start.h"
#include "ml/kmeans_step.h"
#include "ml/ml_start.h"
#include "ml/row_map.h"

namespace plait::ml {
namespace {

struct LabelParams {
  std::vector<double> centers;
  static constexpr auto fields = std::tuple{&LabelParams::centers};
};
constinit KernelId<LabelParams> labels_kernel{"ml_kmeans_labels"};

Value labels_of_block(Inputs inputs, const LabelParams& params, const TaskContext& context) {
  const NdArray block = as_doubles(inputs[0].as<NdArray>());
  NdArray out = context.output(DType::int32, {num_rows(block)});
  for_each_tile(block, params.centers, context,
                [&](std::int64_t first, std::int64_t count, const std::int32_t* labels) {
                  for (std::int64_t i = 0; i < count; ++i) {
                    auto* to = out.mutable_bytes() + (first + i) * out.strides()[0];
                    *reinterpret_cast<std::int32_t*>(to) = labels[i];
                  }
                });
  return Value::of(std::move(out));
}

// Means of the rows of each center. A center without rows takes the place of the row farthest from its own.
std::vector<double> means(const KMeansRows& rows, const std::vector<double>& centers,
                          const std::vector<std::int64_t>& sums) {
  const std::int64_t columns = rows.columns(), width = columns + 1;
  const FixedScales& scales = rows.scales();
  const std::int64_t* from = sums.data();
  std::vector<double> moved = centers;
  std::vector<std::int64_t> empty;
  for (std::int64_t c = 0; c * columns < std::ssize(centers); ++c) {
    const std::int64_t weight = from[c * width + columns];
    if (weight == 0) empty.push_back(c);
    for (std::int64_t j = 0; j < columns && weight != 0; ++j) {
      moved[static_cast<std::size_t>(c * columns + j)] =
          static_cast<double>(from[c * width + j]) / scales.sum / (static_cast<double>(weight) / scales.weight);
    }
  }
  if (empty.empty()) return moved;
  const std::vector<double> far = rows.drawn({.centers = centers, .wanted = std::ssize(empty), .farthest = true});
  for (std::int64_t i = 0; i < std::ssize(far) / columns; ++i)
    std::copy_n(far.begin() + i * columns, columns, moved.begin() + empty[static_cast<std::size_t>(i)] * columns);
  return moved;
}

}  // namespace

KMeans fit_kmeans(const Array& given, const std::optional<Array>& weights, const KMeansOptions& options,
                  const ComputeOptions& run) {
  start_ml();
  const KMeansRows rows(given, weights, options.clusters, run);
  std::vector<double> centers = first_centers(rows, options);
  KMeans found;
  const double limit = options.tolerance * rows.mean_variance();
  std::vector<double> before;
  std::vector<std::int64_t> total(static_cast<std::size_t>(options.clusters * (rows.columns() + 1)));
  ExprPtr states;
  while (found.iterations < options.max_iterations && !found.has_converged) {
    ++found.iterations;
    const Step step = kmeans_step(rows.exprs(), states,
                                  step_params(centers, before, rows.columns(), rows.scales(), rows.has_weights()));
    const std::vector<ExprPtr> kept = persist({step.states, step.sums}, run);
    states = kept[0];
    const NdArray changes = compute({kept[1]}, run)[0].as<NdArray>();
    for (std::size_t i = 0; i < total.size(); ++i) total[i] += changes.data<std::int64_t>()[i];
    std::vector<double> moved = means(rows, centers, total);
    double shift = 0;
    for (std::size_t i = 0; i < moved.size(); ++i) shift += (moved[i] - centers[i]) * (moved[i] - centers[i]);
    before = std::move(centers);
    centers = std::move(moved);
    found.has_converged = shift <= limit;
  }
  const NdArray last = rows.sums(centers);
  found.inertia = static_cast<double>(last.data<std::int64_t>()[last.size() - 1]) / rows.scales().inertia;
  found.centers = NdArray::from<double>({options.clusters, rows.columns()}, std::span<const double>(centers));
  return found;
}
KMeans fit_kmeans(const Array& rows, const std::optional<Array>& weights, const KMeansOptions& options,
                  const RunSettings& settings) {
  return fit_kmeans(rows, weights, options, compute_options(settings));
}

Array nearest_centers(const Array& rows, const NdArray& centers, Location where) {
  start_ml();
  const SourceScope scope = source_scope(where);
  const NdArray held = as_doubles(centers);
  if (held.ndim() != 2 || rows.ndim() != 2 || rows.shape()[1] != held.shape()[1])
    throw value_error(fmt::format("the rows have shape {}, but the centers have shape {}: expected as many columns",
                                  to_string(rows.shape()), to_string(held.shape())));
  LabelParams params{.centers = {held.data<double>(), held.data<double>() + held.size()}};
  return Array(row_map({finite_rows(line_up_rows({rows.expr()}, {"X"})[0], DType::float64, "X")}, "nearest_centers",
                       labels_kernel(std::move(params)), DType::int32, RowMap::kOneAxis));
}

void register_kmeans_kernels() {
  register_kmeans_step_kernels();
  register_kmeans_row_kernels();
  define(labels_kernel, "The nearest center of each row.", labels_of_block);
}

}  // namespace plait::ml
