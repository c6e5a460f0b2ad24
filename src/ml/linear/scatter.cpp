#include "ml/linear/scatter.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "ml/column_products.h"
#include "ml/kept_rows.h"
#include "ml/row_fold.h"
#include "ml/row_loops.h"
#include "ml/row_tiles.h"

namespace plait::ml {
namespace {

struct ScatterParams {
  std::vector<double> centre;
  bool has_weights = false;
  bool wants_products = true;
  static constexpr auto fields =
      std::tuple{&ScatterParams::centre, &ScatterParams::has_weights, &ScatterParams::wants_products};
};
constinit KernelId<ScatterParams> scatter_kernel{"ml_scatter"};

NdArray as_floats(const NdArray& block) {
  return block.dtype() == DType::float32 ? block.contiguous() : as_doubles(block);
}

// [weights, sums, products (lower triangle)]
Value of_block(Inputs inputs, const ScatterParams& params, const TaskContext& context) {
  std::vector<NdArray> parts;
  const std::size_t num_parts = inputs.size() - (params.has_weights ? 1 : 0);
  std::int64_t columns = 0;
  for (std::size_t i = 0; i < num_parts; ++i) {
    parts.push_back(as_floats(inputs[i].as<NdArray>()));
    columns += num_columns(parts.back());
  }
  const NdArray weights = params.has_weights ? as_doubles(inputs.back().as<NdArray>()) : NdArray();
  const std::int64_t rows = num_rows(parts[0]);
  NdArray out = NdArray::zeros(DType::float64, {1 + columns + (params.wants_products ? columns * columns : 0)});
  double* sums = out.mutable_data<double>() + 1;
  const RowLoops& loops = row_loops();
  std::optional<ColumnProducts> products;
  if (params.wants_products) products.emplace(columns, sums + columns);
  std::vector<double> sums_only(static_cast<std::size_t>(products ? 0 : kTileRows * columns));
  const std::int64_t stride = products ? products->stride() : columns;
  const std::vector<double> ones(kTileRows, 1.0);
  std::vector<double> roots(kTileRows);
  for (std::int64_t row = 0; row < rows; row += kTileRows) {
    if (row % (16 * kTileRows) == 0) context.check_cancelled();
    const std::int64_t n = std::min(kTileRows, rows - row);
    double* tile = products ? products->next_rows(n, bytes_of_rows(parts[0], row, n)) : sums_only.data();
    std::int64_t at = 0;
    for (const NdArray& part : parts) {
      if (params.centre.empty()) {
        load_rows(part, row, n, tile + at, stride);
      } else {
        load_rows(part, row, n, tile + at, stride, params.centre.data() + at);
      }
      at += num_columns(part);
    }
    const double* of_rows = params.has_weights ? weights.data<double>() + row : ones.data();
    for (std::int64_t i = 0; i < n; ++i) out.mutable_data<double>()[0] += of_rows[i];
    loops.add_rows(sums, tile, stride, n, columns, of_rows);
    if (!params.has_weights || !products) continue;
    std::ranges::transform(of_rows, of_rows + n, roots.begin(), [](double weight) { return std::sqrt(weight); });
    loops.scale_rows(tile, stride, tile, stride, n, columns, roots.data());
  }
  if (products) products->finish();
  return Value::of(out);
}

std::vector<double> folded(const std::vector<ExprPtr>& rows, ScatterParams params, const ComputeOptions& options) {
  const ExprPtr fold = row_fold(rows, "scatter", {scatter_kernel(std::move(params)), add_partials_kernel()});
  const Value total = compute({fold}, options)[0];
  const NdArray& all = total.as<NdArray>();
  std::vector<double> sums{all.data<double>(), all.data<double>() + all.size()};
  if (!std::isfinite(std::accumulate(sums.begin(), sums.end(), 0.0))) refuse_missing(rows.at(0), "X", options);
  return sums;
}

}  // namespace

Scatter scatter(const std::vector<ExprPtr>& rows, std::vector<double> centre, bool has_weights,
                const ComputeOptions& options) {
  const std::vector<double> all = folded(rows, {std::move(centre), has_weights, true}, options);
  std::int64_t columns = 0;
  while (1 + columns + columns * columns < static_cast<std::int64_t>(all.size())) ++columns;
  const auto first = all.begin() + 1;
  Scatter found{all[0], {first, first + columns}, {first + columns, all.end()}, columns};
  for (std::int64_t i = 0; i < columns; ++i)
    for (std::int64_t j = 0; j < i; ++j)
      found.products[static_cast<std::size_t>(j * columns + i)] = found.product(i, j);
  return found;
}

CentredScatter centred_scatter(const std::vector<ExprPtr>& rows, bool has_weights, const ComputeOptions& options) {
  std::vector<double> means = folded(rows, {{}, has_weights, false}, options);
  const double weights = means[0];
  means.erase(means.begin());
  for (double& mean : means) mean /= weights;
  CentredScatter found{scatter(rows, means, has_weights, options), means};
  return found;
}

void register_scatter_kernels() {
  define(scatter_kernel, "Sums and products of columns of a block of rows.", of_block);
}

}  // namespace plait::ml
