#include "collections/dataframe/frame_building.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.h"
#include "collections/dataframe/reductions.h"
#include "collections/dataframe/sources.h"
#include "expr/plan.h"
#include "kernels/table/columns.h"
#include "kernels/table/native_types.h"
#include "kernels/table/rows.h"

namespace plait {
namespace {

std::string side_text(const BinarySide& side) { return side.expr ? std::string("_") : to_string(side.literal); }

std::string_view form_text(TableForm form) {
  switch (form) {
    case TableForm::frame:
      return "a frame";
    case TableForm::series:
      return "a series";
    case TableForm::index:
      return "an index";
    case TableForm::scalar:
      break;
  }
  return "a scalar";
}

}  // namespace

ExprPtr binary_expr(const BinarySide& left, const BinarySide& right, BinaryOp op, std::optional<Literal> fill_value) {
  BinaryParams params{.op = op, .fill_value = std::move(fill_value)};
  std::vector<ExprPtr> inputs;
  if (left.expr)
    inputs.push_back(left.expr);
  else
    params.left = left.literal;
  if (right.expr)
    inputs.push_back(right.expr);
  else
    params.right = right.literal;
  const std::string text = left.expr && right.expr ? "" : side_text(left) + ", " + side_text(right);
  return elementwise_call(std::move(inputs), table_kernel::binary(params), std::string(name(op)), text);
}

ExprPtr str_expr(ExprPtr series, StrParams params) {
  return elementwise_call({std::move(series)}, table_kernel::str(params), fmt::format("str.{}", name(params.op)),
                          params.pattern);
}

ExprPtr dt_expr(ExprPtr series, DtParams params) {
  return elementwise_call({std::move(series)}, table_kernel::dt(params), fmt::format("dt.{}", name(params.op)),
                          params.text);
}

ExprPtr clip_expr(ExprPtr values, std::optional<Literal> lower, std::optional<Literal> upper) {
  require_native_clip(frame_meta(values).empty(), lower, upper);
  return elementwise_call({std::move(values)}, table_kernel::clip(ClipParams{std::move(lower), std::move(upper)}),
                          "clip");
}

ExprPtr filter_expr(ExprPtr frame, ExprPtr condition) {
  const Schema& schema = frame_meta(condition).schema();
  const ColumnType& type = schema.columns.front().type;
  if (schema.form == TableForm::frame || type.kind != TypeKind::bool_) {
    throw type_error(fmt::format("rows are selected by a series of True and False; found {} of {}",
                                 form_text(schema.form), name(type)));
  }
  require_same_rows({frame, condition}, "filter");
  return make_expr<Filter>(std::move(frame), std::move(condition), true);
}

ExprPtr assign_expr(ExprPtr frame, std::string name, const BinarySide& value) {
  std::vector<std::optional<Literal>> literals{value.expr ? std::nullopt : std::optional(value.literal)};
  std::vector<ExprPtr> values;
  if (value.expr) {
    require_same_rows({frame, value.expr}, "assign");
    values.push_back(value.expr);
  }
  return make_expr<Assign>(std::move(frame), std::vector{std::move(name)}, std::move(literals), std::move(values));
}

ExprPtr drop_expr(ExprPtr frame, const std::vector<std::string>& columns) {
  require_columns(frame, columns, "drop");
  std::vector<std::string> kept;
  for (const std::string& column : frame_meta(frame).empty().names()) {
    if (std::find(columns.begin(), columns.end(), column) == columns.end()) kept.push_back(column);
  }
  return select_columns(std::move(frame), std::move(kept));
}

ExprPtr dropna_expr(ExprPtr frame, std::vector<std::string> subset, bool all, std::int64_t thresh) {
  const CallTraits traits{.rowwise = true};
  const std::string text = fmt::format("{}", subset);
  const KernelCall kernel =
      table_kernel::dropna(DropnaParams{.subset = std::move(subset), .all = all, .thresh = thresh});
  return make_expr<PartitionCall>(std::vector{std::move(frame)}, kernel, std::string("dropna"), text, traits);
}

ExprPtr reset_index_expr(ExprPtr frame, bool drop) {
  const CallTraits traits{.makes_index = drop, .keeps_divisions = false, .keeps_rows = true};
  return make_expr<PartitionCall>(std::vector{std::move(frame)}, table_kernel::reset_index(ResetIndexParams{drop}),
                                  std::string("reset_index"), "", traits);
}

ExprPtr set_form_expr(ExprPtr frame, TableForm form, std::string name) {
  const CallTraits traits{.rowwise = true, .keeps_rows = true};
  return make_expr<PartitionCall>(std::vector{std::move(frame)},
                                  table_kernel::set_form(SetFormParams{form, std::move(name)}),
                                  std::string(form == TableForm::frame ? "to_frame" : "to_series"), "", traits);
}

void require_columns(const ExprPtr& frame, const std::vector<std::string>& columns, std::string_view what) {
  const auto names = frame_meta(frame).empty().names();
  for (const std::string& column : columns) {
    if (std::find(names.begin(), names.end(), column) == names.end()) {
      throw key_error(fmt::format("{}: there is no column '{}'{}", what, column, did_you_mean(column, names)));
    }
  }
}

Table compute_table(const ExprPtr& expr) { return plait::compute({expr}).front().as<Table>(); }

Table head_rows(const ExprPtr& frame, std::int64_t n) {
  const std::int64_t all = frame_meta(frame).npartitions();
  for (std::int64_t npartitions = 1;; npartitions *= 4) {
    Table rows = compute_table(head_expr(frame, n, npartitions));
    if (npartitions >= all || (n >= 0 && rows.num_rows() >= n)) return rows;
  }
}

Table tail_rows(const ExprPtr& frame, std::int64_t n) {
  const std::int64_t all = frame_meta(frame).npartitions();
  for (std::int64_t npartitions = 1;; npartitions *= 4) {
    Table rows = compute_table(tail_expr(frame, n, npartitions));
    if (npartitions >= all || (n >= 0 && rows.num_rows() >= n)) return rows;
  }
}

std::int64_t count_rows(const ExprPtr& frame) {
  return std::get<std::int64_t>(compute_table(length_expr(frame)).item());
}

}  // namespace plait
