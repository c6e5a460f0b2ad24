// What a forest says of rows: every tree leads a row to a leaf, and the leaves' values are averaged, tree after tree.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "collections/array/array_meta.h"
#include "collections/source_line.h"
#include "ml/forest.h"
#include "ml/forest_rows.h"
#include "ml/kept_rows.h"
#include "ml/ml_start.h"
#include "ml/row_map.h"
#include "ml/row_tiles.h"
#include "plait/ml/forest.h"

namespace plait::ml {
namespace {

constexpr std::int64_t kRowsAtOnce = 512;

struct ForestNodes {
  Value starts, feature, threshold, left, value;
  static constexpr auto fields = std::tuple{&ForestNodes::starts, &ForestNodes::feature, &ForestNodes::threshold,
                                            &ForestNodes::left, &ForestNodes::value};
};
struct ValuesParams {
  Shared<ForestNodes> nodes;
  // Only trees whose sample does not have the row: how they were drawn.
  std::vector<std::uint64_t> keys;
  double sample_fraction = 1;
  std::vector<std::int64_t> row_starts;
  static constexpr auto fields =
      std::tuple{&ValuesParams::nodes, &ValuesParams::keys, &ValuesParams::sample_fraction, &ValuesParams::row_starts};
};
constinit KernelId<ValuesParams> values_kernel{"ml_forest_values"};

struct Trees {
  explicit Trees(const ForestNodes& nodes)
      : starts(nodes.starts.as<NdArray>().data<std::int64_t>()),
        count(nodes.starts.as<NdArray>().size() - 1),
        feature(nodes.feature.as<NdArray>().data<std::int32_t>()),
        threshold(nodes.threshold.as<NdArray>().data<double>()),
        left(nodes.left.as<NdArray>().data<std::int32_t>()),
        value(nodes.value.as<NdArray>().data<double>()),
        outputs(nodes.value.as<NdArray>().shape()[1]) {}

  const double* leaf_value(std::int64_t tree, const double* row) const {
    const std::int64_t start = starts[tree];
    std::int64_t node = start;
    while (feature[node] >= 0) node = start + left[node] + (row[feature[node]] <= threshold[node] ? 0 : 1);
    return value + node * outputs;
  }

  const std::int64_t* starts;
  std::int64_t count;
  const std::int32_t* feature;
  const double* threshold;
  const std::int32_t* left;
  const double* value;
  std::int64_t outputs;
};

Value values_of_block(Inputs inputs, const ValuesParams& params, const TaskContext& context) {
  const NdArray block = as_doubles(inputs[0].as<NdArray>());
  const std::int64_t rows = num_rows(block), columns = num_columns(block);
  const Trees trees(*params.nodes);
  const bool is_out_of_bag = !params.keys.empty();
  const std::int64_t start = is_out_of_bag ? params.row_starts.at(context.block()) : 0;
  std::vector<RowDraws> draws;
  for (const std::uint64_t key : params.keys) draws.emplace_back(Sampling{true, params.sample_fraction}, key);
  NdArray out = NdArray::zeros(DType::float64, {rows, trees.outputs});
  double* to = out.mutable_data<double>();
  std::vector<double> votes(static_cast<std::size_t>(kRowsAtOnce));
  for (std::int64_t first = 0; first < rows; first += kRowsAtOnce) {
    const std::int64_t end = std::min(rows, first + kRowsAtOnce);
    context.check_cancelled();
    std::ranges::fill(votes, 0);
    for (std::int64_t tree = 0; tree < trees.count; ++tree) {
      for (std::int64_t row = first; row < end; ++row) {
        if (is_out_of_bag && draws[static_cast<std::size_t>(tree)].count(start + row) > 0) continue;
        const double* value = trees.leaf_value(tree, block.data<double>() + row * columns);
        for (std::int64_t k = 0; k < trees.outputs; ++k) to[row * trees.outputs + k] += value[k];
        votes[static_cast<std::size_t>(row - first)] += 1;
      }
    }
    for (std::int64_t row = first; row < end; ++row) {
      const double count = votes[static_cast<std::size_t>(row - first)];
      for (std::int64_t k = 0; k < trees.outputs; ++k) {
        double& each = to[row * trees.outputs + k];
        each = count > 0 ? each / count : std::numeric_limits<double>::quiet_NaN();
      }
    }
  }
  return Value::of(std::move(out));
}

Array values_of(const Array& rows, const Forest& forest, ValuesParams params) {
  const std::int64_t features = forest.importances.shape().at(1);
  if (rows.ndim() != 2 || rows.shape()[1] != features)
    throw value_error(fmt::format("the rows have shape {}, but the forest has learnt from {} columns",
                                  to_string(rows.shape()), features));
  const auto held = [](const NdArray& array) { return Value::of(array.contiguous()); };
  params.nodes = Shared<ForestNodes>(
      {held(forest.starts), held(forest.feature), held(forest.threshold), held(forest.left), held(forest.value)});
  const std::int64_t outputs = forest.value.shape()[1];
  return Array(row_map({finite_rows(line_up_rows({rows.expr()}, {"X"})[0], DType::float64, "X")}, "forest_values",
                       values_kernel(std::move(params)), DType::float64, outputs));
}

}  // namespace

Array forest_values(const Array& rows, const Forest& forest, Location where) {
  start_ml();
  const SourceScope scope = source_scope(where);
  return values_of(rows, forest, {});
}

Array out_of_bag_values(const Array& rows, const Forest& forest, double sample_fraction, Location where) {
  start_ml();
  const SourceScope scope = source_scope(where);
  const auto* keys = forest.keys.data<std::uint64_t>();
  std::vector<std::int64_t> starts(1);
  for (const std::int64_t extent : array_meta(rows.expr()).chunks()[0]) starts.push_back(starts.back() + extent);
  ValuesParams params{.keys = std::vector<std::uint64_t>(keys, keys + forest.keys.size()),
                      .sample_fraction = sample_fraction,
                      .row_starts = std::move(starts)};
  return values_of(rows, forest, std::move(params));
}

void register_forest_value_kernels() {
  define(values_kernel, "The mean of the trees' values for each row.", values_of_block);
}

}  // namespace plait::ml
