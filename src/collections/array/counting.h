// Counts: every block is counted by itself, and a tree adds the counts up.
#pragma once

#include <optional>
#include <vector>

#include "collections/array/array_meta.h"
#include "expr/expr.h"
#include "kernels/array/counting.h"

namespace plait {

// The counts of numbers of each block; of unknown extents unless their number is given.
struct BincountBlocks final : Op<BincountBlocks> {
  std::vector<ExprPtr> arrays;  // the numbers [, weights in the same chunks]
  BincountParams params;
  static constexpr auto op_name = "bincount_blocks";
  static constexpr auto fields = std::tuple{&BincountBlocks::arrays, &BincountBlocks::params};

  std::string_view op() const override { return "bincount"; }
  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// The sums of every `group` neighbouring counts.
struct AddCounts final : Op<AddCounts> {
  ExprPtr array;
  BincountParams params;
  std::int64_t group = 2;
  static constexpr auto op_name = "bincount";
  static constexpr auto fields = std::tuple{&AddCounts::array, &AddCounts::params, &AddCounts::group};

  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// The histogram of each block, along a new first axis.
struct HistogramBlocks final : Op<HistogramBlocks> {
  std::vector<ExprPtr> arrays;  // an array an axis of the histogram [, weights], in the same chunks
  HistogramParams params;
  static constexpr auto op_name = "histogram";
  static constexpr auto fields = std::tuple{&HistogramBlocks::arrays, &HistogramBlocks::params};

  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// How often each number from 0 on stands in an array of integers with one axis; `weights` may be null. Throws
// Error(value) for shapes that do not fit, Error(type) for numbers that are not whole.
ExprPtr bincount(ExprPtr array, ExprPtr weights, std::int64_t minlength, std::optional<std::int64_t> split_every);

// The edges of one axis of a histogram: `count` even bins from `low` to `high`, or edges in order.
struct Bins {
  static Bins even(std::string_view what, std::int64_t count, double low, double high);
  static Bins between(std::string_view what, NdArray edges);

  NdArray edges;
  bool is_even = false;
};
struct HistogramResult {
  bool density = false;             // divided by the bins' sizes and by the total
  std::optional<DType> dtype = {};  // int64 by default, or the weights' type
};
// Counts of elements in a bin along each axis; `arrays` have one shape, and so have the weights, which may be null.
ExprPtr histogram(std::string_view what, std::vector<ExprPtr> arrays, const std::vector<Bins>& bins, ExprPtr weights,
                  const HistogramResult& how);

}  // namespace plait
