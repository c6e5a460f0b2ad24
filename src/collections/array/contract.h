// Sums of products over named axes: einsum, and tensordot as a case of it.
//
// Operands are taken two at a time. What the sum does not tie together is multiplied elementwise and reduced, which
// fuses; the rest goes to products of matrices, block by block, so that no axis is merged or brought into one block.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "collections/array/array_meta.h"
#include "expr/expr.h"

namespace plait {

// The axes of a are (shared, own, summed), those of b (shared, summed, own), in the same chunks where they meet.
// `depth` blocks along the summed axes are added up in a task; where that takes several tasks, the result has one more
// axis in front with a block for each.
struct ContractBlocks final : Op<ContractBlocks> {
  ExprPtr a;
  ExprPtr b;
  std::int64_t num_shared = 0;
  std::int64_t num_summed = 0;
  std::int64_t depth = 1;
  static constexpr auto op_name = "contract";
  static constexpr auto fields = std::tuple{&ContractBlocks::a, &ContractBlocks::b, &ContractBlocks::num_shared,
                                            &ContractBlocks::num_summed, &ContractBlocks::depth};

  std::string describe() const override;
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;

 private:
  std::vector<std::int64_t> summed_grid() const;
  std::int64_t num_groups() const;
};

// An operand with a name, one number, for each axis.
struct NamedAxes {
  ExprPtr array;
  std::vector<int> names;
};
// The sum of the products of both over all names that are not in `wanted`; of the wanted names in that order.
NamedAxes contract(NamedAxes a, NamedAxes b, const std::vector<int>& wanted);

// NumPy's einsum, in the promoted or the given type. `optimize`: the cheapest pair first; else from left to right.
// Throws Error(value) where the subscripts do not fit.
ExprPtr einsum(const std::string& subscripts, const std::vector<ExprPtr>& operands, std::optional<DType> dtype,
               bool optimize);
// The sum over pairs of axes. Throws Error(value) where their extents differ, Error(index) for an axis out of range.
ExprPtr tensordot(ExprPtr a, ExprPtr b, const std::vector<int>& axes_a, const std::vector<int>& axes_b);

}  // namespace plait
