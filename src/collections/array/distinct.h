// The distinct elements of an array: of each block, and by a tree of all.
#pragma once

#include <optional>

#include "collections/array/array_meta.h"
#include "expr/expr.h"
#include "kernels/array/distinct.h"

namespace plait {

// Partial answers: of each block, or of every `group` neighbouring partial answers.
struct DistinctBlocks final : Op<DistinctBlocks> {
  ExprPtr array;
  DistinctParams params;
  std::int64_t group = 0;  // 0: the array is no partial answer yet
  static constexpr auto op_name = "unique";
  static constexpr auto fields = std::tuple{&DistinctBlocks::array, &DistinctBlocks::params, &DistinctBlocks::group};

  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// One of the arrays of partial answers.
struct DistinctPart final : Op<DistinctPart> {
  ExprPtr array;
  std::int64_t part = 0;
  DType dtype = DType::int64;
  static constexpr auto op_name = "unique_part";
  static constexpr auto fields = std::tuple{&DistinctPart::array, &DistinctPart::part, &DistinctPart::dtype};

  std::string_view op() const override { return "unique"; }
  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// What numpy.unique gives of the flattened array; null for what was not asked for.
struct Distinct {
  ExprPtr values;
  ExprPtr positions;  // where each stands first
  ExprPtr inverse;    // the number of each element among the values
  ExprPtr counts;
};
struct DistinctOptions {
  bool wants_positions = false;
  bool wants_inverse = false;
  bool wants_counts = false;
};
// Throws Error(value) for positions in an array of unknown extents.
Distinct unique(ExprPtr array, const DistinctOptions& options);
// The distinct elements of each block in order: one block of unknown extent for each.
ExprPtr distinct_blocks(ExprPtr array);

}  // namespace plait
