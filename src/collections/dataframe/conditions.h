// Conditions of filters taken apart, and said again of other frames: what passes that move filters share.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "collections/dataframe/merge.h"
#include "collections/dataframe/partition_ops.h"
#include "kernels/table/elementwise.h"

namespace plait {

// The column of the frame below that a column is; none where it is not one of it.
using NameBelow = std::function<std::optional<std::string>(const std::string& column)>;

// A series over the rows of one of `from`, said again over those of `to`; null if it looks at anything else than
// columns that have a name below, and at scalars.
ExprPtr moved(const ExprPtr& series, const std::vector<ExprPtr>& from, const ExprPtr& to, const NameBelow& name_below);

// Conditions that hold together (and_), or of which one holds (or_), where the whole one does.
std::vector<ExprPtr> parts_of(const ExprPtr& condition, BinaryOp op);
// The conditions, of which there is one at least, as one.
ExprPtr joined_by(BinaryOp op, const std::vector<ExprPtr>& conditions);

// A filter and what it looks at: choices of columns may stand between it and the operation below.
struct FilterView {
  const Filter& filter;
  std::vector<ExprPtr> frames;  // of the same rows, from the filter's own down to the operation's
  const ExprPtr& below() const { return frames.back(); }

  explicit FilterView(const Filter& of);
  // The filtered operation with the columns that the filter's frame has.
  ExprPtr narrowed(ExprPtr filtered) const;
};

// Below a join: columns of its left (else its right) side alone.
NameBelow names_of_side(const Merge& merge, bool is_left);
// Whether a filter above a join says of the rows of a side which of them are wanted: rows of it without a partner do
// not come back.
bool keeps_side(const Merge& merge, bool is_left);

}  // namespace plait
