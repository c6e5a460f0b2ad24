// Rows by their labels.
#pragma once

#include <vector>

#include "kernels/table/table_value.h"

namespace plait {

// df.loc[labels]: the rows of each label, label after label, rows with the same label in their order. The index has one
// level. Throws a key error for labels that no row has, unless they may be missing: in other partitions, say.
struct LocLabelsParams {
  std::vector<Literal> labels;
  bool may_be_missing = false;
  static constexpr auto fields = std::tuple{&LocLabelsParams::labels, &LocLabelsParams::may_be_missing};
};
Table loc_labels(const Table& table, const LocLabelsParams& params);

}  // namespace plait
