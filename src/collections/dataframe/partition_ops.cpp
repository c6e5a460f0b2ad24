#include "collections/dataframe/partition_ops.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "kernels/table/columns.h"
#include "kernels/table/rows.h"

namespace plait {

KernelCall SelectColumns::kernel_call() const {
  return table_kernel::select(SelectParams{.columns = columns, .as_series = as_series});
}

std::string SelectColumns::describe() const {
  return as_series ? fmt::format("'{}'", columns.front()) : fmt::format("{}", columns);
}

ExprPtr SelectColumns::simplify() const {
  if (const auto* below = dynamic_cast<const SelectColumns*>(frame.get()); below && !below->as_series) {
    return make_expr<SelectColumns>(below->frame, columns, as_series);
  }
  if (!as_series && frame_meta(frame).form() == TableForm::frame && frame_meta(frame).empty().names() == columns)
    return frame;
  return nullptr;
}

Wanted SelectColumns::needs(std::size_t, const Wanted& wanted) const {
  Wanted needed{.index = wanted.index};
  for (const std::string& column : columns) {
    if (as_series || wanted.has(column)) needed.columns.insert(column);
  }
  return needed;
}

ExprPtr SelectColumns::narrowed(const Wanted& wanted) const {
  if (as_series || wanted.all_columns) return nullptr;
  std::vector<std::string> kept;
  for (const std::string& column : columns) {
    if (wanted.has(column)) kept.push_back(column);
  }
  return kept.size() == columns.size() ? nullptr : make_expr<SelectColumns>(frame, kept, false);
}

KernelCall Rename::kernel_call() const { return table_kernel::rename(RenameParams{.names = names}); }

Wanted Rename::needs(std::size_t, const Wanted& wanted) const {
  if (wanted.all_columns) return wanted;
  Wanted needed{.index = wanted.index};
  for (const std::string& column : frame_meta(frame).empty().names()) {
    const auto renamed = names.find(column);
    if (wanted.has(renamed == names.end() ? column : renamed->second)) needed.columns.insert(column);
  }
  return needed;
}

KernelCall Assign::kernel_call() const {
  return table_kernel::assign(AssignParams{.names = names, .literals = literals});
}

std::string Assign::describe() const { return fmt::format("{}", names); }

Wanted Assign::needs(std::size_t operand, const Wanted& wanted) const {
  if (operand > 0) return {.all_columns = true};
  Wanted needed{.index = wanted.index};
  // Also those that are replaced: the new ones stand in their places.
  for (const std::string& column : frame_meta(frame).empty().names()) {
    if (wanted.has(column)) needed.columns.insert(column);
  }
  return needed;
}

ExprPtr Assign::narrowed(const Wanted& wanted) const {
  std::vector<std::string> kept_names;
  std::vector<std::optional<Literal>> kept_literals;
  std::vector<ExprPtr> kept_values;
  std::size_t next_value = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const ExprPtr value = literals[i] ? nullptr : values[next_value++];
    if (!wanted.has(names[i])) continue;
    kept_names.push_back(names[i]);
    kept_literals.push_back(literals[i]);
    if (value) kept_values.push_back(value);
  }
  if (kept_names.size() == names.size()) return nullptr;
  if (kept_names.empty()) return frame;
  return make_expr<Assign>(frame, kept_names, kept_literals, kept_values);
}

KernelCall Filter::kernel_call() const { return table_kernel::filter(FilterParams{.keep_index = keep_index}); }

Wanted Filter::needs(std::size_t operand, const Wanted& wanted) const {
  return operand == 0 ? wanted : Wanted{.all_columns = true};
}

ExprPtr Filter::narrowed(const Wanted& wanted) const {
  if (wanted.index || !keep_index) return nullptr;
  return make_expr<Filter>(frame, condition, false);
}

Wanted PartitionCall::needs(std::size_t operand, const Wanted& wanted) const {
  if (table_kernel::index_of.is_called_by(kernel)) return {.index = true};
  const bool passes_index = wanted.index && !traits.makes_index;
  Wanted needed{.all_columns = true, .index = operand == 0 && (passes_index || traits.reads_index)};
  const bool is_frame = frame_meta(inputs[operand]).form() == TableForm::frame;
  if (traits.by_column && is_frame && frame_meta(shared_from_this()).form() == TableForm::frame) {
    needed.all_columns = wanted.all_columns;
    needed.columns = wanted.columns;
  }
  return needed;
}

MetaPtr PartitionCall::partition_meta(const FrameMeta& like, Table empty) const {
  MetaPtr meta = with_schema(like, std::move(empty));
  if (traits.keeps_divisions) return meta;
  const auto& known = dynamic_cast<const FrameMeta&>(*meta);
  return make_frame_meta(known.empty(), known.npartitions(), {}, known.estimated_bytes());
}

ExprPtr select_columns(ExprPtr frame, std::vector<std::string> columns) {
  return make_expr<SelectColumns>(std::move(frame), std::move(columns), false);
}

ExprPtr select_column(ExprPtr frame, std::string column) {
  return make_expr<SelectColumns>(std::move(frame), std::vector{std::move(column)}, true);
}

ExprPtr elementwise_call(std::vector<ExprPtr> inputs, KernelCall kernel, std::string label, std::string text) {
  CallTraits traits = kElementwise;
  const auto has = [&](TableForm form) {
    return std::any_of(inputs.begin(), inputs.end(),
                       [&](const ExprPtr& input) { return frame_meta(input).form() == form; });
  };
  // What is made of labels alone are other labels, whose order is not known.
  traits.keeps_divisions = !has(TableForm::index) || has(TableForm::frame) || has(TableForm::series);
  return make_expr<PartitionCall>(std::move(inputs), std::move(kernel), std::move(label), std::move(text), traits);
}

}  // namespace plait
