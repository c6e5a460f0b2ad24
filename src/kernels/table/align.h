// Rows put beside rows of other tables by their labels, as pandas aligns them.
#pragma once

#include <vector>

#include "kernels/table/table_value.h"

namespace plait {

enum class AlignHow : std::uint8_t {
  outer,           // the labels of both, in their order; equal ones in every combination: arithmetic
  left,            // the labels of the first: assignment, conditions
  left_and_whole,  // the same, and each of them must be on every side: the selection of rows
  identical,       // labels must be the same: comparison by operators
  beside,          // the labels of all, in order of appearance: concat(axis=1)
  beside_inner,    // of these, the labels that all have
};

// Input 0: the rows of operand `own`; then the labels of the other operands, in their order.
struct AlignParams {
  AlignHow how = AlignHow::outer;
  std::int64_t own = 0;
  static constexpr auto fields = std::tuple{&AlignParams::how, &AlignParams::own};
};
// The rows of the operand in the joint order; a row that it does not have is missing. Operands with the same labels
// stay as they are. Throws NoNativeForm for labels of several levels, categories, and types that have no order in
// common; an error where labels repeat that must not.
Table align_rows(const std::vector<Table>& inputs, const AlignParams& params);

}  // namespace plait
