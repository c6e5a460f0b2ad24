// How calls of the C++ and Python faces become nodes: shared by both.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "collections/dataframe/partition_ops.h"
#include "kernels/table/accessors.h"
#include "kernels/table/elementwise.h"
#include "kernels/table/groupby.h"

namespace plait {

// One side of a binary operation.
struct BinarySide {
  ExprPtr expr;  // null: the literal
  Literal literal;
};
ExprPtr binary_expr(const BinarySide& left, const BinarySide& right, BinaryOp op,
                    std::optional<Literal> fill_value = std::nullopt);
ExprPtr str_expr(ExprPtr series, StrParams params);
ExprPtr dt_expr(ExprPtr series, DtParams params);
ExprPtr clip_expr(ExprPtr values, std::optional<Literal> lower, std::optional<Literal> upper);
ExprPtr filter_expr(ExprPtr frame, ExprPtr condition);
ExprPtr assign_expr(ExprPtr frame, std::string name, const BinarySide& value);
ExprPtr drop_expr(ExprPtr frame, const std::vector<std::string>& columns);
ExprPtr dropna_expr(ExprPtr frame, std::vector<std::string> subset, bool all = false, std::int64_t thresh = -1);
ExprPtr reset_index_expr(ExprPtr frame, bool drop);
ExprPtr set_form_expr(ExprPtr frame, TableForm form, std::string name = "");

// Throws Error(key) with near names.
void require_columns(const ExprPtr& frame, const std::vector<std::string>& columns, std::string_view what);
// Computes the first rows: partition after partition until there are enough.
Table head_rows(const ExprPtr& frame, std::int64_t n);
Table tail_rows(const ExprPtr& frame, std::int64_t n);
std::int64_t count_rows(const ExprPtr& frame);
Table compute_table(const ExprPtr& expr);

}  // namespace plait
