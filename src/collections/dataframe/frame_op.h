// The bases of frame operations: what the optimizer asks of them, and the usual kind of operation, which makes every
// partition of its result by one kernel call on the partitions of its operands with the same number.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "collections/dataframe/frame_meta.h"
#include "expr/expr.h"
#include "kernels/table/table_kernels.h"

namespace plait {

// What the call gives for these tables (without rows): the schema of a result. Throws what the kernel throws, such as
// an unknown column or types that do not fit.
Table infer(const KernelCall& call, const std::vector<Table>& inputs);
// Throws NoNativeForm where a column holds Python objects, which no kernel understands.
void require_native(const std::vector<Table>& tables);

// What consumers want of a frame.
struct Wanted {
  bool all_columns = false;
  std::set<std::string> columns;
  bool index = false;

  static Wanted everything() { return {.all_columns = true, .index = true}; }
  void add(const Wanted& other);
  bool has(const std::string& column) const { return all_columns || columns.contains(column); }
};

// How the optimizer sees an operation on frames.
class FrameOp {
 public:
  virtual ~FrameOp() = default;
  // What is needed of operand i, so that `wanted` of the result can be made.
  virtual Wanted needs(std::size_t operand, const Wanted& wanted) const;
  // The same operation, making no more than `wanted`; null to keep it.
  virtual ExprPtr narrowed(const Wanted& /*wanted*/) const { return nullptr; }
  // Whether it copies rows, so that it pays to drop columns before it.
  virtual bool moves_rows() const { return false; }
  // Whether the result depends neither on how rows are cut into partitions nor on the labels of a range index.
  virtual bool is_reduction() const { return false; }
  // Whether partition i of the result is a function of partition i of the operands, row by row or filtering rows: it
  // may be run on batches of a partition.
  virtual bool is_rowwise() const { return false; }
  // Whether it numbers the rows of each partition from 0: where it runs on batches, the numbers have to go on.
  virtual bool numbers_rows() const { return false; }
  // Whether the result has the rows of its operand: the operation only adds, drops or changes columns.
  virtual bool keeps_rows() const { return false; }
  // The node below that decides which rows the result has; null for a node that does so itself.
  virtual ExprPtr row_source() const { return nullptr; }
  // The node below whose partition i holds the rows that partition i of the result is made of; null for a node that
  // cuts its partitions itself.
  virtual ExprPtr partition_source() const { return nullptr; }
  // The call that makes a partition, for operations that are one kernel call.
  virtual KernelCall kernel_call() const { return {}; }
};
const FrameOp* frame_op(const ExprPtr& expr);

// An operation that is one kernel call on each partition. Operands with one partition serve every partition. Self has
//   KernelCall kernel_call() const override;
// and may override partition_meta.
template <class Self>
class PartitionOp : public Op<Self>, public FrameOp {
 public:
  BlockTask block_task(std::int64_t block) const override;
  bool is_blockwise() const override;
  MetaPtr infer_meta() const override;
  ExprPtr row_source() const override { return row_source_; }
  ExprPtr partition_source() const override { return partition_source_; }
  // Divisions and sizes of the result; by default those of the operand that has the most partitions.
  virtual MetaPtr partition_meta(const FrameMeta& like, Table empty) const {
    return with_schema(like, std::move(empty));
  }

 private:
  // Found when the node is made: operations in a row may be a million.
  mutable ExprPtr row_source_;
  mutable ExprPtr partition_source_;
};

// What decides the rows of an operation that keeps those of its operands.
ExprPtr row_source_of(const std::vector<ExprPtr>& operands);
// What decides the partitions of an operation that makes each from those of the same number.
ExprPtr partition_source_of(const std::vector<ExprPtr>& operands);

// The operand whose partitions an operation follows. Throws Error(value) naming both sides when partitions do not
// match.
const FrameMeta& matching_partitions(const std::vector<ExprPtr>& operands, std::string_view op);
BlockTask partition_task(const std::vector<ExprPtr>& operands, const KernelCall& call, std::int64_t block);
bool has_broadcast(const std::vector<ExprPtr>& operands);
std::vector<Table> empties(const std::vector<ExprPtr>& operands);

template <class Self>
BlockTask PartitionOp<Self>::block_task(std::int64_t block) const {
  return partition_task(this->operands(), kernel_call(), block);
}
template <class Self>
bool PartitionOp<Self>::is_blockwise() const {
  return !has_broadcast(this->operands());
}
template <class Self>
MetaPtr PartitionOp<Self>::infer_meta() const {
  const auto operands = this->operands();
  require_native(empties(operands));
  const FrameMeta& like = matching_partitions(operands, Self::op_name);
  if (keeps_rows()) row_source_ = row_source_of(operands);
  partition_source_ = partition_source_of(operands);
  return partition_meta(like, infer(kernel_call(), empties(operands)));
}

}  // namespace plait
