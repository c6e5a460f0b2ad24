// Where a node of a tree is cut in two: histograms of the node's rows over binned features, and the best cut in them.
//
// All sums are whole numbers (weights and targets in fixed point, see tree_rows.h), so that they are the same in
// whatever order rows are added up; random choices follow from the node's key. A node's cut is therefore a function of
// its rows alone: neither blocks, nor workers, nor the way in which the rows were gathered has a part in it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <tuple>
#include <vector>

namespace plait::ml {

constexpr int kMaxBins = 256;

enum class Criterion { gini, entropy, squared_error };

struct TreeRules {
  Criterion criterion = Criterion::gini;
  std::int64_t classes = 0;  // 0: regression
  std::int64_t features = 0;
  std::int64_t max_features = 0;
  std::int64_t max_depth = -1;       // -1: none
  std::int64_t max_leaf_nodes = -1;  // -1: none
  std::int64_t min_samples_split = 2;
  std::int64_t min_samples_leaf = 1;
  double min_weight_leaf = 0;  // in fixed point, as the sums
  double min_decrease = 0;     // of the weighted impurity, times the weight of all rows
  bool is_weighted = false;    // rows have weights of their own, which are rounded
  bool random_cuts = false;    // one random cut a feature instead of the best one
  static constexpr auto fields =
      std::tuple{&TreeRules::criterion,         &TreeRules::classes,          &TreeRules::features,
                 &TreeRules::max_features,      &TreeRules::max_depth,        &TreeRules::max_leaf_nodes,
                 &TreeRules::min_samples_split, &TreeRules::min_samples_leaf, &TreeRules::min_weight_leaf,
                 &TreeRules::min_decrease,      &TreeRules::is_weighted,      &TreeRules::random_cuts};

  // Sums of a node: the weight of each class, or weighted targets and weight.
  int num_sums() const { return classes > 0 ? static_cast<int>(classes) : 2; }
};
// Where the features' values are cut into bins: bin b of a feature holds what is above edge b - 1 and not above edge b.
struct BinEdges {
  std::vector<double> edges;  // of all features, one after the other
  std::vector<std::int64_t> starts{0};
  static constexpr auto fields = std::tuple{&BinEdges::edges, &BinEdges::starts};

  std::span<const double> of(std::size_t feature) const {
    return std::span(edges).subspan(static_cast<std::size_t>(starts[feature]),
                                    static_cast<std::size_t>(starts[feature + 1] - starts[feature]));
  }
};

struct NodeSums {
  std::vector<std::int64_t> sums;
  std::int64_t rows = 0;
};

// The sums of each bin of one feature, with the number of rows behind them; `used`: a bit for each bin that has rows.
struct BinSums {
  const std::int64_t* sums = nullptr;
  int width = 0;  // from bin to bin
  std::array<std::uint64_t, kMaxBins / 64> used{};
};

struct Cut {
  int feature = -1;  // -1: none
  int bin = 0;       // bins up to this one go left
  double gain = 0;   // decrease of weighted impurity
  NodeSums left;
  NodeSums right;
};

// Numbers that follow from a key.
class KeyedNumbers {
 public:
  explicit KeyedNumbers(std::uint64_t key) : state_(key) {}
  std::uint64_t next();
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  std::int64_t below(std::int64_t bound) { return static_cast<std::int64_t>(uniform() * static_cast<double>(bound)); }

 private:
  std::uint64_t state_;
};
std::uint64_t mixed(std::uint64_t number);
// The key of a child, which has no other node of the tree.
inline std::uint64_t child_key(std::uint64_t key, bool is_left) { return mixed(key ^ (is_left ? 0x5bf0 : 0xa7e1)); }

double impurity(const TreeRules& rules, std::span<const std::int64_t> sums);
double node_weight(const TreeRules& rules, std::span<const std::int64_t> sums);
// Whether all rows are of one class; never where targets are numbers.
bool is_one_class(const TreeRules& rules, std::span<const std::int64_t> sums);
// Whether a node stays a leaf whatever its features are.
bool stays_leaf(const TreeRules& rules, const NodeSums& node, std::int64_t depth);

// The sums of some features' bins, asked for together.
using HistogramOf = std::function<void(std::span<const int> features, std::span<BinSums> out)>;
// The best cut over `max_features` features that are drawn by the key; more are drawn while all are constant.
Cut best_cut(const TreeRules& rules, const BinEdges& edges, const NodeSums& node, std::uint64_t key,
             const HistogramOf& histogram);

}  // namespace plait::ml
