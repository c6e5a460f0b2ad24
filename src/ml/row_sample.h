// A share of the rows, chosen by their positions: what a solver looks at before it looks at all rows.
#pragma once

#include <cstdint>
#include <vector>

#include "collections/array/array_meta.h"
#include "expr/expr.h"

namespace plait::ml {

// About one of `every` rows, dense or sparse: the same ones of each array of a length, and where the lengths of blocks
// are known, whatever the blocks. How many is known once they are made.
struct SampledRows final : Op<SampledRows> {
  ExprPtr array;
  std::int64_t every = 1;
  static constexpr auto op_name = "sampled_rows";
  static constexpr auto fields = std::tuple{&SampledRows::array, &SampledRows::every};

  std::string_view op() const override { return "sample_rows"; }
  std::string describe() const override;
  BlockTask block_task(std::int64_t block) const override;
  bool is_blockwise() const override { return true; }
  MetaPtr infer_meta() const override;
};

std::vector<ExprPtr> sampled_rows(const std::vector<ExprPtr>& rows, std::int64_t every);

void register_sample_kernels();

}  // namespace plait::ml
