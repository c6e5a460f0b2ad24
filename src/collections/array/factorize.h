// Factors of matrices as nodes: what plait/array/linalg.h is made of.
#pragma once

#include <optional>

#include "collections/array/array_meta.h"
#include "expr/expr.h"
#include "kernels/array/factorize.h"

namespace plait {

// Neighbours among the blocks of a column: where each group begins, from 0 on.
using BlockGroups = std::vector<std::int64_t>;

// The factors of the blocks of each group, which stand below each other in a column of blocks, as one value.
struct Factorize final : Op<Factorize> {
  ExprPtr matrix;
  Factorization kind = Factorization::qr;
  BlockGroups groups;
  static constexpr auto op_name = "factorize";
  static constexpr auto fields = std::tuple{&Factorize::matrix, &Factorize::kind, &Factorize::groups};

  std::string_view op() const override { return plait::name(kind); }
  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// One factor, an array in these chunks: part `part` of every value; or, with groups, for every block of theirs the part
// `part`, `part` + 1, ... of its group's value.
struct Factor final : Op<Factor> {
  ExprPtr factors;
  std::int64_t part = 0;
  BlockGroups groups;
  DType dtype = DType::float64;
  Chunks chunks;
  static constexpr auto op_name = "factor";
  static constexpr auto fields =
      std::tuple{&Factor::factors, &Factor::part, &Factor::groups, &Factor::dtype, &Factor::chunks};

  std::string_view op() const override { return factors->op(); }
  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// Each block of a column of blocks times the block of another one that belongs to its group.
struct RowBlocksProduct final : Op<RowBlocksProduct> {
  ExprPtr a;
  ExprPtr b;
  BlockGroups groups;
  static constexpr auto op_name = "matmul";
  static constexpr auto type_name = "row_blocks_product";
  static constexpr auto fields = std::tuple{&RowBlocksProduct::a, &RowBlocksProduct::b, &RowBlocksProduct::groups};

  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// X of T X = B, where T is one block, for every block of one row of blocks.
struct TriangularSolve final : Op<TriangularSolve> {
  ExprPtr triangle;
  ExprPtr right;
  bool is_lower = true;
  static constexpr auto op_name = "solve_triangular";
  static constexpr auto fields =
      std::tuple{&TriangularSolve::triangle, &TriangularSolve::right, &TriangularSolve::is_lower};

  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// Q and R of a matrix in one column of blocks; the extents of its rows need not be known.
struct QrFactors {
  ExprPtr q;
  ExprPtr r;  // one block
};
QrFactors tall_qr(const ExprPtr& matrix);
// Of one block.
struct SvdFactors {
  ExprPtr u;
  ExprPtr s;
  ExprPtr vh;
};
SvdFactors block_svd(const ExprPtr& matrix);
ExprPtr block_cholesky(const ExprPtr& matrix);

}  // namespace plait
