#include "ml/kmeans_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "collections/array/array_meta.h"
#include "ml/center_tiles.h"
#include "ml/column_moments.h"
#include "ml/kept_rows.h"
#include "ml/row_fold.h"
#include "ml/row_map.h"
#include "ml/tree_split.h"
#include "ml/whole_sums.h"

namespace plait::ml {
namespace {

struct SumParams {
  std::vector<double> centers;
  FixedScales scales;
  static constexpr auto fields = std::tuple{&SumParams::centers, &SumParams::scales};
};
struct DrawParams {
  Drawing drawing;
  std::vector<std::int64_t> row_starts;
  static constexpr auto fields = std::tuple{&DrawParams::drawing, &DrawParams::row_starts};
};
struct KeepParams {
  std::int64_t wanted = 0;
  static constexpr auto fields = std::tuple{&KeepParams::wanted};
};
constinit KernelId<SumParams> sums_kernel{"ml_kmeans_sums"};
constinit KernelId<DrawParams> draw_kernel{"ml_kmeans_draw"};
constinit KernelId<KeepParams> keep_kernel{"ml_kmeans_keep"};

const double* weights_of(Inputs inputs, NdArray& held) {
  if (inputs.size() < 2) return nullptr;
  held = as_doubles(inputs[1].as<NdArray>());
  return held.data<double>();
}

// For each center the sums of its rows' columns and their weight, and at the end the inertia: whole numbers.
Value sums_of_block(Inputs inputs, const SumParams& params, const TaskContext& context) {
  const NdArray block = as_doubles(inputs[0].as<NdArray>());
  NdArray held;
  const double* weights = weights_of(inputs, held);
  const std::int64_t columns = num_columns(block), width = columns + 1;
  const std::int64_t count = std::ssize(params.centers) / columns;
  const FixedScales& scales = params.scales;
  NdArray out = NdArray::zeros(DType::int64, {count * width + 1});
  auto* sums = out.mutable_data<std::int64_t>();
  std::int64_t& inertia = sums[count * width];
  const double* x = block.data<double>();
  for_each_tile(block, params.centers, context, [&](std::int64_t first, std::int64_t rows, const std::int32_t* labels) {
    for (std::int64_t i = 0; i < rows; ++i) {
      const double* row = x + (first + i) * columns;
      std::int64_t* to = sums + labels[i] * width;
      const double weight = weights ? weights[first + i] : 1;
      const double scale = weight * scales.sum;
      for (std::int64_t j = 0; j < columns; ++j) to[j] += fixed(row[j], scale);
      to[columns] += fixed(weight, scales.weight);
      inertia +=
          fixed(weight * squared_distance(row, params.centers.data() + labels[i] * columns, columns), scales.inertia);
    }
  });
  return Value::of(std::move(out));
}

// Rows with a key each, smallest first: (rows, 1 + columns) of key and columns.
NdArray smallest(const std::vector<const double*>& rows, std::int64_t wanted, std::int64_t width) {
  std::vector<const double*> order = rows;
  std::ranges::stable_sort(order, std::ranges::less{}, [](const double* row) { return row[0]; });
  order.resize(std::min(order.size(), static_cast<std::size_t>(wanted)));
  NdArray out = NdArray::empty(DType::float64, {std::ssize(order), width});
  double* to = out.mutable_data<double>();
  for (const double* row : order) to = std::copy_n(row, width, to);
  return out;
}

// Each row has the chance of its weight, times its squared distance, to be drawn: the rows of the smallest waiting
// times, where a row's time is exponential with that rate. One pass, and the rows are drawn without replacement.
Value drawn_of_block(Inputs inputs, const DrawParams& params, const TaskContext& context) {
  const NdArray block = as_doubles(inputs[0].as<NdArray>());
  NdArray held;
  const double* weights = weights_of(inputs, held);
  const std::int64_t start = params.row_starts.at(context.block()), columns = num_columns(block), width = 1 + columns;
  const Drawing& drawing = params.drawing;
  std::vector<double> found;
  double bound = std::numeric_limits<double>::infinity();
  const auto keep = [&] {
    std::vector<const double*> rows;
    for (std::size_t i = 0; i < found.size(); i += static_cast<std::size_t>(width)) rows.push_back(&found[i]);
    return smallest(rows, drawing.wanted, width);
  };
  const auto look_at = [&](std::int64_t row, double distance) {
    const double weight = weights ? weights[row] : 1;
    const double rate = drawing.by_distance ? weight * distance : weight;
    if (!(rate > 0)) return;
    KeyedNumbers numbers(drawing.key ^ mixed(static_cast<std::uint64_t>(start + row)));
    const double key = drawing.farthest ? -distance : -std::log1p(-numbers.uniform()) / rate;
    if (!(key < bound)) return;
    found.push_back(key);
    found.insert(found.end(), block.data<double>() + row * columns, block.data<double>() + (row + 1) * columns);
    if (std::ssize(found) < 8 * drawing.wanted * width) return;
    const NdArray kept = keep();
    found.assign(kept.data<double>(), kept.data<double>() + kept.size());
    bound = found[found.size() - static_cast<std::size_t>(width)];
  };
  if (drawing.centers.empty()) {
    for (std::int64_t row = 0; row < num_rows(block); ++row) look_at(row, 1);
  } else {
    for_each_tile(block, drawing.centers, context,
                  [&](std::int64_t first, std::int64_t count, const std::int32_t* labels) {
                    for (std::int64_t i = 0; i < count; ++i) {
                      const double* row = block.data<double>() + (first + i) * columns;
                      look_at(first + i, squared_distance(row, drawing.centers.data() + labels[i] * columns, columns));
                    }
                  });
  }
  return Value::of(keep());
}

Value kept_of_drawn(Inputs partials, const KeepParams& params, const TaskContext&) {
  std::vector<const double*> rows;
  std::int64_t width = 0;
  for (const Value& partial : partials) {
    const NdArray& drawn = partial.as<NdArray>();
    width = drawn.shape()[1];
    for (std::int64_t i = 0; i < drawn.shape()[0]; ++i) rows.push_back(drawn.data<double>() + i * width);
  }
  return Value::of(smallest(rows, params.wanted, width));
}

}  // namespace

KMeansRows::KMeansRows(const Array& rows, const std::optional<Array>& weights, std::int64_t clusters,
                       const ComputeOptions& options)
    : options_(options) {
  std::vector<ExprPtr> all{rows.expr()};
  if (weights) all.push_back(weights->astype(DType::float64).expr());
  all = line_up_rows(std::move(all), {"X", "sample_weight"});
  columns_ = array_meta(all[0]).shape()[1];
  for (const std::int64_t extent : array_meta(all[0]).chunks()[0]) {
    if (extent == kUnknownExtent)
      throw value_error("k-means needs to know how many rows each block has; call compute_chunk_sizes() first");
    row_starts_.push_back(row_starts_.back() + extent);
  }
  if (row_starts_.back() < clusters)
    throw value_error(fmt::format("n_samples={} should be >= n_clusters={}.", row_starts_.back(), clusters));
  all[0] = finite_rows(all[0], DType::float64, "X");
  rows_ = kept_rows(std::move(all), options_);
  set_scales();
}

void KMeansRows::set_scales() {
  const ColumnMoments moments = moments_of(compute({moments_fold(rows_[0], nullptr)}, options_)[0].as<NdArray>());
  double largest = 0, span = 0, variance = 0;
  for (std::int64_t j = 0; j < columns_; ++j) {
    const double low = moments.minimum.data<double>()[j], high = moments.maximum.data<double>()[j];
    largest = std::max({largest, std::abs(low), std::abs(high)});
    span += (high - low) * (high - low);
    // Its last digits depend on how rows are cut into blocks; what is compared with it shall not.
    variance += static_cast<float>(moments.variance.data<double>()[j]);
  }
  mean_variance_ = variance / static_cast<double>(columns_);
  double heaviest = 1;
  if (rows_.size() > 1) {
    const Array weights(rows_[1]);
    const std::vector<Value> ends = compute({weights.min().expr(), weights.max().expr()}, options_);
    heaviest = ends[1].as<NdArray>().item<double>();
    if (!(ends[0].as<NdArray>().item<double>() >= 0) || !std::isfinite(heaviest))
      throw value_error("sample_weight has a negative number, NaN or infinity; weights are numbers from 0");
    if (heaviest == 0) throw value_error("all sample weights are zero; centers are means of rows that have weight");
  }
  const auto count = static_cast<double>(row_starts_.back());
  scales_ = {.sum = fixed_scale(largest * heaviest, count),
             .weight = rows_.size() > 1 ? fixed_scale(heaviest, count) : 1,
             .inertia = fixed_scale(span * heaviest, count)};
}

NdArray KMeansRows::sums(const std::vector<double>& centers) const {
  const ExprPtr fold =
      row_fold(rows_, "kmeans_sums", {.partial = sums_kernel({centers, scales_}), .combine = add_whole_kernel()});
  return compute({fold}, options_)[0].as<NdArray>();
}

std::vector<double> KMeansRows::drawn(Drawing drawing) const {
  const std::int64_t wanted = drawing.wanted;
  const ExprPtr fold =
      row_fold(rows_, "kmeans_draw",
               {.partial = draw_kernel({std::move(drawing), row_starts_}), .combine = keep_kernel({wanted})});
  const NdArray found = compute({fold}, options_)[0].as<NdArray>();
  std::vector<double> rows;
  for (std::int64_t i = 0; i < num_rows(found); ++i) {
    const double* row = found.data<double>() + i * (1 + columns_) + 1;
    rows.insert(rows.end(), row, row + columns_);
  }
  return rows;
}

void register_kmeans_row_kernels() {
  define(sums_kernel, "Sums of the rows nearest to each center.", sums_of_block);
  define(draw_kernel, "Rows that chance, or their distance, has chosen.", drawn_of_block);
  define(keep_kernel, "Those of the smallest keys.", kept_of_drawn);
}

}  // namespace plait::ml
