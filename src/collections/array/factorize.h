// Factors of matrices as nodes: what plait/array/linalg.h is made of.
#pragma once

#include <optional>

#include "collections/array/array_meta.h"
#include "expr/expr.h"
#include "kernels/array/factorize.h"

namespace plait {

// The factors of each block of a column of blocks, or of `group` neighbours that stand below each other, as one value.
struct Factorize final : Op<Factorize> {
  ExprPtr matrix;
  Factorization kind = Factorization::qr;
  std::int64_t group = 1;
  static constexpr auto op_name = "factorize";
  static constexpr auto fields = std::tuple{&Factorize::matrix, &Factorize::kind, &Factorize::group};

  std::string_view op() const override { return name(kind); }
  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// One factor, an array in these chunks: part `part` of every value, or, where `per_value` is more than one, block i is
// part `part + i % per_value` of value i / per_value.
struct Factor final : Op<Factor> {
  ExprPtr factors;
  std::int64_t part = 0;
  std::int64_t per_value = 1;
  DType dtype = DType::float64;
  Chunks chunks;
  static constexpr auto op_name = "factor";
  static constexpr auto fields =
      std::tuple{&Factor::factors, &Factor::part, &Factor::per_value, &Factor::dtype, &Factor::chunks};

  std::string_view op() const override { return factors->op(); }
  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// Block i of a column of blocks times block i / group of another one.
struct RowBlocksProduct final : Op<RowBlocksProduct> {
  ExprPtr a;
  ExprPtr b;
  std::int64_t group = 1;
  static constexpr auto op_name = "matmul";
  static constexpr auto type_name = "row_blocks_product";
  static constexpr auto fields = std::tuple{&RowBlocksProduct::a, &RowBlocksProduct::b, &RowBlocksProduct::group};

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
