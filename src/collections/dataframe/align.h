// Operands of one operation with the same rows in the same partitions: where that is not known, labels say which rows
// belong together, as in pandas.
#pragma once

#include <string_view>
#include <vector>

#include "collections/dataframe/frame_meta.h"
#include "expr/expr.h"
#include "kernels/table/align.h"

namespace plait {

// The divisions at which rows of all operands can be cut. Throws a type error where they have no order.
Divisions all_divisions(const std::vector<ExprPtr>& operands, std::string_view op);

// The operands cut so that the same labels are in partitions of the same number: they are already where partitions come
// from the same ones or there is one each; else they are cut at the divisions of all. Scalars go with any. Throws a
// value error that names both sides where divisions are not known.
// With `by_number`, partitions of equal numbers are taken as they are instead.
std::vector<ExprPtr> cut_alike(std::vector<ExprPtr> operands, std::string_view op, bool by_number = false);

// The operands with the same rows: as they are where all keep the rows of one node, else aligned by their labels.
// Throws NoNativeForm where the engine cannot compare the labels.
std::vector<ExprPtr> aligned(std::vector<ExprPtr> operands, AlignHow how, std::string_view op, bool by_number = false);

}  // namespace plait
