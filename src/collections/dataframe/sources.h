// Frames made of tables in memory.
#pragma once

#include <vector>

#include "collections/dataframe/frame_op.h"
#include "plait/row_cuts.h"

namespace plait {

struct FromTables final : Op<FromTables>, FrameOp {
  std::vector<Value> partitions;  // tables, or Python objects of the same schema
  Table schema;                   // no rows
  Divisions divisions;
  static constexpr auto op_name = "from_pandas";
  static constexpr auto fields = std::tuple{&FromTables::partitions, &FromTables::schema, &FromTables::divisions};

  BlockTask block_task(std::int64_t block) const override;
  std::string describe() const override;
  bool is_cheap() const override { return true; }
  MetaPtr infer_meta() const override;
};

ExprPtr from_table_expr(const Table& table, const CutOptions& how);

// Some partitions of a frame, in the given order.
struct Partitions final : Op<Partitions>, FrameOp {
  ExprPtr frame;
  std::vector<std::int64_t> numbers;
  static constexpr auto op_name = "partitions";
  static constexpr auto fields = std::tuple{&Partitions::frame, &Partitions::numbers};

  BlockTask block_task(std::int64_t block) const override;
  std::string describe() const override;
  Wanted needs(std::size_t, const Wanted& wanted) const override { return wanted; }
  MetaPtr infer_meta() const override;
};

// The first n rows (last, for a negative sign of `from_start`) of the first (last) partitions, as one partition.
ExprPtr head_expr(ExprPtr frame, std::int64_t n, std::int64_t npartitions);
ExprPtr tail_expr(ExprPtr frame, std::int64_t n, std::int64_t npartitions);

// The columns that are no labels: those may count the rows in one frame and be stored in the next.
std::vector<Field> data_columns(const ExprPtr& frame);

// Frames one after the other. Columns are matched by name.
struct Concat final : Op<Concat>, FrameOp {
  std::vector<ExprPtr> frames;
  bool outer = true;
  bool keep_index = true;
  static constexpr auto op_name = "concat";
  static constexpr auto fields = std::tuple{&Concat::frames, &Concat::outer, &Concat::keep_index};

  BlockTask block_task(std::int64_t block) const override;
  // A chain of frames that are alike is one: its partitions are one step away, and not as many as the chain is long.
  ExprPtr lower() const override;
  Wanted needs(std::size_t operand, const Wanted& wanted) const override;
  ExprPtr narrowed(const Wanted& wanted) const override;
  MetaPtr infer_meta() const override;

 private:
  mutable std::vector<std::int64_t> first_partitions_;  // of each frame
};

}  // namespace plait
