// Rows on their way into trees: edges of bins, rows in bins, the sample of a tree.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "expr/expr.h"
#include "ml/tree_growth.h"

namespace plait::ml {

// The edges of bins, one value (see edges_of): they need all rows.
ExprPtr bin_edges(const ExprPtr& rows, const ExprPtr& targets, std::int64_t classes,
                  const std::vector<std::int64_t>& row_starts);
// The rows' bins, uint8.
ExprPtr binned_rows(const ExprPtr& rows, const ExprPtr& edges);
BinEdges edges_of(const Value& edges);

// How rows are drawn for a tree: each as often as a Poisson number of its position says, or once.
struct Sampling {
  bool bootstrap = true;
  double fraction = 1;
  static constexpr auto fields = std::tuple{&Sampling::bootstrap, &Sampling::fraction};
};
class RowDraws {
 public:
  RowDraws(const Sampling& sampling, std::uint64_t tree_key);
  std::int64_t count(std::int64_t row) const;

 private:
  bool bootstrap_;
  std::uint64_t key_;
  std::vector<std::uint64_t> limits_;  // below limits_[i]: drawn i times at most
};

// The part of a tree that leads to the rows wanted: those that end in `node`.
struct Branch {
  std::vector<std::int32_t> feature, bin, left;
  std::int32_t node = 0;
  static constexpr auto fields = std::tuple{&Branch::feature, &Branch::bin, &Branch::left, &Branch::node};
};
inline std::int32_t leaf_of(const std::uint8_t* bins, const std::int32_t* feature, const std::int32_t* bin,
                            const std::int32_t* left) {
  std::int32_t node = 0;
  while (feature[node] >= 0) node = left[node] + (bins[feature[node]] > bin[node] ? 1 : 0);
  return node;
}

struct BagParams {
  Sampling sampling;
  std::uint64_t tree_key = 0;
  FixedPoint scale;
  std::int64_t classes = 0;
  std::vector<double> class_weights;
  std::vector<std::int64_t> row_starts;
  Branch branch;  // empty: all rows
  static constexpr auto fields =
      std::tuple{&BagParams::sampling,      &BagParams::tree_key,   &BagParams::scale, &BagParams::classes,
                 &BagParams::class_weights, &BagParams::row_starts, &BagParams::branch};
};
// One row's two whole numbers, or a weight of 0.
struct BagRow {
  std::int64_t first = 0;
  std::int64_t weight = 0;
};
// Reads targets and weights of a block, row by row.
class BagReader {
 public:
  BagReader(Inputs inputs, const BagParams& params, std::uint32_t block);
  BagRow at(std::int64_t row) const;
  const std::uint8_t* bins(std::int64_t row) const { return bins_.data<std::uint8_t>() + row * features_; }
  std::int64_t rows() const { return rows_; }
  std::int64_t features() const { return features_; }

 private:
  const BagParams& params_;
  RowDraws draws_;
  NdArray bins_, targets_, weights_;
  std::int64_t rows_, features_, start_;
  bool has_weights_;
};

// The records of a block's rows that a tree has drawn: (bins, targets, weights if there are any) -> uint8 records.
inline constinit KernelId<BagParams> bag_kernel{"ml_forest_bag"};

void register_forest_row_kernels();

}  // namespace plait::ml
