#include "ml/kmeans.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "collections/array/array_meta.h"
#include "collections/compute_options.h"
#include "collections/source_line.h"
#include "ml/column_moments.h"
#include "ml/kept_rows.h"
#include "ml/kmeans_step.h"
#include "ml/ml_start.h"
#include "ml/row_fold.h"
#include "ml/row_map.h"
#include "ml/row_tiles.h"
#include "ml/tree_split.h"
#include "ml/whole_sums.h"

namespace plait::ml {
namespace {

struct CenterParams {
  std::vector<double> centers;
  std::int64_t columns = 0;
  FixedScales scales;
  static constexpr auto fields = std::tuple{&CenterParams::centers, &CenterParams::columns, &CenterParams::scales};
  std::int64_t count() const { return std::ssize(centers) / columns; }
};
struct DrawParams {
  std::vector<double> centers;
  std::int64_t columns = 0;
  std::int64_t wanted = 0;
  bool by_distance = true;  // the farther, the likelier; else by weight alone
  bool farthest = false;    // no chance: those farthest away
  std::uint64_t key = 0;
  std::vector<std::int64_t> row_starts;
  static constexpr auto fields =
      std::tuple{&DrawParams::centers,  &DrawParams::columns, &DrawParams::wanted,    &DrawParams::by_distance,
                 &DrawParams::farthest, &DrawParams::key,     &DrawParams::row_starts};
};
struct KeepParams {
  std::int64_t wanted = 0;
  static constexpr auto fields = std::tuple{&KeepParams::wanted};
};
constinit KernelId<CenterParams> sums_kernel{"ml_kmeans_sums"};
constinit KernelId<CenterParams> labels_kernel{"ml_kmeans_labels"};
constinit KernelId<DrawParams> draw_kernel{"ml_kmeans_draw"};
constinit KernelId<KeepParams> keep_kernel{"ml_kmeans_keep"};

double squared_distance(const double* a, const double* b, std::int64_t columns) {
  double sum = 0;
  for (std::int64_t j = 0; j < columns; ++j) sum += (a[j] - b[j]) * (a[j] - b[j]);
  return sum;
}

// Calls f(first row, rows, labels) for each tile of a block, with the numbers of the rows' nearest centers.
template <class F>
void for_each_tile(const NdArray& block, const std::vector<double>& centers, const TaskContext& context, F&& f) {
  const std::int64_t rows = num_rows(block), columns = num_columns(block);
  const CenterTable table(centers, columns);
  std::vector<double> tile(static_cast<std::size_t>(kTileRows * columns));
  std::vector<std::int32_t> labels(kTileRows);
  std::vector<double> seconds(kTileRows);
  for (std::int64_t first = 0; first < rows; first += kTileRows) {
    if (first % (16 * kTileRows) == 0) context.check_cancelled();
    const std::int64_t count = std::min(kTileRows, rows - first);
    load_columns(block, first, count, tile.data(), kTileRows);
    for (std::int64_t j = 0; j < columns; ++j) {
      double* column = tile.data() + j * kTileRows;
      for (std::int64_t i = 0; i < count; ++i) column[i] -= table.origin[static_cast<std::size_t>(j)];
    }
    nearest_of_tile(tile.data(), kTileRows, count, table, labels.data(), seconds.data());
    f(first, count, labels.data());
  }
}

const double* weights_of(Inputs inputs, NdArray& held) {
  if (inputs.size() < 2) return nullptr;
  held = as_doubles(inputs[1].as<NdArray>());
  return held.data<double>();
}

// For each center the sums of its rows' columns and their weight, and at the end the inertia: whole numbers.
Value sums_of_block(Inputs inputs, const CenterParams& params, const TaskContext& context) {
  const NdArray block = as_doubles(inputs[0].as<NdArray>());
  NdArray held;
  const double* weights = weights_of(inputs, held);
  const std::int64_t columns = params.columns, width = columns + 1;
  const FixedScales& scales = params.scales;
  NdArray out = NdArray::zeros(DType::int64, {params.count() * width + 1});
  auto* sums = out.mutable_data<std::int64_t>();
  std::int64_t& inertia = sums[params.count() * width];
  const double* x = block.data<double>();
  for_each_tile(
      block, params.centers, context, [&](std::int64_t first, std::int64_t count, const std::int32_t* labels) {
        for (std::int64_t i = 0; i < count; ++i) {
          const double* row = x + (first + i) * columns;
          std::int64_t* to = sums + labels[i] * width;
          const double weight = weights ? weights[first + i] : 1;
          const double scale = weight * scales.sum;
          for (std::int64_t j = 0; j < columns; ++j) to[j] += fixed(row[j], scale);
          to[columns] += fixed(weight, scales.weight);
          inertia += fixed(weight * squared_distance(row, params.centers.data() + labels[i] * columns, columns),
                           scales.inertia);
        }
      });
  return Value::of(std::move(out));
}

Value labels_of_block(Inputs inputs, const CenterParams& params, const TaskContext& context) {
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

// Rows with a key each, smallest first: (rows, 2 + columns) of key, label and columns.
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
  const std::int64_t start = params.row_starts.at(context.block()), columns = params.columns, width = 2 + columns;
  std::vector<double> found;
  double bound = std::numeric_limits<double>::infinity();
  const auto keep = [&] {
    std::vector<const double*> rows;
    for (std::size_t i = 0; i < found.size(); i += static_cast<std::size_t>(width)) rows.push_back(&found[i]);
    return smallest(rows, params.wanted, width);
  };
  const auto look_at = [&](std::int64_t row, std::int32_t label, double distance) {
    const double weight = weights ? weights[row] : 1;
    const double rate = params.by_distance ? weight * distance : weight;
    if (!(rate > 0)) return;
    KeyedNumbers numbers(params.key ^ mixed(static_cast<std::uint64_t>(start + row)));
    const double key = params.farthest ? -distance : -std::log1p(-numbers.uniform()) / rate;
    if (!(key < bound)) return;
    found.push_back(key);
    found.push_back(label);
    found.insert(found.end(), block.data<double>() + row * columns, block.data<double>() + (row + 1) * columns);
    if (std::ssize(found) < 8 * params.wanted * width) return;
    const NdArray kept = keep();
    found.assign(kept.data<double>(), kept.data<double>() + kept.size());
    bound = found[found.size() - static_cast<std::size_t>(width)];
  };
  if (params.centers.empty()) {
    for (std::int64_t row = 0; row < num_rows(block); ++row) look_at(row, 0, 1);
  } else {
    for_each_tile(
        block, params.centers, context, [&](std::int64_t first, std::int64_t count, const std::int32_t* labels) {
          for (std::int64_t i = 0; i < count; ++i) {
            const double* row = block.data<double>() + (first + i) * columns;
            look_at(first + i, labels[i], squared_distance(row, params.centers.data() + labels[i] * columns, columns));
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

// Few rows with weights, in memory.
struct Candidates {
  std::vector<double> rows;
  std::vector<double> weights;
  std::int64_t columns = 0;
  std::int64_t count() const { return std::ssize(weights); }
  const double* row(std::int64_t i) const { return rows.data() + i * columns; }
};

// K-means++ that tries several rows for each center and takes the best.
std::vector<double> chosen_centers(const Candidates& from, std::int64_t clusters, std::uint64_t key) {
  KeyedNumbers numbers(key);
  const int tries = 2 + static_cast<int>(std::log(static_cast<double>(clusters)));
  std::vector<double> centers;
  std::vector<double> near(static_cast<std::size_t>(from.count()), std::numeric_limits<double>::infinity());
  const auto draw = [&] {
    double total = 0;
    const auto share = [&](std::int64_t i) {
      const auto at = static_cast<std::size_t>(i);
      return from.weights[at] * (centers.empty() ? 1 : near[at]);
    };
    for (std::int64_t i = 0; i < from.count(); ++i) total += share(i);
    double left = numbers.uniform() * total;
    std::int64_t last = 0;
    for (std::int64_t i = 0; i < from.count(); ++i) {
      if (share(i) <= 0) continue;
      last = i;
      left -= share(i);
      if (left < 0) break;
    }
    return last;
  };
  while (std::ssize(centers) < clusters * from.columns) {
    std::vector<double> best;
    double least = std::numeric_limits<double>::infinity();
    std::int64_t chosen = 0;
    for (int attempt = 0; attempt < tries; ++attempt) {
      const std::int64_t row = draw();
      std::vector<double> then = near;
      double cost = 0;
      for (std::int64_t i = 0; i < from.count(); ++i) {
        const auto at = static_cast<std::size_t>(i);
        then[at] = std::min(then[at], squared_distance(from.row(i), from.row(row), from.columns));
        cost += from.weights[at] * then[at];
      }
      if (!(cost < least)) continue;
      least = cost;
      best = std::move(then);
      chosen = row;
    }
    if (!best.empty()) near = std::move(best);
    centers.insert(centers.end(), from.row(chosen), from.row(chosen) + from.columns);
  }
  return centers;
}

class Fitting {
 public:
  Fitting(const Array& rows, const std::optional<Array>& weights, const KMeansOptions& given,
          const ComputeOptions& options)
      : given_(given), options_(options) {
    std::vector<ExprPtr> all{rows.expr()};
    if (weights) all.push_back(weights->astype(DType::float64).expr());
    all = line_up_rows(std::move(all), {"X", "sample_weight"});
    columns_ = array_meta(all[0]).shape()[1];
    for (const std::int64_t extent : array_meta(all[0]).chunks()[0]) {
      if (extent == kUnknownExtent)
        throw value_error("k-means needs to know how many rows each block has; call compute_chunk_sizes() first");
      row_starts_.push_back(row_starts_.back() + extent);
    }
    if (row_starts_.back() < given_.clusters)
      throw value_error(fmt::format("n_samples={} should be >= n_clusters={}.", row_starts_.back(), given_.clusters));
    all[0] = finite_rows(all[0], DType::float64, "X");
    rows_ = kept_rows(std::move(all), options_);
    set_scales();
  }

  KMeans fit() {
    std::vector<double> centers = first_centers();
    KMeans found;
    const double limit = given_.tolerance * mean_variance_;
    std::vector<double> before;
    std::vector<std::int64_t> total(static_cast<std::size_t>(given_.clusters * (columns_ + 1)));
    ExprPtr states;
    while (found.iterations < given_.max_iterations && !found.has_converged) {
      ++found.iterations;
      const Step step = kmeans_step(rows_, states, step_params(centers, before, columns_, scales_, rows_.size() > 1));
      const std::vector<ExprPtr> kept = persist({step.states, step.sums}, options_);
      states = kept[0];
      const NdArray changes = compute({kept[1]}, options_)[0].as<NdArray>();
      for (std::size_t i = 0; i < total.size(); ++i) total[i] += changes.data<std::int64_t>()[i];
      std::vector<double> moved = means(centers, total);
      double shift = 0;
      for (std::size_t i = 0; i < moved.size(); ++i) shift += (moved[i] - centers[i]) * (moved[i] - centers[i]);
      before = std::move(centers);
      centers = std::move(moved);
      found.has_converged = shift <= limit;
    }
    const NdArray last = sums(centers);
    found.inertia = static_cast<double>(last.data<std::int64_t>()[last.size() - 1]) / scales_.inertia;
    found.centers = NdArray::from<double>({given_.clusters, columns_}, std::span<const double>(centers));
    return found;
  }

 private:
  void set_scales() {
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

  NdArray sums(const std::vector<double>& centers) const {
    const ExprPtr fold = row_fold(
        rows_, "kmeans_sums", {.partial = sums_kernel({centers, columns_, scales_}), .combine = add_whole_kernel()});
    return compute({fold}, options_)[0].as<NdArray>();
  }

  // The rows (key, label, columns) that are drawn; see drawn_of_block.
  NdArray draw(DrawParams params) const {
    params.columns = columns_;
    params.row_starts = row_starts_;
    const std::int64_t wanted = params.wanted;
    const ExprPtr fold =
        row_fold(rows_, "kmeans_draw", {.partial = draw_kernel(std::move(params)), .combine = keep_kernel({wanted})});
    return compute({fold}, options_)[0].as<NdArray>();
  }

  // Means of the rows of each center. A center without rows takes the place of the row farthest from its own.
  std::vector<double> means(const std::vector<double>& centers, const std::vector<std::int64_t>& sums) const {
    const std::int64_t width = columns_ + 1;
    const std::int64_t* from = sums.data();
    std::vector<double> moved = centers;
    std::vector<std::int64_t> empty;
    for (std::int64_t c = 0; c < given_.clusters; ++c) {
      const std::int64_t weight = from[c * width + columns_];
      if (weight == 0) empty.push_back(c);
      for (std::int64_t j = 0; j < columns_ && weight != 0; ++j) {
        moved[static_cast<std::size_t>(c * columns_ + j)] =
            static_cast<double>(from[c * width + j]) / scales_.sum / (static_cast<double>(weight) / scales_.weight);
      }
    }
    if (empty.empty()) return moved;
    const NdArray far = draw({.centers = centers, .wanted = std::ssize(empty), .farthest = true});
    for (std::int64_t i = 0; i < std::min<std::int64_t>(far.shape()[0], std::ssize(empty)); ++i) {
      std::copy_n(far.data<double>() + i * (2 + columns_) + 2, columns_,
                  moved.begin() + empty[static_cast<std::size_t>(i)] * columns_);
    }
    return moved;
  }

  std::vector<double> first_centers() const {
    if (given_.centers) {
      const NdArray held = as_doubles(*given_.centers);
      if (held.shape() != Shape{given_.clusters, columns_})
        throw value_error(
            fmt::format("The shape of the initial centers {} does not match n_clusters={} and {} features",
                        to_string(held.shape()), given_.clusters, columns_));
      return {held.data<double>(), held.data<double>() + held.size()};
    }
    if (given_.init == "random") {
      const NdArray rows = draw({.wanted = given_.clusters, .by_distance = false, .key = mixed(given_.seed)});
      Candidates drawn = candidates_of(rows);
      while (drawn.count() < given_.clusters) append(drawn, drawn.row(0));
      return std::move(drawn.rows);
    }
    if (given_.init != "k-means||" && given_.init != "k-means++")
      throw value_error(
          fmt::format("init='{}': expected 'k-means||', 'k-means++', 'random' or an array of centers", given_.init));
    return scalable_centers();
  }

  // Bahmani et al., "Scalable k-means++" (2012): rounds that draw many rows, and a choice among these, each with the
  // weight of the rows that are nearest to it.
  std::vector<double> scalable_centers() const {
    Candidates drawn = candidates_of(draw({.wanted = 1, .by_distance = false, .key = mixed(given_.seed)}));
    const auto a_round =
        static_cast<std::int64_t>(std::ceil(given_.oversampling * static_cast<double>(given_.clusters)));
    for (std::int64_t round = 0; round < given_.init_rounds; ++round) {
      const NdArray rows = draw({.centers = drawn.rows,
                                 .wanted = a_round,
                                 .key = mixed(given_.seed ^ mixed(static_cast<std::uint64_t>(round + 1)))});
      if (rows.shape()[0] == 0) break;
      const Candidates more = candidates_of(rows);
      for (std::int64_t i = 0; i < more.count(); ++i) append(drawn, more.row(i));
    }
    const NdArray of = sums(drawn.rows);
    for (std::int64_t i = 0; i < drawn.count(); ++i)
      drawn.weights[static_cast<std::size_t>(i)] =
          static_cast<double>(of.data<std::int64_t>()[i * (columns_ + 1) + columns_]);
    return chosen_centers(drawn, given_.clusters, mixed(given_.seed + 1));
  }

  void append(Candidates& to, const double* row) const {
    const std::vector<double> copy(row, row + columns_);
    to.rows.insert(to.rows.end(), copy.begin(), copy.end());
    to.weights.push_back(1);
  }
  Candidates candidates_of(const NdArray& rows) const {
    Candidates found{.columns = columns_};
    for (std::int64_t i = 0; i < rows.shape()[0]; ++i) append(found, rows.data<double>() + i * (2 + columns_) + 2);
    return found;
  }

  KMeansOptions given_;
  ComputeOptions options_;
  std::int64_t columns_ = 0;
  std::vector<std::int64_t> row_starts_{0};
  std::vector<ExprPtr> rows_;
  FixedScales scales_;
  double mean_variance_ = 0;
};

}  // namespace

CenterTable::CenterTable(const std::vector<double>& all, std::int64_t num_columns)
    : columns(num_columns), origin(static_cast<std::size_t>(num_columns)) {
  const std::int64_t count = std::ssize(all) / columns;
  padded = (count + 3) / 4 * 4;
  for (std::size_t i = 0; i < all.size(); ++i) origin[i % origin.size()] += all[i] / static_cast<double>(count);
  centers.resize(static_cast<std::size_t>(padded * columns));
  half_norms.assign(static_cast<std::size_t>(padded), std::numeric_limits<double>::infinity());
  for (std::int64_t c = 0; c < count; ++c) {
    double norm = 0;
    for (std::int64_t j = 0; j < columns; ++j) {
      const auto at = static_cast<std::size_t>(c * columns + j);
      centers[at] = all[at] - origin[static_cast<std::size_t>(j)];
      norm += centers[at] * centers[at];
    }
    half_norms[static_cast<std::size_t>(c)] = norm / 2;
  }
}

KMeans fit_kmeans(const Array& rows, const std::optional<Array>& weights, const KMeansOptions& options,
                  const ComputeOptions& run) {
  start_ml();
  return Fitting(rows, weights, options, run).fit();
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
  CenterParams params{.centers = {held.data<double>(), held.data<double>() + held.size()}, .columns = held.shape()[1]};
  return Array(row_map({finite_rows(line_up_rows({rows.expr()}, {"X"})[0], DType::float64, "X")}, "nearest_centers",
                       labels_kernel(std::move(params)), DType::int32, RowMap::kOneAxis));
}

void register_kmeans_kernels() {
  register_kmeans_step_kernels();
  define(sums_kernel, "Sums of the rows nearest to each center.", sums_of_block);
  define(labels_kernel, "The nearest center of each row.", labels_of_block);
  define(draw_kernel, "Rows that chance, or their distance, has chosen.", drawn_of_block);
  define(keep_kernel, "Those of the smallest keys.", kept_of_drawn);
}

}  // namespace plait::ml
