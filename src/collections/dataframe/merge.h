// Joins and sorts: operations that bring rows of different partitions together.
#pragma once

#include "collections/dataframe/partition_ops.h"
#include "kernels/table/join.h"
#include "kernels/table/sort.h"

namespace plait {

// How a merge runs, from the sides' sizes and partitions; explain() shows it.
enum class MergeStrategy : std::uint8_t { one_partition, by_divisions, broadcast_right, broadcast_left, shuffle };

// pd.merge. A small side is sent to every partition of the other; two large sides are shuffled by their keys. Frames
// that are joined by their labels are cut at the divisions of both, where these are known.
struct Merge final : Op<Merge>, FrameOp {
  ExprPtr left;
  ExprPtr right;
  JoinParams params;
  // Of the result, where it has been promised: what the optimizer learns of the sides' sizes does not change it. 0: as
  // they are known when the node is made.
  std::int64_t promised = 0;
  Divisions promised_divisions;  // none: as `promised`
  static constexpr auto op_name = "merge";
  static constexpr auto fields =
      std::tuple{&Merge::left, &Merge::right, &Merge::params, &Merge::promised, &Merge::promised_divisions};

  std::string describe() const override;
  ExprPtr lower() const override;
  Wanted needs(std::size_t operand, const Wanted& wanted) const override;
  bool moves_rows() const override { return true; }
  MetaPtr infer_meta() const override;
  MergeStrategy chosen_strategy() const { return strategy_; }

 private:
  MergeStrategy strategy() const;
  MergeStrategy promised_strategy() const;
  bool has_one_partition_each() const;
  Divisions divisions(MergeStrategy strategy) const;
  CallTraits looked_up() const;
  ExprPtr looked_up_side() const;
  ExprPtr lowered() const;
  // Of the result, done so.
  std::int64_t npartitions(MergeStrategy strategy) const;
  bool is_promised(MergeStrategy strategy) const { return promised == 0 || npartitions(strategy) == promised; }

  // Found when the node is made: the memory budget by which it is chosen may be another one when it is lowered.
  mutable MergeStrategy strategy_ = MergeStrategy::shuffle;
};

// The merge of two frames, whose partitions and divisions are from now on what they are.
ExprPtr merge_expr(ExprPtr left, ExprPtr right, JoinParams params);

// A frame of one partition as the right side of a join, ready to be looked up: its block is a JoinTable, made once for
// all partitions of the left side.
struct BuildJoin final : Op<BuildJoin>, FrameOp {
  ExprPtr frame;
  JoinParams params;
  static constexpr auto op_name = "build_join";
  static constexpr auto fields = std::tuple{&BuildJoin::frame, &BuildJoin::params};

  std::string describe() const override;
  BlockTask block_task(std::int64_t block) const override;
  bool is_blockwise() const override { return true; }
  MetaPtr infer_meta() const override { return frame->meta_ptr(); }
};

// Rows sorted over all partitions: partition i holds values that come before those of partition i + 1.
struct SortValues final : Op<SortValues>, FrameOp {
  ExprPtr frame;
  SortParams params;
  std::int64_t promised = 0;  // as Merge's
  static constexpr auto op_name = "sort_values";
  static constexpr auto fields = std::tuple{&SortValues::frame, &SortValues::params, &SortValues::promised};

  std::string describe() const override;
  ExprPtr lower() const override;
  Wanted needs(std::size_t operand, const Wanted& wanted) const override;
  bool moves_rows() const override { return true; }
  MetaPtr infer_meta() const override;

 private:
  std::int64_t npartitions() const;
};
// The frame in order, whose number of partitions is from now on what it is: as many as suit its size, `at_least` so
// many.
ExprPtr sort_expr(ExprPtr frame, SortParams params, std::int64_t at_least = 1);

}  // namespace plait
