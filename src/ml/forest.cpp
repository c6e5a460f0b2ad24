#include "plait/ml/forest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "collections/array/array_meta.h"
#include "collections/compute_options.h"
#include "ml/forest.h"
#include "ml/forest_levels.h"
#include "ml/forest_rows.h"
#include "ml/kept_rows.h"
#include "ml/made_once.h"
#include "ml/ml_start.h"
#include "ml/row_fold.h"
#include "ml/row_map.h"
#include "ml/whole_sums.h"
#include "runtime/machine.h"

namespace plait::ml {
namespace {

// No row is drawn more often (see RowDraws).
constexpr double kMostDraws = 64;
// Samples without any row are drawn again, at most so often.
constexpr int kMostTries = 64;

struct GrowParams {
  TreeRules rules;
  BinEdges edges;
  std::uint64_t key = 0;
  std::int64_t depth = 0;
  static constexpr auto fields =
      std::tuple{&GrowParams::rules, &GrowParams::edges, &GrowParams::key, &GrowParams::depth};
};
constinit KernelId<GrowParams> grow_kernel{"ml_grow_tree"};
constinit KernelId<BagParams> bag_classes_kernel{"ml_bag_classes"};

Value grow(Inputs inputs, const GrowParams& params, const TaskContext& context) {
  std::vector<const NdArray*> pieces;
  for (const Value& input : inputs) pieces.push_back(&input.as<NdArray>());
  return tree_value(grow_tree(params.rules, params.edges, pieces, params.key, params.depth, context));
}

// How often rows of each class are drawn.
Value bag_classes(Inputs inputs, const BagParams& params, const TaskContext& context) {
  const BagReader reader(inputs.first(2), params, context.block());
  NdArray out = NdArray::zeros(DType::float64, {params.classes});
  for (std::int64_t row = 0; row < reader.rows(); ++row) {
    const BagRow drawn = reader.at(row);
    if (drawn.weight != 0) out.mutable_data<double>()[drawn.first] += static_cast<double>(drawn.weight);
  }
  return Value::of(std::move(out));
}

Criterion criterion_of(const ForestOptions& options) {
  if (options.classes > 0 && options.criterion == "gini") return Criterion::gini;
  if (options.classes > 0 && (options.criterion == "entropy" || options.criterion == "log_loss"))
    return Criterion::entropy;
  if (options.classes == 0 && options.criterion == "squared_error") return Criterion::squared_error;
  throw value_error(fmt::format("criterion='{}' is not there for {}; take {}", options.criterion,
                                options.classes > 0 ? "classes" : "numbers",
                                options.classes > 0 ? "'gini', 'entropy' or 'log_loss'" : "'squared_error'"));
}

std::vector<std::int64_t> row_starts_of(const ExprPtr& rows) {
  std::vector<std::int64_t> starts{0};
  for (const std::int64_t extent : array_meta(rows).chunks()[0]) {
    if (extent == kUnknownExtent)
      throw value_error("a forest needs to know how many rows each block has; call compute_chunk_sizes() first");
    starts.push_back(starts.back() + extent);
  }
  return starts;
}

class Growing {
 public:
  Growing(const Array& rows, const Array& targets, const std::optional<Array>& weights, const ForestOptions& given,
          const ComputeOptions& options)
      : given_(given), options_(options) {
    std::vector<ExprPtr> all{rows.expr(), targets.astype(DType::float64).expr()};
    if (weights) all.push_back(weights->astype(DType::float64).expr());
    all = line_up_rows(std::move(all), {"X", "y", "sample_weight"});
    all[1] = given_.classes > 0 ? class_numbers(all[1], given_.classes, "y") : finite_rows(all[1], DType::float64, "y");
    row_starts_ = row_starts_of(all[0]);
    make_once(all, options_);
    const ExprPtr finite = finite_rows(all[0], DType::float64, "X");
    const ExprPtr edges = persist({bin_edges(finite, all[1], given_.classes, row_starts_)}, options_)[0];
    edges_ = edges_of(compute({edges}, options_)[0]);
    all[0] = binned_rows(finite, edges);
    rows_ = kept_rows(std::move(all), options_);
    set_rules();
    set_scale();
  }

  Forest grow() {
    std::vector<std::size_t> missing(static_cast<std::size_t>(given_.n_estimators));
    std::iota(missing.begin(), missing.end(), std::size_t{0});
    trees_.resize(missing.size());
    bags_.resize(missing.size());
    for (int attempt = 0; attempt < kMostTries && !missing.empty(); ++attempt) {
      for (const std::size_t i : missing) bags_[i] = bag_of(i, attempt);
      grow_trees(missing);
      std::erase_if(missing, [&](std::size_t i) { return trees_[i].rows[0] > 0; });
    }
    return as_forest();
  }

 private:
  std::int64_t num_rows() const { return row_starts_.back(); }
  Sampling sampling() const { return {given_.bootstrap, given_.sample_fraction}; }

  void set_rules() {
    rules_ = {.criterion = criterion_of(given_),
              .classes = given_.classes,
              .features = std::ssize(edges_.starts) - 1,
              .max_features = given_.max_features,
              .max_depth = given_.max_depth,
              .max_leaf_nodes = given_.max_leaf_nodes,
              .min_samples_split = given_.min_samples_split,
              .min_samples_leaf = given_.min_samples_leaf,
              .random_cuts = given_.random_cuts};
  }

  // Whole numbers of a weight and of a target; all weights 1: the number of draws.
  void set_scale() {
    double most_weight = 1, total = static_cast<double>(num_rows());
    if (rows_.size() > 2) {
      const Array weights(rows_[2]);
      const std::vector<double> found = numbers({weights.min(), weights.max(), weights.sum()});
      if (!(found[0] >= 0 && std::isfinite(found[2])))
        throw value_error("sample_weight has a negative number, NaN or infinity; weights are numbers from 0");
      if (found[2] == 0) throw value_error("all sample weights are zero; a tree learns from rows that have weight");
      most_weight = found[1];
      total = found[2];
    }
    const bool is_weighted = rows_.size() > 2 || !given_.class_weights.empty() || given_.balance_each_tree;
    if (given_.classes > 0) {
      double most_class = 1;
      for (const double weight : given_.class_weights) most_class = std::max(most_class, weight);
      // A balanced class has at most the weight of all rows.
      if (given_.balance_each_tree) most_class *= static_cast<double>(num_rows()) * kMostDraws;
      if (is_weighted) scale_.weight = fixed_scale(most_weight * most_class, most_draws());
    } else {
      const Array targets(rows_[1]);
      const std::vector<double> ends = numbers({targets.min(), targets.max()});
      scale_.shift = ends[0] / 2 + ends[1] / 2;
      scale_.target = fixed_scale(most_weight * std::max(ends[1] - scale_.shift, scale_.shift - ends[0]), most_draws());
      if (is_weighted) scale_.weight = fixed_scale(most_weight, most_draws());
    }
    rules_.is_weighted = is_weighted;
    rules_.min_weight_leaf = given_.min_weight_fraction_leaf * total * scale_.weight * draws_a_row();
    rules_.min_decrease = given_.min_impurity_decrease * total * scale_.weight * draws_a_row();
    if (given_.classes == 0) rules_.min_decrease *= scale_.target / scale_.weight * scale_.target / scale_.weight;
  }
  std::vector<double> numbers(const std::vector<Array>& wanted) const {
    std::vector<ExprPtr> plans;
    for (const Array& each : wanted) plans.push_back(each.expr());
    std::vector<double> found;
    for (const Value& value : compute(plans, options_)) found.push_back(value.as<NdArray>().item<double>());
    return found;
  }
  double most_draws() const { return static_cast<double>(num_rows()) * kMostDraws; }
  double draws_a_row() const { return given_.bootstrap ? given_.sample_fraction : 1; }

  BagParams bag_of(std::size_t tree, int attempt) const {
    const std::uint64_t number = static_cast<std::uint64_t>(given_.first_tree) + tree;
    BagParams bag{
        .sampling = sampling(),
        .tree_key = mixed(mixed(given_.seed) ^ mixed(number * kMostTries + static_cast<std::uint64_t>(attempt))),
        .scale = scale_,
        .classes = given_.classes,
        .class_weights = given_.class_weights,
        .row_starts = row_starts_};
    if (given_.balance_each_tree) bag.class_weights = balanced(bag);
    return bag;
  }

  std::vector<double> balanced(BagParams bag) const {
    bag.class_weights.clear();
    bag.scale = {};
    const ExprPtr fold = row_fold({rows_[0], rows_[1]}, "bag_classes",
                                  {.partial = bag_classes_kernel(std::move(bag)), .combine = add_partials_kernel()});
    const NdArray counts = compute({fold}, options_)[0].as<NdArray>();
    const double* count = counts.data<double>();
    const double total = std::accumulate(count, count + counts.size(), 0.0);
    std::vector<double> weights;
    for (std::int64_t c = 0; c < counts.size(); ++c)
      weights.push_back(count[c] > 0 ? total / (static_cast<double>(counts.size()) * count[c]) : 0);
    return weights;
  }

  // Rows of one tree that a worker may hold: they are there twice, beside what the blocks took.
  std::int64_t rows_in_memory() const {
    if (given_.rows_in_memory > 0) return given_.rows_in_memory;
    const std::uint64_t budget =
        options_.run.memory_budget_bytes > 0 ? options_.run.memory_budget_bytes : memory_budget_bytes();
    const int workers = options_.run.num_workers > 0 ? options_.run.num_workers : num_usable_cores();
    const std::uint64_t a_row =
        4 * static_cast<std::uint64_t>(record_bytes(rules_.features)) * static_cast<std::uint64_t>(workers);
    return std::max<std::int64_t>(1 << 12, static_cast<std::int64_t>(budget / a_row));
  }

  void grow_trees(const std::vector<std::size_t>& wanted) {
    const double share = given_.bootstrap ? 1 - std::exp(-given_.sample_fraction) : 1;
    const bool fit_in_memory = share * static_cast<double>(num_rows()) <= static_cast<double>(rows_in_memory());
    if (fit_in_memory || rules_.max_leaf_nodes >= 0) {
      std::vector<ExprPtr> grown;
      for (const std::size_t i : wanted) grown.push_back(tree_expr(bags_[i], bags_[i].tree_key, 0));
      std::vector<Value> trees = compute(grown, options_);
      for (std::size_t i = 0; i < wanted.size(); ++i) trees_[wanted[i]] = tree_of(trees[i]);
      return;
    }
    for (const std::size_t i : wanted) grow_by_levels(i);
  }

  void grow_by_levels(std::size_t i) {
    std::vector<Tree> tree(1);
    std::vector<OpenNode> open = grow_levels(rules_, edges_, rows_, {bags_[i]}, rows_in_memory(), options_, tree);
    const Tree upper = tree[0];
    // As many at once as there are workers: their rows are in memory together.
    const auto together =
        static_cast<std::size_t>(options_.run.num_workers > 0 ? options_.run.num_workers : num_usable_cores());
    for (std::size_t first = 0; first < open.size(); first += together) {
      const std::size_t end = std::min(open.size(), first + together);
      std::vector<ExprPtr> grown;
      for (std::size_t k = first; k < end; ++k) {
        BagParams bag = bags_[i];
        bag.branch = branch_to(upper, open[k].node);
        grown.push_back(tree_expr(std::move(bag), open[k].key, open[k].depth));
      }
      const std::vector<Value> parts = compute(grown, options_);
      for (std::size_t k = first; k < end; ++k)
        graft(tree[0], open[k].node, tree_of(parts[k - first]), rules_.num_sums());
    }
    trees_[i] = in_order(tree[0], rules_.num_sums());
  }

  ExprPtr tree_expr(BagParams bag, std::uint64_t key, std::int64_t depth) const {
    ExprPtr bags = make_expr<RowPartials>(rows_, "forest_bag", bag_kernel(std::move(bag)));
    const std::int64_t blocks = bags->meta().num_blocks();
    return make_expr<JoinPartials>(std::move(bags), "grow_tree", grow_kernel({rules_, edges_, key, depth}), blocks);
  }

  Forest as_forest() const {
    std::vector<std::int64_t> starts{0};
    for (const Tree& tree : trees_) starts.push_back(starts.back() + tree.size());
    const std::int64_t nodes = starts.back(), outputs = std::max<std::int64_t>(1, given_.classes);
    Forest out{.starts = NdArray::from<std::int64_t>({std::ssize(starts)}, std::span<const std::int64_t>(starts)),
               .feature = NdArray::empty(DType::int32, {nodes}),
               .threshold = NdArray::empty(DType::float64, {nodes}),
               .left = NdArray::empty(DType::int32, {nodes}),
               .value = NdArray::empty(DType::float64, {nodes, outputs}),
               .rows = NdArray::empty(DType::int64, {nodes}),
               .impurity = NdArray::empty(DType::float64, {nodes}),
               .importances = NdArray::zeros(DType::float64, {std::ssize(trees_), rules_.features}),
               .keys = NdArray::empty(DType::uint64, {std::ssize(trees_)})};
    for (std::size_t t = 0; t < trees_.size(); ++t) {
      const Tree& tree = trees_[t];
      out.keys.mutable_data<std::uint64_t>()[t] = bags_[t].tree_key;
      double* importance = out.importances.mutable_data<double>() + static_cast<std::ptrdiff_t>(t) * rules_.features;
      double total = 0;
      for (std::int32_t node = 0; node < tree.size(); ++node) {
        const auto from = static_cast<std::size_t>(node);
        const std::int64_t to = starts[t] + node;
        const std::int32_t feature = tree.feature[from];
        out.feature.mutable_data<std::int32_t>()[to] = feature;
        out.left.mutable_data<std::int32_t>()[to] = tree.left[from];
        out.rows.mutable_data<std::int64_t>()[to] = tree.rows[from];
        out.threshold.mutable_data<double>()[to] =
            feature < 0 ? 0 : edges_.of(static_cast<std::size_t>(feature))[static_cast<std::size_t>(tree.bin[from])];
        const std::span sums = std::span(tree.sums).subspan(from * static_cast<std::size_t>(rules_.num_sums()),
                                                            static_cast<std::size_t>(rules_.num_sums()));
        out.impurity.mutable_data<double>()[to] = impurity(rules_, sums);
        write_value(sums, out.value.mutable_data<double>() + to * outputs);
        if (feature >= 0) importance[feature] += std::max(0.0, tree.gain[from]);
        total += feature >= 0 ? std::max(0.0, tree.gain[from]) : 0;
      }
      for (std::int64_t f = 0; f < rules_.features && total > 0; ++f) importance[f] /= total;
    }
    return out;
  }

  void write_value(std::span<const std::int64_t> sums, double* to) const {
    const double weight = node_weight(rules_, sums);
    if (rules_.classes == 0) {
      *to = scale_.shift + (weight > 0 ? static_cast<double>(sums[0]) / scale_.target / (weight / scale_.weight) : 0);
      return;
    }
    for (std::size_t c = 0; c < sums.size(); ++c)
      to[c] = weight > 0 ? static_cast<double>(sums[c]) / weight : 1.0 / static_cast<double>(sums.size());
  }

  ForestOptions given_;
  ComputeOptions options_;
  std::vector<std::int64_t> row_starts_;
  std::vector<ExprPtr> rows_;  // bins, targets, weights
  BinEdges edges_;
  TreeRules rules_;
  FixedPoint scale_;
  std::vector<BagParams> bags_;
  std::vector<Tree> trees_;
};

}  // namespace

Forest grow_forest(const Array& rows, const Array& targets, const std::optional<Array>& weights,
                   const ForestOptions& options, const RunSettings& settings) {
  return grow_forest(rows, targets, weights, options, compute_options(settings));
}
Forest grow_forest(const Array& rows, const Array& targets, const std::optional<Array>& weights,
                   const ForestOptions& options, const ComputeOptions& run) {
  start_ml();
  if (array_meta(rows.expr()).shape()[0] == 0)
    throw value_error("Found array with 0 sample(s) while a minimum of 1 is required");
  return Growing(rows, targets, weights, options, run).grow();
}

void register_forest_kernels() {
  register_tree_values();
  register_forest_row_kernels();
  register_forest_level_kernels();
  register_forest_value_kernels();
  define(grow_kernel, "A tree, or a branch of one, on the records of its rows.", grow);
  define(bag_classes_kernel, "How often a tree has drawn each class.", bag_classes);
}

}  // namespace plait::ml
