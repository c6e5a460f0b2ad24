// Operations that make each partition from the partition of the same number: columns, filters, and every other function
// of the table kernels as a PartitionCall.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "collections/dataframe/frame_op.h"

namespace plait {

// df[["a", "b"]], or the series df["a"].
struct SelectColumns final : PartitionOp<SelectColumns> {
  ExprPtr frame;
  std::vector<std::string> columns;
  bool as_series = false;
  static constexpr auto op_name = "getitem";
  static constexpr auto type_name = "select_columns";
  static constexpr auto fields = std::tuple{&SelectColumns::frame, &SelectColumns::columns, &SelectColumns::as_series};

  KernelCall kernel_call() const override;
  std::string describe() const override;
  ExprPtr simplify() const override;
  Wanted needs(std::size_t operand, const Wanted& wanted) const override;
  ExprPtr narrowed(const Wanted& wanted) const override;
  bool is_rowwise() const override { return true; }
  bool keeps_rows() const override { return true; }
};

// df.rename(columns={...}).
struct Rename final : PartitionOp<Rename> {
  ExprPtr frame;
  std::map<std::string, std::string> names;
  static constexpr auto op_name = "rename";
  static constexpr auto fields = std::tuple{&Rename::frame, &Rename::names};

  KernelCall kernel_call() const override;
  Wanted needs(std::size_t operand, const Wanted& wanted) const override;
  bool is_rowwise() const override { return true; }
  bool keeps_rows() const override { return true; }
};

// df.assign(name=series or constant, ...). `values` has one item for each name whose literal is empty.
struct Assign final : PartitionOp<Assign> {
  ExprPtr frame;
  std::vector<std::string> names;
  std::vector<std::optional<Literal>> literals;
  std::vector<ExprPtr> values;
  static constexpr auto op_name = "assign";
  static constexpr auto fields = std::tuple{&Assign::frame, &Assign::names, &Assign::literals, &Assign::values};

  KernelCall kernel_call() const override;
  std::string describe() const override;
  Wanted needs(std::size_t operand, const Wanted& wanted) const override;
  ExprPtr narrowed(const Wanted& wanted) const override;
  bool is_rowwise() const override { return true; }
  bool keeps_rows() const override { return true; }
};

// df[mask].
struct Filter final : PartitionOp<Filter> {
  ExprPtr frame;
  ExprPtr condition;
  bool keep_index = true;
  static constexpr auto op_name = "filter";
  static constexpr auto fields = std::tuple{&Filter::frame, &Filter::condition, &Filter::keep_index};

  KernelCall kernel_call() const override;
  Wanted needs(std::size_t operand, const Wanted& wanted) const override;
  ExprPtr narrowed(const Wanted& wanted) const override;
  bool moves_rows() const override { return true; }
  bool is_rowwise() const override { return true; }
};

// What a PartitionCall's kernel does with rows and columns.
struct CallTraits {
  bool rowwise = false;      // runs on batches as well
  bool by_column = false;    // column c of the result needs only column c of the operands
  bool makes_index = false;  // the labels of the result do not come from the operands'
  bool keeps_divisions = true;
  bool keeps_rows = false;    // the same rows in the same order, with the same labels
  bool reads_index = false;   // also where nobody wants the labels of the result
  bool numbers_rows = false;  // from 0, in each partition
  static constexpr auto fields = std::tuple{
      &CallTraits::rowwise,    &CallTraits::by_column,   &CallTraits::makes_index, &CallTraits::keeps_divisions,
      &CallTraits::keeps_rows, &CallTraits::reads_index, &CallTraits::numbers_rows};
};
inline constexpr CallTraits kElementwise{.rowwise = true, .by_column = true, .keeps_rows = true};

// Any table kernel on each partition; `label` is what people call it: "add", "str.lower".
struct PartitionCall final : PartitionOp<PartitionCall> {
  std::vector<ExprPtr> inputs;
  KernelCall kernel;
  std::string label;
  std::string text;  // of the parameters, for explain()
  CallTraits traits;
  static constexpr auto op_name = "partition_call";
  static constexpr auto fields = std::tuple{&PartitionCall::inputs, &PartitionCall::kernel, &PartitionCall::label,
                                            &PartitionCall::text, &PartitionCall::traits};

  std::string_view op() const override { return label; }
  KernelCall kernel_call() const override { return kernel; }
  std::string describe() const override { return text; }
  Wanted needs(std::size_t operand, const Wanted& wanted) const override;
  bool is_rowwise() const override { return traits.rowwise; }
  bool numbers_rows() const override { return traits.numbers_rows; }
  bool keeps_rows() const override { return traits.keeps_rows; }

 protected:
  MetaPtr partition_meta(const FrameMeta& like, Table empty) const override;
};

ExprPtr select_columns(ExprPtr frame, std::vector<std::string> columns);
ExprPtr select_column(ExprPtr frame, std::string column);
// Elementwise call of a table kernel on operands with the same rows (align.h).
ExprPtr elementwise_call(std::vector<ExprPtr> inputs, KernelCall kernel, std::string label, std::string text = "");

}  // namespace plait
