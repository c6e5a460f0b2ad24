// Work on each block of rows that gives as many rows: transformations, predictions.
#pragma once

#include <string>
#include <vector>

#include "collections/array/array_meta.h"
#include "expr/expr.h"

namespace plait::ml {

// An array of as many rows as rows[0]: of `columns` columns, or of one axis where that is kOneAxis. The call takes the
// block of every array and gives the block of the result.
struct RowMap final : Op<RowMap> {
  std::vector<ExprPtr> rows;
  std::string label;
  KernelCall call;
  DType dtype = DType::float64;
  std::int64_t columns = 0;
  static constexpr std::int64_t kOneAxis = -1;
  static constexpr auto op_name = "row_map";
  static constexpr auto fields =
      std::tuple{&RowMap::rows, &RowMap::label, &RowMap::call, &RowMap::dtype, &RowMap::columns};

  std::string_view op() const override { return label; }
  std::string describe() const override { return ""; }
  bool is_blockwise() const override { return true; }
  BlockTask block_task(std::int64_t block) const override;
  MetaPtr infer_meta() const override;
};

ExprPtr row_map(std::vector<ExprPtr> rows, std::string label, KernelCall call, DType dtype, std::int64_t columns);

// The arrays cut alike along their rows, each with all its columns in one block. Where the cuts differ, they are those
// of the first one. Throws Error(value) naming both numbers of rows where they differ; `names` are the user's.
std::vector<ExprPtr> line_up_rows(std::vector<ExprPtr> arrays, const std::vector<std::string>& names);

// The same rows, dense or sparse, under chunks whose lengths are known now.
ExprPtr with_lengths(const ExprPtr& rows, Chunks chunks);
// How many rows each block has: an array of one axis.
ExprPtr row_counts(const ExprPtr& rows);

void register_row_map_kernels();

}  // namespace plait::ml
