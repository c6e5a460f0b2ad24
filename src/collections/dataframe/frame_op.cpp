#include "collections/dataframe/frame_op.h"

#include <fmt/format.h>

#include "kernels/table/native_types.h"

namespace plait {

void require_native(const std::vector<Table>& tables) {
  for (const Table& table : tables) {
    if (const auto name = column_of_objects(table.schema()))
      throw NoNativeForm(fmt::format("column '{}' holds Python objects", *name));
  }
}

Table infer(const KernelCall& call, const std::vector<Table>& inputs) {
  std::vector<Value> values;
  for (const Table& input : inputs) values.push_back(Value::of(input));
  return call.run(values, TaskContext()).as<Table>();
}

void Wanted::add(const Wanted& other) {
  all_columns = all_columns || other.all_columns;
  columns.insert(other.columns.begin(), other.columns.end());
  index = index || other.index;
}

Wanted FrameOp::needs(std::size_t, const Wanted&) const { return Wanted::everything(); }

const FrameOp* frame_op(const ExprPtr& expr) { return dynamic_cast<const FrameOp*>(expr.get()); }

const FrameMeta& matching_partitions(const std::vector<ExprPtr>& operands, std::string_view op) {
  const FrameMeta* found = nullptr;
  for (const ExprPtr& operand : operands) {
    const FrameMeta& meta = frame_meta(operand);
    if (!found || (found->npartitions() == 1 && meta.npartitions() > 1)) {
      found = &meta;
    } else if (meta.npartitions() != 1 && meta.npartitions() != found->npartitions()) {
      throw value_error(fmt::format(
          "{}: one operand has {} partitions, the other {}; operands that do not come from the same frame need equal "
          "partitions: use repartition or merge",
          op, found->npartitions(), meta.npartitions()));
    }
  }
  PLAIT_CHECK(found != nullptr);
  return *found;
}

BlockTask partition_task(const std::vector<ExprPtr>& operands, const KernelCall& call, std::int64_t block) {
  BlockTask task{.call = call};
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const bool broadcast = frame_meta(operands[i]).npartitions() == 1;
    task.inputs.push_back({.operand = static_cast<std::uint32_t>(i), .block = broadcast ? 0 : block});
  }
  return task;
}

bool has_broadcast(const std::vector<ExprPtr>& operands) {
  std::int64_t most = 1;
  for (const ExprPtr& operand : operands) most = std::max(most, frame_meta(operand).npartitions());
  for (const ExprPtr& operand : operands) {
    if (frame_meta(operand).npartitions() != most) return true;
  }
  return false;
}

ExprPtr row_source_of(const std::vector<ExprPtr>& operands) {
  for (const ExprPtr& operand : operands) {
    if (frame_meta(operand).form() == TableForm::scalar) continue;
    const FrameOp* op = frame_op(operand);
    ExprPtr source = op ? op->row_source() : nullptr;
    return source ? source : operand;
  }
  return nullptr;
}

ExprPtr partition_source_of(const std::vector<ExprPtr>& operands) {
  ExprPtr lead;
  for (const ExprPtr& operand : operands) {
    if (frame_meta(operand).form() == TableForm::scalar) continue;
    if (!lead || (frame_meta(lead).npartitions() == 1 && frame_meta(operand).npartitions() > 1)) lead = operand;
  }
  if (!lead) return nullptr;
  const FrameOp* op = frame_op(lead);
  ExprPtr source = op ? op->partition_source() : nullptr;
  return source ? source : lead;
}

std::vector<Table> empties(const std::vector<ExprPtr>& operands) {
  std::vector<Table> tables;
  for (const ExprPtr& operand : operands) tables.push_back(frame_meta(operand).empty());
  return tables;
}

}  // namespace plait
