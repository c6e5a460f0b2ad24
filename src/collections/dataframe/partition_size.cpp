#include "collections/dataframe/partition_size.h"

#include <algorithm>
#include <unordered_map>

#include "collections/dataframe/frame_op.h"
#include "collections/dataframe/sources.h"
#include "expr/rewrite.h"
#include "runtime/machine.h"
#include "runtime/run_context.h"

namespace plait {
namespace {

// A task of an exchange takes its partition, the rows in their new order and room to find that order; and every worker
// has one.
constexpr std::uint64_t kPartitionsATask = 6;

std::uint64_t good_partition_bytes() {
  const auto num_workers = static_cast<std::uint64_t>(std::max(1, num_workers_of({})));
  return std::max<std::uint64_t>(1, memory_budget_bytes() / (kPartitionsATask * num_workers));
}

std::int64_t num_pieces(std::uint64_t num_bytes) {
  return static_cast<std::int64_t>((num_bytes + good_partition_bytes() - 1) / good_partition_bytes());
}

// A partition of Python objects stays whole.
std::vector<Value> pieces_of(const Value& partition, std::int64_t count) {
  const Table* table = partition.get_if<Table>();
  if (!table || count <= 1) return {partition};
  std::vector<Value> pieces;
  const std::int64_t rows = table->num_rows();
  for (std::int64_t i = 0; i < count; ++i)
    pieces.push_back(Value::of(table->slice(rows * i / count, rows * (i + 1) / count - rows * i / count)));
  return pieces;
}

ExprPtr cut_finer(const FromTables& source) {
  std::vector<Value> pieces;
  for (const Value& partition : source.partitions) {
    for (Value& piece : pieces_of(partition, num_pieces(partition.num_bytes()))) pieces.push_back(std::move(piece));
  }
  const SourceScope scope(source.source());
  return make_expr<FromTables>(std::move(pieces), source.schema, Divisions{});
}

}  // namespace

std::int64_t partitions_within_budget(std::int64_t npartitions, std::uint64_t num_bytes) {
  return std::max(npartitions, num_pieces(num_bytes));
}

bool is_large_for_budget(std::uint64_t num_bytes) { return num_bytes > memory_budget_bytes() / 4; }

ExprPtr in_pieces_within_budget(const ExprPtr& frame) {
  const FrameMeta& meta = frame_meta(frame);
  if (meta.estimated_bytes() / static_cast<std::uint64_t>(std::max<std::int64_t>(1, meta.npartitions())) <=
      good_partition_bytes())
    return frame;
  std::unordered_map<const Expr*, ExprPtr> made;
  int num_sources = 0;
  for (const ExprPtr& node : nodes_of({frame})) {
    if (const auto* source = dynamic_cast<const FromTables*>(node.get())) {
      if (++num_sources > 1) return frame;
      made.emplace(node.get(), cut_finer(*source));
      continue;
    }
    const FrameOp* op = frame_op(node);
    if (!op || !op->is_rowwise() || !op->kernel_call() || has_broadcast(node->operands())) return frame;
    std::vector<ExprPtr> operands;
    for (const ExprPtr& operand : node->operands()) operands.push_back(made.at(operand.get()));
    made.emplace(node.get(), on_operands(node, operands));
  }
  return made.at(frame.get());
}

}  // namespace plait
