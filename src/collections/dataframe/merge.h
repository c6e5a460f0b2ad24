// Joins and sorts: operations that bring rows of different partitions together.
#pragma once

#include "collections/dataframe/frame_op.h"
#include "kernels/table/join.h"
#include "kernels/table/sort.h"

namespace plait {

// How a merge runs, from the sides' sizes and partitions; explain() shows it.
enum class MergeStrategy : std::uint8_t { one_partition, broadcast_right, broadcast_left, shuffle };

// pd.merge. A small side is sent to every partition of the other; two large sides are shuffled by their keys.
struct Merge final : Op<Merge>, FrameOp {
  ExprPtr left;
  ExprPtr right;
  JoinParams params;
  static constexpr auto op_name = "merge";
  static constexpr auto fields = std::tuple{&Merge::left, &Merge::right, &Merge::params};

  std::string describe() const override;
  ExprPtr lower() const override;
  Wanted needs(std::size_t operand, const Wanted& wanted) const override;
  bool moves_rows() const override { return true; }
  MetaPtr infer_meta() const override;

 private:
  MergeStrategy strategy() const;
  std::int64_t npartitions() const;

  // Found when the node is made: the memory budget by which they are chosen may be another one when it is lowered.
  mutable MergeStrategy strategy_ = MergeStrategy::shuffle;
  mutable std::int64_t npartitions_ = 1;
};

// A frame of one partition as the right side of a join, ready to be looked up: its block is a JoinTable, made once for
// all partitions of the left side.
struct BuildJoin final : Op<BuildJoin>, FrameOp {
  ExprPtr frame;
  JoinParams params;
  static constexpr auto op_name = "build_join";
  static constexpr auto fields = std::tuple{&BuildJoin::frame, &BuildJoin::params};

  std::string describe() const override;
  BlockTask block_task(std::int64_t block) const override;
  MetaPtr infer_meta() const override { return frame->meta_ptr(); }
};

// Rows sorted over all partitions: partition i holds values that come before those of partition i + 1.
struct SortValues final : Op<SortValues>, FrameOp {
  ExprPtr frame;
  SortParams params;
  static constexpr auto op_name = "sort_values";
  static constexpr auto fields = std::tuple{&SortValues::frame, &SortValues::params};

  std::string describe() const override;
  ExprPtr lower() const override;
  Wanted needs(std::size_t operand, const Wanted& wanted) const override;
  bool moves_rows() const override { return true; }
  MetaPtr infer_meta() const override;

 private:
  std::int64_t npartitions() const;

  mutable std::int64_t npartitions_ = 1;  // found when the node is made, too
};

}  // namespace plait
