// Quantiles of lines that are larger than one task may hold: exact, in a few passes over the blocks
// (kernels/array/ranks.h).
#pragma once

#include "collections/array/array_meta.h"
#include "expr/expr.h"
#include "kernels/array/ranks.h"

namespace plait {

// How often each digit stands in a block: the array's axes but the last, an axis with one entry for each block along
// it, the ranks, the digits.
struct CountDigits final : Op<CountDigits> {
  ExprPtr array;
  ExprPtr ranks;  // null for the leading digits
  CountDigitsParams params;
  static constexpr auto op_name = "count_digits";
  static constexpr auto fields = std::tuple{&CountDigits::array, &CountDigits::ranks, &CountDigits::params};

  std::string describe() const override;
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// The ranks so far, one digit longer.
struct NarrowRanks final : Op<NarrowRanks> {
  ExprPtr counts;
  ExprPtr ranks;  // null before the first digit
  RanksParams params;
  static constexpr auto op_name = "narrow_ranks";
  static constexpr auto fields = std::tuple{&NarrowRanks::counts, &NarrowRanks::ranks, &NarrowRanks::params};

  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

struct ReadRanks final : Op<ReadRanks> {
  ExprPtr ranks;
  std::string label;
  RanksParams params;
  static constexpr auto op_name = "read_ranks";
  static constexpr auto fields = std::tuple{&ReadRanks::ranks, &ReadRanks::label, &ReadRanks::params};

  std::string_view op() const override { return label; }
  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// Over the last axis, of elements that are no complex numbers. `label` as of Quantile.
ExprPtr quantile_by_ranks(const std::string& label, const ExprPtr& array, const LineQuantileParams& params);
// The bytes of the counts of one line.
std::int64_t count_bytes(DType dtype, const LineQuantileParams& params);

}  // namespace plait
