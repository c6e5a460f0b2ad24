// Trees on more rows than fit into memory: the upper nodes are cut by histograms that every block adds to, level by
// level, until the rows of each node that is left can be gathered.
#pragma once

#include <functional>
#include <vector>

#include "expr/plan.h"
#include "ml/forest_rows.h"
#include "ml/tree_growth.h"

namespace plait::ml {

// A node whose rows are to be gathered.
struct OpenNode {
  std::size_t tree = 0;
  std::int32_t node = 0;
  std::uint64_t key = 0;
  std::int64_t depth = 0;
  NodeSums sums;
};

// `trees`: one each bag, of one node or none; nodes with more than `rows_in_memory` rows are cut. Returns what is left.
std::vector<OpenNode> grow_levels(const TreeRules& rules, const BinEdges& edges, const std::vector<ExprPtr>& rows,
                                  const std::vector<BagParams>& bags, std::int64_t rows_in_memory,
                                  const ComputeOptions& options, std::vector<Tree>& trees);

Branch branch_to(const Tree& tree, std::int32_t node);
// Puts a tree in the place of a leaf.
void graft(Tree& tree, std::int32_t leaf, const Tree& grown, int num_sums);

void register_forest_level_kernels();

}  // namespace plait::ml
