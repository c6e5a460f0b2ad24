// About how many rows the nodes of a plan have: from what files say of themselves, and from what kinds of filters
// usually leave. For choices between ways that give the same result; nothing may rely on it.
#pragma once

#include <unordered_map>
#include <vector>

#include "collections/dataframe/frame_op.h"

namespace plait {

struct RowEstimate {
  double all = 0;    // as if no filter left any out; 0: nothing is known
  double share = 1;  // of them that filters, here and on the other sides of joins, leave
  double rows() const { return all * share; }
};

class RowEstimates {
 public:
  // Of all nodes of a plan, operands before their consumers.
  explicit RowEstimates(const std::vector<ExprPtr>& nodes);

  const RowEstimate& of(const ExprPtr& node) const { return estimates_.at(node.get()); }

 private:
  RowEstimate estimate(const ExprPtr& node) const;
  RowEstimate of_operands(const ExprPtr& node) const;
  // The share of the rows for which a series of bools is True.
  double chance(const ExprPtr& condition) const;

  std::unordered_map<const Expr*, RowEstimate> estimates_;
  std::unordered_map<const Expr*, double> chances_;  // of series of bools
};

}  // namespace plait
