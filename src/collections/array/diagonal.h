// Diagonals: out of matrices, and matrices from them. A block of the result takes one block of the array.
#pragma once

#include <optional>

#include "collections/array/array_meta.h"
#include "expr/expr.h"

namespace plait {

// The elements (i, i + offset) of the last two axes, along one last axis.
struct DiagonalLine final : Op<DiagonalLine> {
  ExprPtr array;
  std::int64_t offset = 0;
  static constexpr auto op_name = "diagonal";
  static constexpr auto fields = std::tuple{&DiagonalLine::array, &DiagonalLine::offset};

  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// A square with the array's elements on one of its diagonals.
struct DiagonalMatrix final : Op<DiagonalMatrix> {
  ExprPtr array;
  std::int64_t offset = 0;
  static constexpr auto op_name = "diag";
  static constexpr auto fields = std::tuple{&DiagonalMatrix::array, &DiagonalMatrix::offset};

  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// Throws Error(value) for less than two axes, for twice the same, and for unknown extents; Error(index) for an axis out
// of range.
ExprPtr diagonal(ExprPtr array, std::int64_t offset, int axis1, int axis2);
// A matrix from a line, or a line from a matrix. Throws Error(value) for other arrays.
ExprPtr diag(ExprPtr array, std::int64_t offset);
ExprPtr trace(ExprPtr array, std::int64_t offset, int axis1, int axis2, std::optional<DType> dtype);

}  // namespace plait
