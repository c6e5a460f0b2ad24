// Forests: many trees, each grown on its own sample of rows and features, which vote together.
//
// Features are cut into at most 256 bins, once; trees are grown on the bins. Each tree's rows are gathered and the tree
// is grown by one task; where they would not fit into the memory budget, the tree grows level by level over the blocks
// until its branches do. The trees are the same either way, and whatever the blocks, workers and executor: sums are
// whole numbers, and random choices follow from the seed, the tree, the row's position and the node's path.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plait/array.h"
#include "plait/compute.h"

namespace plait::ml {

struct ForestOptions {
  std::string criterion = "gini";  // "gini", "entropy"; "squared_error" where targets are numbers
  std::int64_t classes = 0;        // targets are 0, 1, ... classes - 1; 0: numbers
  std::int64_t n_estimators = 100;
  std::int64_t max_features = 1;     // drawn for each cut
  std::int64_t max_depth = -1;       // -1: none
  std::int64_t max_leaf_nodes = -1;  // -1: none
  std::int64_t min_samples_split = 2;
  std::int64_t min_samples_leaf = 1;
  double min_weight_fraction_leaf = 0;
  double min_impurity_decrease = 0;
  bool random_cuts = false;  // extremely randomized trees
  bool bootstrap = true;
  double sample_fraction = 1;         // of the rows, drawn with replacement for each tree
  std::vector<double> class_weights;  // empty: 1 each
  bool balance_each_tree = false;     // each tree's sample gives every class the same weight
  std::uint64_t seed = 0;
  std::int64_t first_tree = 0;      // trees before this one exist already
  std::int64_t rows_in_memory = 0;  // of one tree; 0: what the memory budget allows
};

// The trees one after the other. The children of node i, of those of its tree, are left[i] and left[i] + 1.
struct Forest {
  NdArray starts;       // int64: where each tree's nodes begin, and the end
  NdArray feature;      // int32; -1: a leaf
  NdArray threshold;    // float64: values up to it go left
  NdArray left;         // int32
  NdArray value;        // float64 (nodes, classes): the share of each class; (nodes, 1): the mean target
  NdArray rows;         // int64: rows of the tree's sample in the node
  NdArray impurity;     // float64
  NdArray importances;  // float64 (trees, features)
  NdArray keys;         // uint64: by which each tree's sample was drawn
};

// `targets`: whole numbers from 0, or numbers. `weights`: one a row, none negative. Extents of the rows must be known.
PLAIT_API Forest grow_forest(const Array& rows, const Array& targets, const std::optional<Array>& weights,
                             const ForestOptions& options, const RunSettings& settings = {});

// The mean of the trees' values: (rows, classes), or (rows) of targets.
PLAIT_API Array forest_values(const Array& rows, const Forest& forest, Location where = Location::current());
// The same over the trees whose samples do not have the row; NaN where there is none. `rows`: those of the fit.
PLAIT_API Array out_of_bag_values(const Array& rows, const Forest& forest, double sample_fraction,
                                  Location where = Location::current());

}  // namespace plait::ml
