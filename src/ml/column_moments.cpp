#include "ml/column_moments.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "collections/compute_options.h"
#include "collections/source_line.h"
#include "ml/kept_rows.h"
#include "ml/made_once.h"
#include "ml/ml_start.h"
#include "ml/row_fold.h"
#include "ml/row_map.h"
#include "ml/row_tiles.h"

namespace plait::ml {
namespace {

constinit KernelId<> moments_kernel{"ml_column_moments"};
constinit KernelId<> join_moments_kernel{"ml_join_moments"};

enum Moment : std::int64_t { kCount, kMean, kSquares, kLowest, kHighest, kNumMoments };

// One column's moments, and how those of more values join them (Chan's update, which keeps its digits).
struct Moments {
  double count = 0, mean = 0, squares = 0;
  double lowest = std::numeric_limits<double>::infinity(), highest = -std::numeric_limits<double>::infinity();

  void join(const Moments& more) {
    lowest = std::min(lowest, more.lowest);
    highest = std::max(highest, more.highest);
    if (more.count == 0) return;
    if (count == 0) {
      count = more.count, mean = more.mean, squares = more.squares;
      return;
    }
    const double total = count + more.count, distance = more.mean - mean;
    squares += more.squares + distance * distance * count * more.count / total;
    mean += distance * more.count / total;
    count = total;
  }
};

Moments moments_of_tile(const double* values, const double* weights, std::int64_t n) {
  Moments found;
  double sum = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    const double x = values[i];
    if (std::isnan(x)) continue;
    const double weight = weights ? weights[i] : 1.0;
    found.count += weight;
    sum += weight * x;
    found.lowest = std::min(found.lowest, x);
    found.highest = std::max(found.highest, x);
  }
  if (found.count == 0) return found;
  found.mean = sum / found.count;
  double squares = 0, rest = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    if (std::isnan(values[i])) continue;
    const double weight = weights ? weights[i] : 1.0;
    const double distance = values[i] - found.mean;
    squares += weight * distance * distance;
    rest += weight * distance;
  }
  // What rounding of the mean left.
  found.squares = squares - rest * rest / found.count;
  found.mean += rest / found.count;
  return found;
}

NdArray as_array(const std::vector<Moments>& columns) {
  const auto count = static_cast<std::int64_t>(columns.size());
  NdArray out = NdArray::empty(DType::float64, {kNumMoments, count});
  double* to = out.mutable_data<double>();
  for (std::int64_t j = 0; j < count; ++j) {
    const Moments& of = columns[static_cast<std::size_t>(j)];
    const double values[] = {of.count, of.mean, of.squares, of.lowest, of.highest};
    for (std::int64_t i = 0; i < kNumMoments; ++i) to[i * count + j] = values[i];
  }
  return out;
}

Moments column_of(const NdArray& array, std::int64_t j) {
  const std::int64_t count = array.shape()[1];
  const double* from = array.data<double>() + j;
  return {from[0], from[count], from[2 * count], from[3 * count], from[4 * count]};
}

Value moments_of_block(Inputs inputs, const TaskContext& context) {
  const NdArray block = as_doubles(inputs[0].as<NdArray>());
  const NdArray weights = inputs.size() > 1 ? as_doubles(inputs[1].as<NdArray>()) : NdArray();
  const std::int64_t rows = num_rows(block), columns = num_columns(block);
  std::vector<Moments> found(static_cast<std::size_t>(columns));
  std::vector<double> tile(static_cast<std::size_t>(kTileRows * columns));
  for (std::int64_t row = 0; row < rows; row += kTileRows) {
    if (row % (64 * kTileRows) == 0) context.check_cancelled();
    const std::int64_t count = std::min(kTileRows, rows - row);
    load_columns(block, row, count, tile.data(), kTileRows);
    const double* w = inputs.size() > 1 ? weights.data<double>() + row : nullptr;
    for (std::int64_t j = 0; j < columns; ++j)
      found[static_cast<std::size_t>(j)].join(moments_of_tile(tile.data() + j * kTileRows, w, count));
  }
  return Value::of(as_array(found));
}

Value joined(Inputs partials, const TaskContext&) {
  std::vector<Moments> total(static_cast<std::size_t>(partials[0].as<NdArray>().shape()[1]));
  for (const Value& partial : partials) {
    for (std::size_t j = 0; j < total.size(); ++j)
      total[j].join(column_of(partial.as<NdArray>(), static_cast<std::int64_t>(j)));
  }
  return Value::of(as_array(total));
}

}  // namespace

ExprPtr moments_fold(const ExprPtr& rows, const ExprPtr& weights) {
  start_ml();
  std::vector<ExprPtr> all{rows};
  if (weights) all.push_back(weights);
  all = line_up_rows(std::move(all), {"X", "sample_weight"});
  return row_fold(std::move(all), "column_moments", {.partial = moments_kernel(), .combine = join_moments_kernel()});
}

ColumnMoments moments_of(const NdArray& folded) {
  const std::int64_t columns = folded.shape()[1];
  const auto row = [&](std::int64_t i) { return folded.sliced(0, i, 1).reshaped({columns}).copy(); };
  ColumnMoments found{row(kCount), row(kMean), row(kSquares), row(kLowest), row(kHighest)};
  for (std::int64_t j = 0; j < columns; ++j) {
    const double count = found.count.data<double>()[j];
    found.variance.mutable_data<double>()[j] /= count;
    if (count != 0) continue;
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    for (NdArray* of : {&found.mean, &found.variance, &found.minimum, &found.maximum})
      of->mutable_data<double>()[j] = kNone;
  }
  return found;
}

ColumnMoments column_moments(const Array& rows, const std::optional<Array>& weights, const RunSettings& settings) {
  return column_moments(rows.expr(), weights ? weights->expr() : nullptr, compute_options(settings));
}
ColumnMoments column_moments(const ExprPtr& rows, const ExprPtr& weights, const ComputeOptions& options) {
  const ExprPtr fold = moments_fold(rows, weights);
  make_once({fold}, options);
  return moments_of(compute({fold}, options)[0].as<NdArray>());
}

Array standardized(const Array& rows, const ColumnMoments& moments, Location where) {
  start_ml();
  const SourceScope scope = source_scope(where);
  const NdArray mean = as_doubles(moments.mean), variance = as_doubles(moments.variance);
  if (rows.ndim() != 2 || mean.shape() != Shape{rows.shape()[1]} || variance.shape() != mean.shape())
    throw value_error(fmt::format("standardized: the rows have shape {}, but there are moments of {} columns",
                                  to_string(rows.shape()), mean.size()));
  NdArray scale = NdArray::empty(DType::float64, mean.shape());
  for (std::int64_t j = 0; j < mean.size(); ++j) {
    const double deviation = std::sqrt(variance.data<double>()[j]);
    const double rounding = 10 * std::numeric_limits<double>::epsilon() * std::abs(mean.data<double>()[j]);
    scale.mutable_data<double>()[j] = deviation <= rounding ? 1 : deviation;
  }
  const ExprPtr finite = finite_rows(line_up_rows({rows.expr()}, {"X"})[0], DType::float64, "X", true);
  return (Array(finite) - mean) / scale;
}

void register_moments_kernels() {
  define(moments_kernel, "Count, mean, squares and extremes of each column of a block.", moments_of_block);
  define(join_moments_kernel, "Moments of columns put together.", joined);
}

}  // namespace plait::ml
