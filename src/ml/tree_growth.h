// A tree grown on rows that are in memory.
//
// Rows are records of equal length: two whole numbers (the class or the weighted target, and the weight) and the bin of
// each feature. A node's records stand side by side, and are moved when the node is cut, so that every histogram reads
// memory in order.
#pragma once

#include <cstdint>
#include <vector>

#include "base/kernel.h"
#include "ml/tree_split.h"
#include "plait/ndarray.h"

namespace plait::ml {

// Fixed point: how numbers become the whole numbers that are added up.
struct FixedPoint {
  double weight = 1;
  double target = 1;
  double shift = 0;  // subtracted from targets
  static constexpr auto fields = std::tuple{&FixedPoint::weight, &FixedPoint::target, &FixedPoint::shift};
};

constexpr std::int64_t kRecordHead = 2 * sizeof(std::int64_t);
inline std::int64_t record_bytes(std::int64_t features) { return (kRecordHead + features + 7) / 8 * 8; }

// The nodes of a tree; the children of node i are left[i] and left[i] + 1.
struct Tree {
  std::vector<std::int32_t> feature;  // -1: a leaf
  std::vector<std::int32_t> bin;      // bins up to this one go left
  std::vector<std::int32_t> left;
  std::vector<std::int64_t> rows;
  std::vector<std::int64_t> sums;  // TreeRules::num_sums() a node
  std::vector<double> gain;
  static constexpr auto fields =
      std::tuple{&Tree::feature, &Tree::bin, &Tree::left, &Tree::rows, &Tree::sums, &Tree::gain};

  std::int32_t size() const { return static_cast<std::int32_t>(feature.size()); }
  std::int32_t add(const NodeSums& node);
  // Makes a leaf a node with two leaves below it.
  void split(std::int32_t node, const Cut& cut);
};

// From the root down, children side by side, whatever the order in which the nodes were made.
Tree in_order(const Tree& tree, int num_sums);

// The tree below one node: all its records, 2-d uint8, in pieces. `key`, `depth`: of that node.
Tree grow_tree(const TreeRules& rules, const BinEdges& edges, std::span<const NdArray* const> pieces, std::uint64_t key,
               std::int64_t depth, const TaskContext& context);

Value tree_value(Tree tree);
const Tree& tree_of(const Value& value);
void register_tree_values();

}  // namespace plait::ml
