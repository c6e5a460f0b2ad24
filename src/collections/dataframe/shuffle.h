// Rows moved between partitions, so that equal keys meet or values are sorted: every partition is split into parts, and
// partition j of the result collects part j of each. Every part is a value by itself, which a run may spill and let go
// of: a partition of the result needs no more memory than its own parts.
#pragma once

#include <string>
#include <vector>

#include "collections/dataframe/frame_op.h"

namespace plait {

// A partition cut into `n` tables (a Sequence) by a kernel. Operands after the first serve every partition.
struct Split final : Op<Split>, FrameOp {
  ExprPtr frame;
  std::vector<ExprPtr> extra;
  KernelCall kernel;
  std::string label;
  std::int64_t n = 1;
  static constexpr auto op_name = "split";
  static constexpr auto fields = std::tuple{&Split::frame, &Split::extra, &Split::kernel, &Split::label, &Split::n};

  std::string_view op() const override { return label; }
  BlockTask block_task(std::int64_t block) const override;
  bool is_blockwise() const override;
  MetaPtr infer_meta() const override;
};

// Block (i, j): part j of split i.
struct Parts final : Op<Parts>, FrameOp {
  ExprPtr splits;
  static constexpr auto op_name = "parts";
  static constexpr auto fields = std::tuple{&Parts::splits};

  BlockTask block_task(std::int64_t block) const override;
  MetaPtr infer_meta() const override;
};

// Split j: a call on the parts j of all splits, which gives `n` tables.
struct SplitParts final : Op<SplitParts>, FrameOp {
  ExprPtr parts;
  KernelCall kernel;
  std::string label;
  std::int64_t n = 1;
  static constexpr auto op_name = "split_parts";
  static constexpr auto fields =
      std::tuple{&SplitParts::parts, &SplitParts::kernel, &SplitParts::label, &SplitParts::n};

  std::string_view op() const override { return label; }
  BlockTask block_task(std::int64_t block) const override;
  MetaPtr infer_meta() const override;
};

// Partition j: a call on the parts j of all splits.
struct CombineParts final : Op<CombineParts>, FrameOp {
  ExprPtr parts;
  KernelCall kernel;
  Table schema;
  std::string label;
  Divisions divisions = {};
  static constexpr auto op_name = "combine_parts";
  static constexpr auto fields = std::tuple{&CombineParts::parts, &CombineParts::kernel, &CombineParts::schema,
                                            &CombineParts::label, &CombineParts::divisions};

  std::string_view op() const override { return label; }
  std::string describe() const override { return ""; }
  BlockTask block_task(std::int64_t block) const override;
  MetaPtr infer_meta() const override;
};

// Partition j: part j of every split.
struct Collect final : Op<Collect>, FrameOp {
  ExprPtr parts;
  Table schema;
  static constexpr auto op_name = "collect";
  static constexpr auto fields = std::tuple{&Collect::parts, &Collect::schema};

  BlockTask block_task(std::int64_t block) const override;
  MetaPtr infer_meta() const override;
};

// Equal keys are in one partition; which one depends on the keys and `npartitions` only. Labels that are a range need
// not be kept where nobody looks at them.
ExprPtr hash_shuffle(ExprPtr frame, std::vector<std::string> keys, std::int64_t npartitions, bool keeps_range = true);
// Partition j holds the values between two divisions; `divisions` is a frame of one partition.
ExprPtr range_shuffle(ExprPtr frame, ExprPtr divisions, std::string by, bool ascending, bool na_first,
                      std::int64_t npartitions);

}  // namespace plait
