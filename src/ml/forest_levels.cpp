#include "ml/forest_levels.h"

#include <algorithm>

#include "ml/row_fold.h"
#include "ml/row_tiles.h"
#include "ml/whole_sums.h"

namespace plait::ml {
namespace {

// Histograms that one pass over the blocks makes.
constexpr std::int64_t kHistogramBytes = 64 << 20;
constexpr std::int64_t kRowsAtOnce = 1 << 12;

struct LevelParams {
  std::vector<BagParams> bags;                   // with the tree so far as the branch
  std::vector<std::vector<std::int32_t>> slots;  // of each tree's nodes; -1: none
  std::int64_t num_slots = 0;
  static constexpr auto fields = std::tuple{&LevelParams::bags, &LevelParams::slots, &LevelParams::num_slots};
};
constinit KernelId<LevelParams> level_kernel{"ml_forest_level"};

// int64 (slots, features, bins, sums and rows)
Value level_histograms(Inputs inputs, const LevelParams& params, const TaskContext& context) {
  const std::int64_t features = num_columns(inputs[0].as<NdArray>());
  const std::int64_t classes = params.bags.at(0).classes;
  const std::int64_t width = (classes > 0 ? classes : 2) + 1;
  NdArray out = NdArray::zeros(DType::int64, {params.num_slots, features, kMaxBins, width});
  auto* sums = out.mutable_data<std::int64_t>();
  for (std::size_t tree = 0; tree < params.bags.size(); ++tree) {
    const BagParams& bag = params.bags[tree];
    const BagReader reader(inputs, bag, context.block());
    for (std::int64_t row = 0; row < reader.rows(); ++row) {
      if (row % kRowsAtOnce == 0) context.check_cancelled();
      const BagRow drawn = reader.at(row);
      if (drawn.weight == 0) continue;
      const std::uint8_t* bins = reader.bins(row);
      const std::int32_t leaf = leaf_of(bins, bag.branch.feature.data(), bag.branch.bin.data(), bag.branch.left.data());
      const std::int64_t slot = params.slots[tree][static_cast<std::size_t>(leaf)];
      if (slot < 0) continue;
      std::int64_t* to = sums + slot * features * kMaxBins * width;
      for (std::int64_t feature = 0; feature < features; ++feature, to += kMaxBins * width) {
        std::int64_t* bin = to + bins[feature] * width;
        if (classes > 0) {
          bin[drawn.first] += drawn.weight;
        } else {
          bin[0] += drawn.first;
          bin[1] += drawn.weight;
        }
        bin[width - 1] += 1;
      }
    }
  }
  return Value::of(std::move(out));
}

// The histograms of one node.
class LevelHistograms {
 public:
  LevelHistograms(const NdArray& all, std::int64_t slot)
      : features_(all.shape()[1]),
        width_(all.shape()[3]),
        sums_(all.data<std::int64_t>() + slot * features_ * kMaxBins * width_) {}

  BinSums of(int feature) const {
    BinSums out{.sums = sums_ + feature * kMaxBins * width_, .width = static_cast<int>(width_)};
    for (int bin = 0; bin < kMaxBins; ++bin) {
      const bool has_rows = out.sums[bin * width_ + width_ - 1] != 0;
      out.used[static_cast<std::size_t>(bin / 64)] |= std::uint64_t{has_rows} << (bin % 64);
    }
    return out;
  }
  // Every row is in one bin of the first feature.
  NodeSums node() const {
    NodeSums node{.sums = std::vector<std::int64_t>(static_cast<std::size_t>(width_ - 1))};
    for (std::int64_t bin = 0; bin < kMaxBins; ++bin) {
      for (std::int64_t i = 0; i + 1 < width_; ++i) node.sums[static_cast<std::size_t>(i)] += sums_[bin * width_ + i];
      node.rows += sums_[bin * width_ + width_ - 1];
    }
    return node;
  }

 private:
  std::int64_t features_;
  std::int64_t width_;
  const std::int64_t* sums_;
};

class Levels {
 public:
  Levels(const TreeRules& rules, const BinEdges& edges, std::int64_t rows_in_memory, std::vector<Tree>& trees)
      : rules_(rules), edges_(edges), rows_in_memory_(rows_in_memory), trees_(trees) {}

  void begin(std::size_t tree, std::uint64_t key) { wide_.push_back({.tree = tree, .node = 0, .key = key}); }
  // The nodes of the next pass.
  std::vector<OpenNode> next() {
    const std::int64_t bytes = rules_.features * kMaxBins * (rules_.num_sums() + 1) * 8;
    const auto most = static_cast<std::size_t>(std::max<std::int64_t>(1, kHistogramBytes / bytes));
    std::vector<OpenNode> nodes;
    while (!wide_.empty() && nodes.size() < most) {
      nodes.push_back(std::move(wide_.back()));
      wide_.pop_back();
    }
    return nodes;
  }
  void cut(OpenNode open, const LevelHistograms& histograms) {
    Tree& tree = trees_[open.tree];
    if (tree.size() == 0) {
      open.sums = histograms.node();
      tree.add(open.sums);
      if (!is_wide(open)) return;
    }
    Cut cut = best_cut(rules_, edges_, open.sums, open.key, [&](std::span<const int> features, std::span<BinSums> out) {
      for (std::size_t i = 0; i < features.size(); ++i) out[i] = histograms.of(features[i]);
    });
    // Whether all targets are equal is not seen from here.
    if (cut.feature < 0 || (rules_.classes == 0 && cut.gain <= 0)) return narrow_.push_back(std::move(open));
    tree.split(open.node, cut);
    for (const bool is_left : {true, false}) {
      OpenNode child{.tree = open.tree,
                     .node = tree.left[static_cast<std::size_t>(open.node)] + (is_left ? 0 : 1),
                     .key = child_key(open.key, is_left),
                     .depth = open.depth + 1,
                     .sums = is_left ? cut.left : cut.right};
      if (is_wide(child)) wide_.push_back(std::move(child));
    }
  }
  std::vector<OpenNode> rest() { return std::move(narrow_); }
  const Tree& tree(std::size_t i) const { return trees_[i]; }

 private:
  // Keeps a node that is not for the rows that are gathered.
  bool is_wide(const OpenNode& open) {
    if (stays_leaf(rules_, open.sums, open.depth)) return false;
    if (open.sums.rows > rows_in_memory_) return true;
    narrow_.push_back(open);
    return false;
  }

  const TreeRules& rules_;
  const BinEdges& edges_;
  std::int64_t rows_in_memory_;
  std::vector<Tree>& trees_;
  std::vector<OpenNode> wide_;
  std::vector<OpenNode> narrow_;
};

}  // namespace

Branch branch_to(const Tree& tree, std::int32_t node) { return {tree.feature, tree.bin, tree.left, node}; }

std::vector<OpenNode> grow_levels(const TreeRules& rules, const BinEdges& edges, const std::vector<ExprPtr>& rows,
                                  const std::vector<BagParams>& bags, std::int64_t rows_in_memory,
                                  const ComputeOptions& options, std::vector<Tree>& trees) {
  Levels levels(rules, edges, rows_in_memory, trees);
  for (std::size_t tree = 0; tree < bags.size(); ++tree) levels.begin(tree, bags[tree].tree_key);
  for (std::vector<OpenNode> nodes = levels.next(); !nodes.empty(); nodes = levels.next()) {
    LevelParams params{.num_slots = std::ssize(nodes)};
    std::vector<std::size_t> place(bags.size(), bags.size());
    for (std::size_t slot = 0; slot < nodes.size(); ++slot) {
      const std::size_t tree = nodes[slot].tree;
      if (place[tree] == bags.size()) {
        place[tree] = params.bags.size();
        params.bags.push_back(bags[tree]);
        // A tree without nodes is one leaf.
        params.bags.back().branch = trees[tree].size() > 0 ? branch_to(trees[tree], 0) : Branch{{-1}, {0}, {-1}, 0};
        params.slots.emplace_back(static_cast<std::size_t>(std::max(1, trees[tree].size())), -1);
      }
      params.slots[place[tree]][static_cast<std::size_t>(nodes[slot].node)] = static_cast<std::int32_t>(slot);
    }
    const ExprPtr fold =
        row_fold(rows, "forest_level", {.partial = level_kernel(std::move(params)), .combine = add_whole_kernel()});
    const NdArray sums = compute({fold}, options)[0].as<NdArray>();
    for (std::size_t slot = 0; slot < nodes.size(); ++slot)
      levels.cut(std::move(nodes[slot]), LevelHistograms(sums, static_cast<std::int64_t>(slot)));
  }
  return levels.rest();
}

void graft(Tree& tree, std::int32_t leaf, const Tree& grown, int num_sums) {
  // Its root is the leaf; node i > 0 becomes node `moved + i`.
  const std::int32_t moved = tree.size() - 1;
  const auto place = [&](std::int32_t left) { return left < 0 ? left : left + moved; };
  const auto at = static_cast<std::size_t>(leaf);
  tree.feature[at] = grown.feature[0];
  tree.bin[at] = grown.bin[0];
  tree.left[at] = place(grown.left[0]);
  tree.gain[at] = grown.gain[0];
  for (std::int32_t node = 1; node < grown.size(); ++node) {
    const auto from = static_cast<std::size_t>(node);
    tree.feature.push_back(grown.feature[from]);
    tree.bin.push_back(grown.bin[from]);
    tree.left.push_back(place(grown.left[from]));
    tree.gain.push_back(grown.gain[from]);
    tree.rows.push_back(grown.rows[from]);
    const auto sums = grown.sums.begin() + std::ptrdiff_t{node} * num_sums;
    tree.sums.insert(tree.sums.end(), sums, sums + num_sums);
  }
}

void register_forest_level_kernels() {
  define(level_kernel, "Histograms of the open nodes of trees.", level_histograms);
}

}  // namespace plait::ml
