// What all collections of tables share, and operators.
#include "plait/frame_base.h"

#include <set>

#include "collections/dataframe/align.h"
#include "collections/dataframe/api/building.h"
#include "collections/dataframe/read_csv.h"
#include "kernels/table/elementwise.h"
#include "kernels/table/native_types.h"
#include "plait/dataframe.h"

namespace plait {
namespace {

std::string text_of(const FrameOperand& side) { return side.expr() ? "_" : to_string(side.literal()); }

// Columns are aligned by pandas where two frames have others.
void require_equal_columns(const std::vector<ExprPtr>& inputs, const std::string& op) {
  const Table* first = nullptr;
  for (const ExprPtr& input : inputs) {
    const Table& table = frame_meta(input).empty();
    if (table.form() != TableForm::frame) continue;
    if (first && first->names() != table.names()) throw NoNativeForm(op + " of frames with different columns");
    first = &table;
  }
}

}  // namespace

Table FrameBase::computed(const Value& value) { return value.as<Table>(); }
std::int64_t FrameBase::npartitions() const { return frame_meta(expr_).npartitions(); }
std::vector<Literal> FrameBase::divisions() const { return frame_meta(expr_).divisions(); }
Table FrameBase::meta() const { return frame_meta(expr_).empty(); }
Table FrameBase::latest_meta() const { return frame_meta(with_latest_schemas(expr_)).empty(); }
std::string FrameBase::plan_name() const { return expr_->name(); }
Table FrameBase::compute(const RunSettings& settings) const { return std::get<0>(compute_with(settings, *this)); }

namespace detail {

ExprPtr binary_plan(const std::string& op, const FrameOperand& left, const FrameOperand& right,
                    const std::optional<Literal>& fill_value, LabelRule labels) {
  const SourceScope scope = source_scope(left.where());
  BinaryParams params{.op = parse_binary_op(op), .fill_value = fill_value};
  std::vector<ExprPtr> inputs;
  for (const auto& [side, literal] : {std::pair{&left, &params.left}, {&right, &params.right}}) {
    if (side->expr())
      inputs.push_back(side->expr());
    else
      *literal = side->literal();
  }
  if (inputs.empty()) throw type_error(op + ": both sides are constants, expected a frame, series or scalar");
  require_native_binary(params, empties(inputs));
  require_equal_columns(inputs, op);
  inputs = aligned(std::move(inputs), labels == LabelRule::same ? AlignHow::identical : AlignHow::outer, op);
  const std::string text = inputs.size() == 2 ? "" : text_of(left) + ", " + text_of(right);
  return elementwise_call(std::move(inputs), table_kernel::binary(params), op, text);
}

ExprPtr operator_plan(const std::string& op, const FrameOperand& left, const FrameOperand& right) {
  static const std::set<std::string> comparisons = {"eq", "ne", "lt", "le", "gt", "ge"};
  return binary_plan(op, left, right, std::nullopt, comparisons.contains(op) ? LabelRule::same : LabelRule::align);
}

ExprPtr unary_plan(const std::string& op, const FrameBase& values, Location where) {
  const SourceScope scope = source_scope(where);
  return elementwise_call({values.expr()}, table_kernel::unary(UnaryParams{parse_unary_op(op)}), op);
}

}  // namespace detail

AnyFrame binary(const std::string& op, const FrameOperand& left, const FrameOperand& right,
                const std::optional<Literal>& fill_value, LabelRule labels) {
  return any_frame(detail::binary_plan(op, left, right, fill_value, labels));
}

AnyFrame any_frame(std::shared_ptr<const Expr> plan) {
  switch (frame_meta(plan).form()) {
    case TableForm::frame:
      return DataFrame(std::move(plan));
    case TableForm::series:
      return Series(std::move(plan));
    case TableForm::index:
      return Index(std::move(plan));
    case TableForm::scalar:
      break;
  }
  return Scalar(std::move(plan));
}

}  // namespace plait
