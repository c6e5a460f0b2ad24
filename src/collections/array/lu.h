// LU factorization as nodes: panels of columns, each with those before it applied one after the other.
#pragma once

#include "collections/array/array_meta.h"
#include "expr/expr.h"
#include "kernels/array/lu.h"

namespace plait {

struct LuFactor final : Op<LuFactor> {
  ExprPtr panel;
  std::int64_t first_row = 0;
  static constexpr auto op_name = "lu_factor";
  static constexpr auto fields = std::tuple{&LuFactor::panel, &LuFactor::first_row};

  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override { return panel->meta_ptr(); }
  BlockTask block_task(std::int64_t block) const override;
};

struct LuUpdate final : Op<LuUpdate> {
  ExprPtr panel;
  ExprPtr before;  // factored, its place is first_row
  std::int64_t first_row = 0;
  static constexpr auto op_name = "lu_update";
  static constexpr auto fields = std::tuple{&LuUpdate::panel, &LuUpdate::before, &LuUpdate::first_row};

  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override { return panel->meta_ptr(); }
  BlockTask block_task(std::int64_t block) const override;
};

struct LuColumns final : Op<LuColumns> {
  std::vector<ExprPtr> factored;  // the panel and, for L, those behind it
  LuColumnsParams params;
  static constexpr auto op_name = "lu_columns";
  static constexpr auto fields = std::tuple{&LuColumns::factored, &LuColumns::params};

  std::string describe() const override { return params.is_lower ? "L" : "U"; }
  MetaPtr infer_meta() const override { return factored.front()->meta_ptr(); }
  BlockTask block_task(std::int64_t block) const override;
};

struct LuPermutation final : Op<LuPermutation> {
  std::vector<ExprPtr> factored;
  static constexpr auto op_name = "lu_permutation";
  static constexpr auto fields = std::tuple{&LuPermutation::factored};

  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// Of a square matrix: its rows in `order` (int64) are L U. L and U are in its chunks.
struct LuFactors {
  ExprPtr order;
  ExprPtr l;
  ExprPtr u;
};
LuFactors lu_factors(const ExprPtr& matrix);

}  // namespace plait
