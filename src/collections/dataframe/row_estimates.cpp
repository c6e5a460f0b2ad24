#include "collections/dataframe/row_estimates.h"

#include <algorithm>

#include "collections/dataframe/column_origins.h"
#include "collections/dataframe/isin_keys.h"
#include "collections/dataframe/merge.h"
#include "collections/dataframe/partition_ops.h"
#include "collections/dataframe/read_parquet.h"
#include "kernels/table/accessors.h"
#include "kernels/table/elementwise.h"

namespace plait {
namespace {

// What is left where nothing is known of the values: of a comparison with a bound, of a look for one value, of a search
// in texts.
constexpr double kHalf = 0.5;
constexpr double kFewEqual = 0.1;

bool is_condition(const ExprPtr& node) {
  if (!is_frame(*node) || frame_meta(node).form() != TableForm::series) return false;
  return frame_meta(node).schema().columns.front().type.kind == TypeKind::bool_;
}

// About how many different values the files say that the column has; 0 where they do not.
double num_distinct(const ExprPtr& series) {
  const auto* select = dynamic_cast<const SelectColumns*>(series.get());
  if (!select || !select->as_series) return 0;
  const ColumnPlace source = path_of({select->frame, select->columns.front()}).back();
  const auto* reader = dynamic_cast<const ReadParquet*>(source.node.get());
  return reader ? reader->scan->distinct_of(source.column) : 0;
}

double chance_of_equal(const ExprPtr& series) {
  const double distinct = num_distinct(series);
  return distinct > 0 ? 1 / distinct : kFewEqual;
}

double num_rows_of(const ExprPtr& source) {
  if (const auto* reader = dynamic_cast<const ReadParquet*>(source.get())) {
    std::int64_t rows = 0;
    for (const ParquetPart& part : reader->scan->parts) rows += part.num_rows;
    return static_cast<double>(rows);
  }
  const FrameMeta& meta = frame_meta(source);
  const auto row_bytes = static_cast<double>(std::max<std::uint64_t>(1, bytes_per_row(meta.schema())));
  return static_cast<double>(meta.estimated_bytes()) / row_bytes;
}

RowEstimate joined(const Merge& merge, const RowEstimate& left, const RowEstimate& right) {
  if (left.all == 0 || right.all == 0) return {};
  switch (merge.params.how) {
    case JoinHow::inner:
      return {std::max(left.all, right.all), left.share * right.share};
    case JoinHow::leftsemi:
      return {left.all, left.share * right.share};
    case JoinHow::left:
    case JoinHow::leftanti:
      return left;
    case JoinHow::right:
      return right;
    case JoinHow::outer:
      break;
  }
  return {std::max(left.all, right.all), std::max(left.share, right.share)};
}

}  // namespace

RowEstimates::RowEstimates(const std::vector<ExprPtr>& nodes) {
  for (const ExprPtr& node : nodes) {
    if (is_condition(node)) chances_[node.get()] = chance(node);
    estimates_[node.get()] = is_frame(*node) ? estimate(node) : RowEstimate{};
  }
}

RowEstimate RowEstimates::estimate(const ExprPtr& node) const {
  if (frame_meta(node).form() == TableForm::scalar) return {.all = 1};
  if (node->operands().empty()) return {.all = num_rows_of(node)};
  if (const auto* filter = dynamic_cast<const Filter*>(node.get())) {
    RowEstimate rows = of(filter->frame);
    const auto found = chances_.find(filter->condition.get());
    rows.share *= found == chances_.end() ? kHalf : found->second;
    return rows;
  }
  if (const auto* merge = dynamic_cast<const Merge*>(node.get()))
    return joined(*merge, of(merge->left), of(merge->right));
  return of_operands(node);
}

// As many as the operand has that has the most.
RowEstimate RowEstimates::of_operands(const ExprPtr& node) const {
  RowEstimate most;
  for (const ExprPtr& operand : node->operands()) {
    const RowEstimate& rows = of(operand);
    if (rows.rows() > most.rows()) most = rows;
  }
  return most;
}

double RowEstimates::chance(const ExprPtr& condition) const {
  if (const auto* isin = dynamic_cast<const IsinKeys*>(condition.get())) return of(isin->keys).share;
  const auto* call = dynamic_cast<const PartitionCall*>(condition.get());
  if (!call || call->inputs.empty()) return kHalf;
  const auto of_input = [&](std::size_t i) {
    const auto found = chances_.find(call->inputs[i].get());
    return found == chances_.end() ? kHalf : found->second;
  };
  const ExprPtr& series = call->inputs.front();
  if (const BinaryParams* binary = table_kernel::binary.params_of(call->kernel)) {
    const bool has_two = call->inputs.size() == 2;
    switch (binary->op) {
      case BinaryOp::and_:
        return has_two ? of_input(0) * of_input(1) : of_input(0);
      case BinaryOp::or_:
        return has_two ? std::min(1.0, of_input(0) + of_input(1)) : of_input(0);
      case BinaryOp::eq:
        return has_two ? kHalf : chance_of_equal(series);
      case BinaryOp::ne:
        return has_two ? kHalf : 1 - chance_of_equal(series);
      default:
        return kHalf;
    }
  }
  if (const IsinParams* among = table_kernel::isin.params_of(call->kernel))
    return std::min(1.0, static_cast<double>(among->values.size()) * chance_of_equal(series));
  if (const UnaryParams* unary = table_kernel::unary.params_of(call->kernel))
    return unary->op == UnaryOp::invert ? 1 - of_input(0) : kHalf;
  if (table_kernel::between.is_called_by(call->kernel)) return kHalf * kHalf;
  return table_kernel::str.is_called_by(call->kernel) ? kFewEqual : kHalf;
}

}  // namespace plait
